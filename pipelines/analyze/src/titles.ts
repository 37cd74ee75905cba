import { mechanisms } from '@why502/mechanisms';
import type { MechanismId } from '@why502/model';

/** What each mechanism does, as a sentence without a full stop. */
export const titles: ReadonlyMap<MechanismId, string> = new Map(
  mechanisms.map(({ id, title }) => [id, title]),
);

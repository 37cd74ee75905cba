import { type Figures, figures } from './figures.ts';
import type { LeftOut } from './left-out.ts';
import type { Condition, Replay } from './replay.ts';

/** One condition, its replays and its figures. */
export interface Column<C extends Condition = Condition> {
  readonly condition: C;
  readonly replays: readonly Replay<C>[];
  readonly figures: Figures;
}

export function columns<C extends Condition>(
  conditions: readonly C[],
  replays: readonly Replay<C>[],
  calibrations: LeftOut,
): readonly Column<C>[] {
  return conditions.map((condition) => {
    const under = replays.filter((one) => one.condition === condition);
    return { condition, replays: under, figures: figures(under, calibrations) };
  });
}

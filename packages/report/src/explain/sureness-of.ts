import type { Verdict } from '@why502/model';
import { sureness } from '../terminal/wording.ts';

/** How much surer a cause must be than its mechanism to be told apart. */
const worthTelling = 0.05;

/** Where the cause is surer than the mechanism, both: mechanisms of one cause share what they say together. */
export function surenessOf({ confidence, mechanismConfidence, cause }: Verdict): string {
  if (confidence - mechanismConfidence < worthTelling) return `${sureness(confidence)} sure`;
  return `${sureness(confidence)} sure that it is ${cause}, ${sureness(mechanismConfidence)} that it is this`;
}

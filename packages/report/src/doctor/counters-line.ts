import { type Counters, conservations } from '@why502/model';
import { jsonLine } from '../json/json-lines.ts';
import { orNull } from '../json/spelling.ts';

/** What a tail has counted as a line of JSON, with a line break at the end. */
export function countersLine(counters: Counters): string {
  const sums = conservations(counters);
  const object = {
    kind: 'counters',
    folder: counters.folder,
    balanced: sums.every(({ missing }) => missing === 0),
    sums: sums.map(({ of, sum, parts, missing }) => ({ of, sum, parts, missing })),
    possible_gaps: orNull(counters.gaps),
  };
  return `${jsonLine(object)}\n`;
}

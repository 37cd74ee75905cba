import { walk, walkMargin } from '../steps.ts';
import { isSpaceless } from './fields.ts';
import type { Layout } from './log-format.ts';
import { createPlacer } from './placement.ts';

/** How much of a line a format describes. `part`: text follows behind its end, or a field is missing there. */
export type Fit = 'none' | 'part' | 'whole';

const space = 0x20;

/** @param needed how many of the fields every line must have */
export function fitOf(layout: Layout, needed: number): (line: Buffer) => Fit {
  const { steps, keys, variables } = layout;
  const placer = createPlacer(layout, needed);
  const spans = new Int32Array(2 * steps.count + 2);
  const endsInNumber = isSpaceless(variables.at(-1) ?? '');

  function isWhole(line: Buffer, roomy: Buffer): boolean {
    let to = line.length;
    while (to > 0 && line[to - 1] === space) to--;
    const view = new DataView(roomy.buffer);
    if (walk(view, 0, line.length, steps, 0, steps.count, spans) !== steps.count) return false;
    const lastFrom = spans[2 * steps.count - 2]!;
    const lastTo = Math.min(spans[2 * steps.count - 1]!, to);
    if (endsInNumber && roomy.subarray(lastFrom, lastTo).includes(space)) return false;
    return spans[2 * steps.count]! >= to;
  }

  return (line) => {
    const roomy = Buffer.alloc(line.length + walkMargin);
    line.copy(roomy);
    if (placer.place(roomy, 0, line.length) !== undefined) return 'none';
    return keys !== undefined || isWhole(line, roomy) ? 'whole' : 'part';
  };
}

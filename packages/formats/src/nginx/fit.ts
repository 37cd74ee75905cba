import { isSpaceless } from './fields.ts';
import type { Layout } from './log-format.ts';
import { createPlacer } from './placement.ts';

/** How much of a line a format describes. `part`: text follows behind its end, or a field is missing there. */
export type Fit = 'none' | 'part' | 'whole';

export type Fitting = (bytes: Buffer, from: number, to: number) => Fit;

const space = 0x20;

/** @param needed how many of the fields every line must have */
export function fitOf(layout: Layout, needed: number): Fitting {
  const { steps, keys, variables } = layout;
  const { line, place, placeRest } = createPlacer(layout, needed);
  const { spans } = line;
  const last = variables.at(-1) ?? '';
  // What ends the line would take all that follows.
  const endsInWord = isSpaceless(last) || last === 'req_id';

  return (bytes, from, to) => {
    if (place(bytes, from, to) !== undefined) return 'none';
    if (keys !== undefined) return 'whole';
    placeRest();
    const lastFrom = spans[2 * steps.count - 2]!;
    if (lastFrom < 0) return 'part';
    const start = spans[0]! - steps.lead.length;
    let end = start + to - from;
    while (line.bytes[end - 1] === space) end--;
    const lastTo = Math.min(spans[2 * steps.count - 1]!, end);
    if (endsInWord) for (let at = lastFrom; at < lastTo; at++) if (line.bytes[at] === space) return 'part';
    return spans[2 * steps.count]! >= end ? 'whole' : 'part';
  };
}

import {
  holdsNoSpace,
  mayHoldSeparators,
  type Steps,
  stepByte,
  stepHead,
  stepLength,
  stepMask,
  stepSize,
  stepWays,
  stepWidth,
} from './steps.ts';
import type { Words } from './words.ts';

const comma = 0x2c;
const colon = 0x3a;
const space = 0x20;

/** Bytes that must be readable behind a line, since `walk` reads four at a time. */
export const walkMargin = 4;

/**
 * Places the fields [first, end) of the line `bytes[from, to)`: field k lies in [spans[2k], spans[2k + 1]). A field
 * ends at the first place where its whole literal stands. `words` is moved over the bytes, whose memory must reach
 * `walkMargin` bytes behind the line. To go on, call again with `first` as the former `end`.
 * @returns `end`, or the index of the field whose end was not found
 */
export function walk(
  bytes: Uint8Array,
  from: number,
  to: number,
  steps: Steps,
  first: number,
  end: number,
  spans: Int32Array,
  words: Words,
): number {
  const { table } = steps;
  let at = first === 0 ? afterLead(bytes, from, to, steps.lead) : spans[2 * first]!;
  if (at < 0) return 0;
  words.over(bytes);
  const { view, base } = words;
  for (let field = first, step = first * stepSize; field < end; field++, step += stepSize) {
    spans[2 * field] = at;
    const byte = table[step + stepByte]!;
    const length = table[step + stepLength]!;
    const ways = table[step + stepWays]!;
    if (length === 0) {
      spans[2 * field + 1] = to;
      at = to;
      continue;
    }
    at += table[step + stepWidth]!;
    for (;;) {
      for (; at < to; at += 4) {
        // The lowest bit that this leaves is in the lowest byte that is the one sought.
        const differing = view.getInt32(base + at, true) ^ byte;
        const found = (differing - 0x01010101) & ~differing & 0x80808080;
        if (found === 0) continue;
        at += (31 - Math.clz32(found & -found)) >> 3;
        break;
      }
      if (at + length > to) return field;
      const isHead = (view.getInt32(base + at, true) & table[step + stepMask]!) === table[step + stepHead];
      if (
        isHead &&
        (length <= 4 || hasRest(view, base + at, length, steps, field)) &&
        !((ways & mayHoldSeparators) !== 0 && isSeparator(bytes, at))
      ) {
        break;
      }
      if ((ways & holdsNoSpace) !== 0) return field;
      at++;
    }
    spans[2 * field + 1] = at;
    at += length;
  }
  spans[2 * end] = at;
  return end;
}

/** Whether the literal of the field, of which the first four bytes were found, stands at `at` of the view. */
function hasRest(view: DataView, at: number, length: number, steps: Steps, field: number): boolean {
  const { literalView } = steps;
  const literal = steps.literalFrom[field]!;
  const last = length - 4;
  for (let i = 4; i < last; i += 4) {
    if (view.getInt32(at + i, true) !== literalView.getInt32(literal + i, true)) return false;
  }
  return view.getInt32(at + last, true) === literalView.getInt32(literal + last, true);
}

/** Where the first field begins, -1 where the line does not begin with the literal. */
export function afterLead(bytes: Uint8Array, from: number, to: number, lead: Uint8Array): number {
  if (from + lead.length > to) return -1;
  for (let i = 0; i < lead.length; i++) if (bytes[from + i] !== lead[i]) return -1;
  return from + lead.length;
}

/** Whether the space at `at` belongs to ", " or " : " of a list over attempts. */
function isSeparator(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== space) return false;
  const before = bytes[at - 1];
  if (before === comma) return true;
  if (before === colon && bytes[at - 2] === space) return true;
  return bytes[at + 1] === colon && bytes[at + 2] === space;
}

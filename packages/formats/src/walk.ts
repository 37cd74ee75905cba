import {
  holdsNoSpace,
  mayHoldSeparators,
  type Steps,
  searchNatively,
  stepByte,
  stepHead,
  stepLength,
  stepSize,
  stepTail,
  stepWays,
  stepWidth,
} from './steps.ts';
import type { Words } from './words.ts';

const comma = 0x2c;
const colon = 0x3a;
const space = 0x20;

/**
 * Places the fields [first, end) of the line `bytes[from, to)`: field k lies in [spans[2k], spans[2k + 1]). A field
 * ends at the first place where its whole literal stands. `words` is moved over the bytes. To go on, call again with
 * `first` as the former `end`.
 * @returns `end`, or the index of the field whose end was not found
 */
export function walk(
  bytes: Buffer,
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
    if (length === 0) {
      spans[2 * field + 1] = to;
      at = to;
      continue;
    }
    const ways = table[step + stepWays]!;
    at += table[step + stepWidth]!;
    for (;;) {
      if ((ways & searchNatively) !== 0) {
        at = bytes.indexOf(byte, at);
        if (at < 0) return field;
      } else {
        while (at < to && bytes[at] !== byte) at++;
      }
      if (at + length > to) return field;
      const isEnd =
        length < 4
          ? startsWith(bytes, at, steps.literals, steps.literalFrom[field]!, length)
          : view.getInt32(base + at) === table[step + stepHead] &&
            view.getInt32(base + at + length - 4) === table[step + stepTail] &&
            (length <= 8 || startsWith(bytes, at, steps.literals, steps.literalFrom[field]!, length));
      if (isEnd && !((ways & mayHoldSeparators) !== 0 && isSeparator(bytes, at))) break;
      if ((ways & holdsNoSpace) !== 0) return field;
      at++;
    }
    spans[2 * field + 1] = at;
    at += length;
  }
  spans[2 * end] = at;
  return end;
}

function startsWith(
  bytes: Uint8Array,
  at: number,
  literals: Uint8Array,
  literal: number,
  length: number,
): boolean {
  for (let i = 0; i < length; i++) if (bytes[at + i] !== literals[literal + i]) return false;
  return true;
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

import type { Steps } from './steps.ts';

const comma = 0x2c;
const colon = 0x3a;
const space = 0x20;

/**
 * Places the fields [first, end) of the line `bytes[from, to)`: field k lies in [spans[2k], spans[2k + 1]). A field
 * ends at the first place where its whole literal stands. To go on, call again with `first` as the former `end`.
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
): number {
  const { literals, literalFrom, width, long, list } = steps;
  let at = first === 0 ? afterLead(bytes, from, to, steps.lead) : spans[2 * first]!;
  if (at < 0) return 0;
  for (let field = first; field < end; field++) {
    spans[2 * field] = at;
    const literal = literalFrom[field]!;
    const length = literalFrom[field + 1]! - literal;
    if (length === 0) {
      spans[2 * field + 1] = to;
      at = to;
      continue;
    }
    const byte = literals[literal]!;
    const native = long[field] === 1;
    const separated = list[field] === 1;
    at += width[field]!;
    for (;;) {
      if (native) {
        at = bytes.indexOf(byte, at);
        if (at < 0) return field;
      } else {
        while (at < to && bytes[at] !== byte) at++;
      }
      if (at + length > to) return field;
      let same = 1;
      while (same < length && bytes[at + same] === literals[literal + same]) same++;
      if (same === length && !(separated && isSeparator(bytes, at))) break;
      at++;
    }
    spans[2 * field + 1] = at;
    at += length;
  }
  spans[2 * end] = at;
  return end;
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

import { colon, comma, dash, space } from './bytes';
import { millisIn } from './numbers';
import { writeName, writeNoName } from './rows';
import { isSame, loadedAtOnce, placeOf } from './search';

/** Fields that a layout may have. */
export const mostFields: i32 = 128;
/** Bytes for the literals of a layout. */
export const literalRoom: i32 = 8_192;

// What the caller writes: the steps of the layout. The addresses are constants of the compiled program.

/** As in steps.ts: six numbers per field. */
export const table: usize = memory.data(mostFields * 24);
export const literals: usize = memory.data(literalRoom);
/** Where the literal of each field begins among them. */
export const literalFrom: usize = memory.data((mostFields + 1) * 4);
/** The text in front of the first field. */
export const lead: usize = memory.data(literalRoom);

/** Where each field of the current line begins and ends. */
const spans: usize = memory.data((mostFields + 1) * 8);

/** Where the last walk ended. */
export let walkedTo: usize = 0;

/** As `walk` of steps.ts, from the lead to the field in front of `fields`. */
export function walk(from: usize, to: usize, leadLength: i32, fields: i32): bool {
  let at = from + leadLength;
  if (at > to || !isSame(from, lead, leadLength)) return false;
  let step = table;
  let span = spans;
  for (let field = 0; field < fields; field++) {
    const start = at;
    const length = load<i32>(step, 4);
    if (length === 0) at = to;
    else {
      const ways = load<i32>(step, 12);
      const needle = i32x4.splat(load<i32>(step));
      at += load<i32>(step, 8);
      for (;;) {
        // Most fields are short, and a call would cost as much as looking at them.
        const found = i8x16.bitmask(i8x16.eq(v128.load(at), needle));
        at = found !== 0 ? at + ctz(found) : placeOf(at + loadedAtOnce, to, needle);
        if (at + length > to) return false;
        if (isLiteral(at, length, step, field)) {
          if ((ways & 1) === 0 || !isSeparator(at, start)) break;
        } else if ((ways & 2) !== 0) return false;
        at++;
      }
    }
    store<i32>(span, i32(start));
    store<i32>(span, i32(at), 4);
    at += length;
    step += 24;
    span += 8;
  }
  walkedTo = at;
  return true;
}

function isLiteral(at: usize, length: i32, step: usize, field: i32): bool {
  if (((load<i32>(at) ^ load<i32>(step, 16)) & load<i32>(step, 20)) !== 0) return false;
  return length <= 4 || isSame(at, literals + load<i32>(literalFrom + (field << 2)), length);
}

/** Whether the space at `at` belongs to ", " or " : " of a list over attempts that begins at `from`. */
function isSeparator(at: usize, from: usize): bool {
  if (load<u8>(at) !== space) return false;
  const before = at > from ? load<u8>(at - 1) : space;
  if (before === comma) return true;
  if (before === colon && at - 1 > from && load<u8>(at - 2) === space) return true;
  return load<u8>(at, 1) === colon && load<u8>(at, 2) === space;
}

export function fromOf(field: i32): usize {
  return load<u32>(spans + (field << 3));
}

export function toOf(field: i32): usize {
  return load<u32>(spans + (field << 3), 4);
}

/** Whether the field has a value: not absent, not empty, not `-`. */
export function hasValue(field: i32): bool {
  if (field < 0) return false;
  const from = fromOf(field);
  const length = toOf(field) - from;
  return length > 1 || (length === 1 && load<u8>(from) !== dash);
}

/** Writes the name that the field holds, or that there is none. */
export function readName(field: i32, names: usize, row: i32): void {
  if (hasValue(field)) writeName(names, row, fromOf(field), toOf(field));
  else writeNoName(names, row);
}

/** The time that the field holds in seconds, as ms; see `millisIn`. */
export function millisOf(field: i32): i32 {
  return millisIn(fromOf(field), toOf(field));
}

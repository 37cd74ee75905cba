import { carriageReturn, lineBreak } from './bytes';
import { hashOf, loadedAtOnce, placeOf } from './search';

/** Rows that a call fills at most. */
export const mostRows: i32 = 1024;
/** Bytes that `text` holds. */
export const textRoom: i32 = 262_144;
/** Bytes of the longest route class: four segments of sixteen bytes with their slashes. */
export const classRoom: i32 = 68;

/** The lines, which the caller writes. */
export const text: usize = memory.data(textRoom + loadedAtOnce);

// What the caller reads, a place per row.

/** Where the line begins and ends in `text`. */
export const lineFrom: usize = memory.data(mostRows * 4);
export const lineTo: usize = memory.data(mostRows * 4);
/** Ms since the epoch. */
export const at: usize = memory.data(mostRows * 8);
export const status: usize = memory.data(mostRows * 2);
export const duration: usize = memory.data(mostRows * 4);
export const connect: usize = memory.data(mostRows * 4);
/** A hash of the id that the hop gave the request, 0 without one. */
export const identity: usize = memory.data(mostRows * 4);
/** 1 where an attempt failed that the status does not tell of. */
export const hasFailed: usize = memory.data(mostRows);
/** Three numbers per name: where it begins in memory, its length, 0 without one, and its hash. */
export const hosts: usize = memory.data(mostRows * 12);
export const services: usize = memory.data(mostRows * 12);
export const peers: usize = memory.data(mostRows * 12);
export const places: usize = memory.data(mostRows * 12);
export const routes: usize = memory.data(mostRows * 12);

/** The classes of routes, `classRoom` bytes per row. */
export const classes: usize = memory.data(mostRows * classRoom);

/** Where in `text` the last call came to. */
export let read: i32 = 0;

/**
 * Reads up to `most` lines of `text[start, stop)`; how many there were. What it does not read begins at `read`.
 * @param readLine fills the row of the line in [from, to); false for a line that is not ordinary
 */
export function scanRows(
  start: i32,
  stop: i32,
  most: i32,
  readLine: (from: usize, to: usize, row: i32) => bool,
): i32 {
  const end = text + stop;
  let from = text + start;
  let row: i32 = 0;
  while (row < most) {
    const next = placeOf(from, end, i8x16.splat(lineBreak));
    if (next >= end) break;
    const to = next > from && load<u8>(next - 1) === carriageReturn ? next - 1 : next;
    // A log that was truncated under its writer begins with NULs.
    if (load<u8>(from) === 0 || !readLine(from, to, row)) break;
    store<i32>(lineFrom + (row << 2), i32(from - text));
    store<i32>(lineTo + (row << 2), i32(to - text));
    from = next + 1;
    row++;
  }
  read = i32(from - text);
  return row;
}

export function writeName(names: usize, row: i32, from: usize, to: usize): void {
  const place = names + row * 12;
  const length = i32(to - from);
  store<i32>(place, i32(from));
  store<i32>(place, length, 4);
  store<i32>(place, length === 0 ? 0 : hashOf(from, length), 8);
}

export function writeNoName(names: usize, row: i32): void {
  writeName(names, row, 0, 0);
}

const monthStarts = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** The three letters of a month as one number, to its index. */
const monthOf = new Map(monthStarts.map((name, index) => [letters(...asciiOf(name)), index]));

/** Bytes of `28/Sep/1970:12:00:00 +0600`. */
export const timeLocalWidth = 26;

/** A time as written: ms since the epoch and the offset from UTC that it states. */
export interface WrittenTime {
  readonly at: number;
  /** undefined for a time that needs no zone. */
  readonly zoneOffsetMin: number | undefined;
}

/** nginx `$time_local`, such as `28/Sep/1970:12:00:00 +0600`; undefined for anything else. */
export function timeLocal(bytes: Uint8Array, from: number, to: number): WrittenTime | undefined {
  if (to - from !== timeLocalWidth) return undefined;
  const month = monthOf.get(letters(bytes[from + 3]!, bytes[from + 4]!, bytes[from + 5]!));
  const zone = zoneOffset(bytes, from + 21, to);
  if (month === undefined || zone === undefined || bytes[from + 2] !== 0x2f || bytes[from + 11] !== 0x3a) {
    return undefined;
  }
  const local = utc(digits(bytes, from + 7, 4), month, digits(bytes, from, 2), bytes, from + 12);
  return local === undefined ? undefined : { at: local - zone * 60_000, zoneOffsetMin: zone };
}

/**
 * `1970-09-28T12:00:00+06:00` as nginx writes `$time_iso8601`, also with a space for the `T`, a fraction, `Z`, and
 * without a zone, which then counts as UTC. Undefined for anything else.
 */
export function timeIso(bytes: Uint8Array, from: number, to: number): WrittenTime | undefined {
  if (to - from < 19 || bytes[from + 4] !== bytes[from + 7]) return undefined;
  if (bytes[from + 10] !== 0x54 && bytes[from + 10] !== 0x20) return undefined;
  const month = digits(bytes, from + 5, 2) - 1;
  const local = utc(digits(bytes, from, 4), month, digits(bytes, from + 8, 2), bytes, from + 11);
  if (local === undefined) return undefined;
  let at = from + 19;
  let fraction = 0;
  if (bytes[at] === 0x2e && at < to) {
    at++;
    // No double holds more of a time of today than its microseconds, and what is rounded may be the next second.
    for (let scale = 100; at < to && isDigit(bytes[at]); at++, scale /= 10) {
      if (scale > 0.0005) fraction += (bytes[at]! - 0x30) * scale;
    }
  }
  const zone = zoneOffset(bytes, at, to);
  return zone === undefined ? undefined : { at: local + fraction - zone * 60_000, zoneOffsetMin: zone };
}

/** Seconds since the epoch with a fraction, as nginx writes `$msec`, or whole milliseconds. NaN for anything else. */
export function timeEpoch(bytes: Uint8Array, from: number, to: number): number {
  const ms = secondsToMs(bytes, from, to);
  // Thirteen digits cannot be seconds of a log of ours: they are milliseconds.
  return ms < 0 ? Number.NaN : ms >= 1e15 ? ms / 1000 : ms;
}

/** `2026/11/23 06:58:59` of an nginx error log, read as UTC. NaN for anything else. */
export function timeErrorLog(bytes: Uint8Array, from: number, to: number): number {
  if (to - from < 19 || bytes[from + 4] !== 0x2f || bytes[from + 7] !== 0x2f || bytes[from + 10] !== 0x20) {
    return Number.NaN;
  }
  const month = digits(bytes, from + 5, 2) - 1;
  return utc(digits(bytes, from, 4), month, digits(bytes, from + 8, 2), bytes, from + 11) ?? Number.NaN;
}

/** `0.123` or `12` seconds to ms; -1 where the bytes are no such number (nginx: `-`). */
export function secondsToMs(bytes: Uint8Array, from: number, to: number): number {
  const point = to - 4;
  // nginx writes three decimals; in whole numbers this costs a third of what divisions would.
  if (point > from && point - from < 6 && bytes[point] === 0x2e) {
    let ms = 0;
    for (let at = from; at < to; at++) {
      if (at === point) continue;
      const digit = bytes[at]! - 0x30;
      if (digit < 0 || digit > 9) return -1;
      ms = (Math.imul(ms, 10) + digit) | 0;
    }
    return ms;
  }
  return decimalToMs(bytes, from, to);
}

function decimalToMs(bytes: Uint8Array, from: number, to: number): number {
  if (from >= to || to - from > 20) return -1;
  let value = 0;
  let at = from;
  for (; at < to && isDigit(bytes[at]); at++) value = value * 10 + bytes[at]! - 0x30;
  if (at === from) return -1;
  value *= 1000;
  if (at === to) return value;
  if (bytes[at] !== 0x2e) return -1;
  at++;
  for (let scale = 100; at < to; at++, scale /= 10) {
    if (!isDigit(bytes[at])) return -1;
    value += (bytes[at]! - 0x30) * scale;
  }
  return value;
}

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** `count` digits as a number; NaN where one is missing. */
function digits(bytes: Uint8Array, from: number, count: number): number {
  let value = 0;
  for (let i = from; i < from + count; i++) {
    if (!isDigit(bytes[i])) return Number.NaN;
    value = value * 10 + bytes[i]! - 0x30;
  }
  return value;
}

/** The moment of a calendar day and `HH:MM:SS` at `from`, as UTC. A leap second counts as the next one. */
function utc(year: number, month: number, day: number, bytes: Uint8Array, from: number): number | undefined {
  const hour = digits(bytes, from, 2);
  const minute = digits(bytes, from + 3, 2);
  const second = digits(bytes, from + 6, 2);
  if (bytes[from + 2] !== 0x3a || bytes[from + 5] !== 0x3a) return undefined;
  if (!(month >= 0 && month < 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 && second <= 60)) {
    return undefined;
  }
  const at = Date.UTC(year, month, day, hour, minute, second);
  return Number.isFinite(at) ? at : undefined;
}

/** `+0600`, ` +0600`, `+06:00`, `Z` or nothing, in minutes; undefined for anything else. */
function zoneOffset(bytes: Uint8Array, from: number, to: number): number | undefined {
  let at = from;
  if (bytes[at] === 0x20 && at < to) at++;
  if (at >= to) return 0;
  if (bytes[at] === 0x5a) return at + 1 === to ? 0 : undefined;
  const sign = bytes[at] === 0x2b ? 1 : bytes[at] === 0x2d ? -1 : 0;
  const minutesAt = bytes[at + 3] === 0x3a ? at + 4 : at + 3;
  if (sign === 0 || minutesAt + 2 !== to) return undefined;
  const minutes = digits(bytes, at + 1, 2) * 60 + digits(bytes, minutesAt, 2);
  return Number.isNaN(minutes) ? undefined : sign * minutes;
}

function letters(a: number, b: number, c: number): number {
  return (a << 16) | (b << 8) | c;
}

function asciiOf(month: string): [number, number, number] {
  return [month.charCodeAt(0), month.charCodeAt(1), month.charCodeAt(2)];
}

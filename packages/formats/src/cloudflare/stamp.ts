import { isDigit, timeIso } from '../time.ts';

/** Bytes of `2026-11-23T06:58:59`. */
const secondsWidth = 19;
const dash = 0x2d;
const colon = 0x3a;
const point = 0x2e;
const upperT = 0x54;
const upperZ = 0x5a;

/**
 * Times as Logpush, Logpull and Instant Logs write them: Unix time in s, ms, µs or ns, which the number of digits tells
 * apart, or RFC 3339 with or without a fraction (`timestamp_format` of log-output-options). Nothing is rounded: of
 * nanoseconds, which no double can hold, the digits of the milliseconds are taken.
 */
export class Stamp {
  /** Ms since the epoch, whole. */
  at = 0;
  /** The log tells no more than the second. */
  isWholeSecond = false;
  /** The day of the stamp that was read last, as the number YYYYMMDD, and the ms at which it began. */
  #day = 0;
  #dayFrom = 0;

  /** Whether a time stands in [from, to). */
  read(bytes: Uint8Array, from: number, to: number): boolean {
    if (to <= from) return false;
    return bytes[from + 4] === dash && to - from >= secondsWidth
      ? this.#readDate(bytes, from, to)
      : this.#readNumber(bytes, from, to);
  }

  #readNumber(bytes: Uint8Array, from: number, to: number): boolean {
    let end = from;
    while (end < to && isDigit(bytes[end])) end++;
    const width = end - from;
    if (width === 0 || width > 19) return false;
    const hasFraction = end < to && bytes[end] === point;
    if (end < to && !hasFraction) return false;
    // 10 digits are seconds, 13 milliseconds, 16 microseconds, 19 nanoseconds; a digit less was before September 2001.
    const isSeconds = width <= 11;
    const left = isSeconds ? width : width - 3 * Math.ceil((width - 14) / 3);
    let value = 0;
    for (let at = from; at < from + left; at++) value = value * 10 + bytes[at]! - 0x30;
    this.isWholeSecond = isSeconds && !hasFraction;
    this.at = isSeconds ? value * 1_000 + thousandths(bytes, end + 1, to) : value;
    return true;
  }

  #readDate(bytes: Uint8Array, from: number, to: number): boolean {
    const isPlain = to - from === secondsWidth + 1 && bytes[to - 1] === upperZ && bytes[from + 10] === upperT;
    const day = isPlain ? dayOf(bytes, from) : -1;
    if (day !== this.#day || day < 0) return this.#readAnyDate(bytes, from, to, day);
    const seconds = secondsOf(bytes, from + 11);
    this.isWholeSecond = true;
    this.at = this.#dayFrom + seconds * 1_000;
    return seconds >= 0;
  }

  /** @param day as the number YYYYMMDD, to be known again; -1 for a stamp that is not like most */
  #readAnyDate(bytes: Uint8Array, from: number, to: number, day: number): boolean {
    const time = timeIso(bytes, from, to);
    if (time === undefined) return false;
    this.at = Math.floor(time.at);
    this.isWholeSecond = bytes[from + secondsWidth] !== point;
    if (day >= 0) {
      this.#day = day;
      this.#dayFrom = this.at - secondsOf(bytes, from + 11) * 1_000;
    }
    return true;
  }
}

/** Up to three digits behind the point of a number, as thousandths. */
function thousandths(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from, scale = 100; at < to && scale > 0 && isDigit(bytes[at]); at++) {
    value += (bytes[at]! - 0x30) * scale;
    scale = (scale / 10) | 0;
  }
  return value;
}

/** `2026-11-23` as 20261123; negative where it is no such text. */
function dayOf(bytes: Uint8Array, from: number): number {
  if (bytes[from + 4] !== dash || bytes[from + 7] !== dash) return -1;
  const century = twoDigits(bytes, from);
  const year = twoDigits(bytes, from + 2);
  const month = twoDigits(bytes, from + 5);
  const day = twoDigits(bytes, from + 8);
  return (century | year | month | day) < 0 ? -1 : century * 1_000_000 + year * 10_000 + month * 100 + day;
}

/** `06:58:59` in seconds; negative where it is no such text. */
function secondsOf(bytes: Uint8Array, from: number): number {
  if (bytes[from + 2] !== colon || bytes[from + 5] !== colon) return -1;
  const hours = twoDigits(bytes, from);
  const minutes = twoDigits(bytes, from + 3);
  const seconds = twoDigits(bytes, from + 6);
  if ((hours | minutes | seconds) < 0 || hours > 23 || minutes > 59 || seconds > 60) return -1;
  return hours * 3_600 + minutes * 60 + seconds;
}

/** -1 where not both are digits. */
function twoDigits(bytes: Uint8Array, from: number): number {
  const tens = bytes[from]! - 0x30;
  const ones = bytes[from + 1]! - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

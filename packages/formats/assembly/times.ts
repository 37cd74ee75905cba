import { colon, dash, plus, point, slash, space, upperT, upperZ, zero } from './bytes';
import { number2, number4 } from './numbers';

// Times in ms since the epoch; NaN for anything that is not written as is usual. Many lines share a second, so that of each
// kind the text that was read last is kept.

/** `1732341600.123` in [from, to). */
export function epochTime(from: usize, to: usize): f64 {
  const length = to - from;
  if (length < 5 || length > 14 || load<u8>(to - 4) !== point) return NaN;
  let ms: f64 = 0;
  for (let at = from; at < to; at++) {
    if (at === to - 4) continue;
    const digit = i32(load<u8>(at)) - zero;
    if (digit < 0 || digit > 9) return NaN;
    ms = ms * 10 + f64(digit);
  }
  return ms;
}

const lastIso: usize = memory.data(32);
let lastIsoAt: f64 = NaN;

/** `1970-09-28T12:00:00+06:00` in [from, to). */
export function isoTime(from: usize, to: usize): f64 {
  if (to - from !== 25) return NaN;
  if (isLast(from, 25, lastIso)) return lastIsoAt;
  lastIsoAt = NaN;
  const local = secondAt(from);
  if (load<u8>(from, 22) !== colon) return NaN;
  return (lastIsoAt = local - zoneMs(from + 19, from + 23));
}

const lastLocal: usize = memory.data(32);
let lastLocalAt: f64 = NaN;

/** `28/Sep/1970:12:00:00 +0600` in [from, to). */
export function localTime(from: usize, to: usize): f64 {
  if (to - from !== 26) return NaN;
  if (isLast(from, 26, lastLocal)) return lastLocalAt;
  lastLocalAt = NaN;
  if (load<u8>(from, 2) !== slash || load<u8>(from, 6) !== slash) return NaN;
  if (load<u8>(from, 11) !== colon || load<u8>(from, 20) !== space) return NaN;
  const local = momentOf(number4(from + 7), monthAt(from + 3), number2(from), from + 12);
  return (lastLocalAt = local - zoneMs(from + 21, from + 24));
}

const lastSecond: usize = memory.data(32);
let lastSecondAt: f64 = NaN;

/** `2018-07-02T22:23:00.186641Z` in [from, to), to the microsecond. */
export function utcTime(from: usize, to: usize): f64 {
  if (to - from < 20 || load<u8>(to - 1) !== upperZ) return NaN;
  if (!isLast(from, 19, lastSecond)) lastSecondAt = secondAt(from);
  const second = lastSecondAt;
  const digits = i32(to - from) - 21;
  if (digits < 0) return second;
  if (load<u8>(from, 19) !== point) return NaN;
  let micros = 0;
  for (let i = 0; i < digits; i++) {
    const digit = i32(load<u8>(from + 20 + i)) - zero;
    if (digit < 0 || digit > 9) return NaN;
    if (i < 6) micros = micros * 10 + digit;
  }
  for (let i = digits; i < 6; i++) micros *= 10;
  return second + f64(micros) / 1000;
}

/** Of the last edge time: it tells no more than the second. */
export let isWholeSecond: bool = false;

/** Unix time of 10, 13, 16 or 19 digits, or `2026-11-23T06:58:59Z` with or without a fraction; whole ms. */
export function edgeTime(from: usize, to: usize): f64 {
  const length = to - from;
  if (length === 10 || length === 13 || length === 16 || length === 19) {
    isWholeSecond = length === 10;
    return unixTime(from, to, isWholeSecond ? 10 : 13);
  }
  if (length < 20 || load<u8>(to - 1) !== upperZ) return NaN;
  if (!isLast(from, 19, lastSecond)) lastSecondAt = secondAt(from);
  isWholeSecond = length === 20;
  if (isWholeSecond) return lastSecondAt;
  if (length === 21 || load<u8>(from, 19) !== point) return NaN;
  let ms: f64 = 0;
  let scale: f64 = 100;
  for (let at = from + 20; at < to - 1; at++) {
    const digit = i32(load<u8>(at)) - zero;
    if (digit < 0 || digit > 9) return NaN;
    if (scale >= 1) ms += f64(digit) * scale;
    scale /= 10;
  }
  return lastSecondAt + ms;
}

/** The first digits in [from, to), all of which must be digits, as seconds or ms. */
function unixTime(from: usize, to: usize, taken: usize): f64 {
  let value: f64 = 0;
  for (let at = from; at < to; at++) {
    const digit = i32(load<u8>(at)) - zero;
    if (digit < 0 || digit > 9) return NaN;
    if (at < from + taken) value = value * 10 + f64(digit);
  }
  return taken === 10 ? value * 1_000 : value;
}

/** Whether the text is the one that was kept there, which it is from now on. It has at least 16 bytes, and at most 32. */
function isLast(from: usize, length: usize, kept: usize): bool {
  const rest = length - 16;
  const isSame =
    !v128.any_true(v128.xor(v128.load(from), v128.load(kept))) &&
    !v128.any_true(v128.xor(v128.load(from + rest), v128.load(kept + rest)));
  if (!isSame) memory.copy(kept, from, length);
  return isSame;
}

/** `1970-09-28T12:00:00` as UTC. */
function secondAt(from: usize): f64 {
  if (load<u8>(from, 4) !== dash || load<u8>(from, 7) !== dash || load<u8>(from, 10) !== upperT) return NaN;
  return momentOf(number4(from), number2(from + 5), number2(from + 8), from + 11);
}

/** @param clock where `12:00:00` stands */
function momentOf(year: i32, month: i32, day: i32, clock: usize): f64 {
  const hour = number2(clock);
  const minute = number2(clock + 3);
  const second = number2(clock + 6);
  if (load<u8>(clock, 2) !== colon || load<u8>(clock, 5) !== colon) return NaN;
  if (year < 1000 || month < 1 || month > 12 || day < 1 || day > 31) return NaN;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return NaN;
  // A damaged year makes more minutes than an integer holds.
  const minutes = f64(daysUntil(year, month) + day - 1) * 1440 + f64(hour * 60 + minute);
  return (minutes * 60 + f64(second)) * 1000;
}

/** By how much local times are ahead; NaN for what is no offset. @param sign where it stands, with the hours behind it */
function zoneMs(sign: usize, minutesAt: usize): f64 {
  const isAhead = load<u8>(sign) === plus;
  const hours = number2(sign + 1);
  const minutes = number2(minutesAt);
  if ((!isAhead && load<u8>(sign) !== dash) || hours < 0 || minutes < 0) return NaN;
  const ms = f64(hours * 60 + minutes) * 60_000;
  return isAhead ? ms : -ms;
}

/** Days from 1970 to the first of a month, of the Gregorian calendar whose years begin in March. */
function daysUntil(year: i32, month: i32): i32 {
  const inYear = month > 2 ? month - 3 : month + 9;
  const y = month > 2 ? year : year - 1;
  return 365 * y + y / 4 - y / 100 + y / 400 + (153 * inYear + 2) / 5 - 719_468;
}

/** 1 to 12; 0 for none. */
function monthAt(from: usize): i32 {
  switch ((i32(load<u8>(from)) << 16) | (i32(load<u8>(from, 1)) << 8) | i32(load<u8>(from, 2))) {
    case 0x4a616e:
      return 1;
    case 0x466562:
      return 2;
    case 0x4d6172:
      return 3;
    case 0x417072:
      return 4;
    case 0x4d6179:
      return 5;
    case 0x4a756e:
      return 6;
    case 0x4a756c:
      return 7;
    case 0x417567:
      return 8;
    case 0x536570:
      return 9;
    case 0x4f6374:
      return 10;
    case 0x4e6f76:
      return 11;
    case 0x446563:
      return 12;
    default:
      return 0;
  }
}

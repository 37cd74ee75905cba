// AssemblyScript, the part of TypeScript that compiles to WebAssembly (https://www.assemblyscript.org): `npm run assembly`
// makes src/ordinary/program.ts of it.
//
// Reads ordinary lines, many at a call and sixteen bytes at a time. A line that is not plainly one that it knows ends the
// call, and is read in the ways of nginx/access.ts, which are slower and sure; where both can read a line they agree.

/** Fields that a layout may have. */
export const mostFields: i32 = 128;
/** Rows that a call fills at most. */
export const mostRows: i32 = 1024;
/** Bytes that `text` holds; as many as are loaded at once may be looked at behind them. */
export const textRoom: i32 = 262_144;
/** Bytes for the literals of a layout. */
export const literalRoom: i32 = 8_192;
/** Bytes of the longest route class: four segments of sixteen bytes with their slashes. */
export const classRoom: i32 = 68;

const loadedAtOnce: i32 = 16;

// What the caller writes. The addresses are constants of the compiled program.

export const text: usize = memory.data(textRoom + loadedAtOnce);
/** As in steps.ts: six numbers per field. */
export const table: usize = memory.data(mostFields * 24);
export const literals: usize = memory.data(literalRoom);
/** Where the literal of each field begins among them. */
export const literalFrom: usize = memory.data((mostFields + 1) * 4);
/** The text in front of the first field. */
export const lead: usize = memory.data(literalRoom);
/** One number for each of the names below. */
export const planLength: i32 = 14;
export const plan: usize = memory.data(planLength * 4);

const planLeadLength: usize = 0;
/** Fields up to the last that is wanted. */
const planFields: usize = 4;
/** 0: seconds since the epoch, 1: ISO 8601, 2: as in Common Log Format. */
const planTimeKind: usize = 8;
/** The line is an object of JSON; in a nested one, a key may stand that is not the one sought. */
const planIsObject: usize = 12;
// Indexes of fields, -1 where the layout has none.
const planTime: usize = 16;
const planStatus: usize = 20;
const planRequest: usize = 24;
const planTarget: usize = 28;
const planHost: usize = 32;
const planService: usize = 36;
const planDuration: usize = 40;
const planPeers: usize = 44;
const planStatuses: usize = 48;
const planConnects: usize = 52;

// What the caller reads, a place per row.

/** Where the line begins and ends in `text`. */
export const lineFrom: usize = memory.data(mostRows * 4);
export const lineTo: usize = memory.data(mostRows * 4);
/** Ms since the epoch. */
export const at: usize = memory.data(mostRows * 8);
export const status: usize = memory.data(mostRows * 2);
export const duration: usize = memory.data(mostRows * 4);
export const connect: usize = memory.data(mostRows * 4);
/** 1 where an attempt failed that the status does not tell of. */
export const hasFailed: usize = memory.data(mostRows);
/** Three numbers per name: where it begins in memory, its length, 0 without one, and its hash. */
export const hosts: usize = memory.data(mostRows * 12);
export const services: usize = memory.data(mostRows * 12);
export const peers: usize = memory.data(mostRows * 12);
export const routes: usize = memory.data(mostRows * 12);

/** The classes of routes, `classRoom` bytes per row. */
const classes: usize = memory.data(mostRows * classRoom);
/** Where each field of the current line begins and ends. */
const spans: usize = memory.data((mostFields + 1) * 8);

/** Where in `text` the last call came to. */
export let read: i32 = 0;

const lineBreak: u8 = 0x0a;
const carriageReturn: u8 = 0x0d;
const space: u8 = 0x20;
const quote: u8 = 0x22;
const comma: u8 = 0x2c;
const dash: u8 = 0x2d;
const point: u8 = 0x2e;
const slash: u8 = 0x2f;
const colon: u8 = 0x3a;
const question: u8 = 0x3f;
const star: u8 = 0x2a;
const backslash: u8 = 0x5c;
const underscore: u8 = 0x5f;
const brace: u8 = 0x7b;

/** Reads up to `most` lines of `text[start, stop)`; how many there were. What it does not read begins at `read`. */
export function scan(start: i32, stop: i32, most: i32): i32 {
  const end = text + stop;
  let from = text + start;
  let row: i32 = 0;
  while (row < most) {
    const next = placeOf(from, end, i8x16.splat(lineBreak));
    if (next >= end) break;
    const to = next > from && load<u8>(next - 1) === carriageReturn ? next - 1 : next;
    if (!readLine(from, to, row)) break;
    store<i32>(lineFrom + (row << 2), i32(from - text));
    store<i32>(lineTo + (row << 2), i32(to - text));
    from = next + 1;
    row++;
  }
  read = i32(from - text);
  return row;
}

function readLine(from: usize, to: usize, row: i32): bool {
  // A log that was truncated under its writer begins with NULs.
  if (load<u8>(from) === 0) return false;
  // An error line, as they stand between requests where both go to one stream.
  if (load<u8>(from, 4) === slash && load<u8>(from, 7) === slash && load<u8>(from, 10) === space)
    return false;
  if (load<i32>(plan, planIsObject) !== 0 && placeOf(from + 1, to, i8x16.splat(brace)) < to) return false;
  if (!walk(from, to) || !readTime(row) || !readStatus(row)) return false;
  const millis = load<i32>(plan, planDuration) < 0 ? -1 : millisOf(load<i32>(plan, planDuration));
  if (millis < -1) return false;
  store<i32>(duration + (row << 2), millis);
  readName(load<i32>(plan, planHost), hosts, row);
  readName(load<i32>(plan, planService), services, row);
  readRoute(row);
  return readAttempt(row);
}

/** As `walk` of steps.ts. */
function walk(from: usize, to: usize): bool {
  const leadLength = load<i32>(plan, planLeadLength);
  const fields = load<i32>(plan, planFields);
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
  return true;
}

/** The first place in [from, to) of the byte that all of `needle` is; `to` or behind it without one. */
function placeOf(from: usize, to: usize, needle: v128): usize {
  for (let at = from; at < to; at += loadedAtOnce) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), needle));
    if (found !== 0) return at + ctz(found);
  }
  return to;
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

function isSame(a: usize, b: usize, length: i32): bool {
  let i = 0;
  for (; i + 4 <= length; i += 4) if (load<i32>(a + i) !== load<i32>(b + i)) return false;
  for (; i < length; i++) if (load<u8>(a + i) !== load<u8>(b + i)) return false;
  return true;
}

function fromOf(field: i32): usize {
  return load<u32>(spans + (field << 3));
}

function toOf(field: i32): usize {
  return load<u32>(spans + (field << 3), 4);
}

/** Whether the field has a value: not absent, not empty, not `-`. */
function hasValue(field: i32): bool {
  if (field < 0) return false;
  const from = fromOf(field);
  const length = toOf(field) - from;
  return length > 1 || (length === 1 && load<u8>(from) !== dash);
}

// Times: many lines share a second, so that the text of the last one is kept.

const lastTime: usize = memory.data(32);
let lastTimeLength: usize = 0;
let lastTimeKind: i32 = -1;
let lastTimeAt: f64 = 0;

function readTime(row: i32): bool {
  const field = load<i32>(plan, planTime);
  const kind = load<i32>(plan, planTimeKind);
  const from = fromOf(field);
  const length = toOf(field) - from;
  const isLast =
    length !== 0 &&
    length === lastTimeLength &&
    kind === lastTimeKind &&
    !v128.any_true(v128.xor(v128.load(from), v128.load(lastTime))) &&
    !v128.any_true(v128.xor(v128.load(from + length - 16), v128.load(lastTime + length - 16)));
  if (!isLast) {
    const time =
      kind === 0 ? epochTime(from, length) : kind === 1 ? isoTime(from, length) : localTime(from, length);
    if (isNaN(time)) return false;
    lastTimeAt = time;
    lastTimeKind = kind;
    // A shorter one is not worth it, and both loads must lie in the text.
    lastTimeLength = length >= 16 ? length : 0;
    if (length >= 16) memory.copy(lastTime, from, length);
  }
  store<f64>(at + (row << 3), lastTimeAt);
  return true;
}

/** `1732341600.123` */
function epochTime(from: usize, length: usize): f64 {
  if (length < 5 || length > 14 || load<u8>(from + length - 4) !== point) return NaN;
  let ms: f64 = 0;
  for (let i: usize = 0; i < length; i++) {
    if (i === length - 4) continue;
    const digit = i32(load<u8>(from + i)) - 0x30;
    if (digit < 0 || digit > 9) return NaN;
    ms = ms * 10 + f64(digit);
  }
  return ms;
}

/** `1970-09-28T12:00:00+06:00` */
function isoTime(from: usize, length: usize): f64 {
  if (length !== 25 || load<u8>(from, 4) !== dash || load<u8>(from, 7) !== dash) return NaN;
  if (load<u8>(from, 10) !== 0x54 || load<u8>(from, 22) !== colon) return NaN;
  return timeOf(number4(from), number2(from + 5), number2(from + 8), from + 11, from + 19, from + 23);
}

/** `28/Sep/1970:12:00:00 +0600` */
function localTime(from: usize, length: usize): f64 {
  if (length !== 26 || load<u8>(from, 2) !== slash || load<u8>(from, 6) !== slash) return NaN;
  if (load<u8>(from, 11) !== colon || load<u8>(from, 20) !== space) return NaN;
  return timeOf(number4(from + 7), monthAt(from + 3), number2(from), from + 12, from + 21, from + 24);
}

/** @param zone where the sign stands, with the hours behind it */
function timeOf(year: i32, month: i32, day: i32, clock: usize, zone: usize, zoneMinutes: usize): f64 {
  const hour = number2(clock);
  const minute = number2(clock + 3);
  const second = number2(clock + 6);
  if (load<u8>(clock, 2) !== colon || load<u8>(clock, 5) !== colon) return NaN;
  if (year < 1000 || month < 1 || month > 12 || day < 1 || day > 31) return NaN;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return NaN;
  const sign = load<u8>(zone) === 0x2b ? 1 : load<u8>(zone) === dash ? -1 : 0;
  const hours = number2(zone + 1);
  const minutes = number2(zoneMinutes);
  if (sign === 0 || hours < 0 || minutes < 0) return NaN;
  const inMinutes =
    (daysUntil(year, month) + day - 1) * 1440 + hour * 60 + minute - sign * (hours * 60 + minutes);
  return (f64(inMinutes) * 60 + f64(second)) * 1000;
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

/** Two digits; below 0 for anything else. */
function number2(from: usize): i32 {
  const tens = i32(load<u8>(from)) - 0x30;
  const ones = i32(load<u8>(from, 1)) - 0x30;
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
}

/** Four digits; below 0 for anything else. */
function number4(from: usize): i32 {
  const high = number2(from);
  const low = number2(from + 2);
  return high < 0 || low < 0 ? -1 : high * 100 + low;
}

/** Three digits; below 0 for anything else. */
function number3(from: usize): i32 {
  const hundreds = i32(load<u8>(from)) - 0x30;
  const rest = number2(from + 1);
  return hundreds < 0 || hundreds > 9 || rest < 0 ? -1 : hundreds * 100 + rest;
}

function readStatus(row: i32): bool {
  const field = load<i32>(plan, planStatus);
  const code = toOf(field) - fromOf(field) === 3 ? number3(fromOf(field)) : -1;
  store<u16>(status + (row << 1), u16(code));
  return code >= 0;
}

/** `0.123` in ms; -1 for `-`, and less for anything else. */
function millisOf(field: i32): i32 {
  const from = fromOf(field);
  const length = toOf(field) - from;
  if (length === 1 && load<u8>(from) === dash) return -1;
  if (length < 5 || length > 9 || load<u8>(from + length - 4) !== point) return -2;
  let ms = 0;
  for (let i: usize = 0; i < length - 4; i++) {
    const digit = i32(load<u8>(from + i)) - 0x30;
    if (digit < 0 || digit > 9) return -2;
    ms = ms * 10 + digit;
  }
  const rest = number3(from + length - 3);
  return rest < 0 ? -2 : ms * 1000 + rest;
}

function readName(field: i32, names: usize, row: i32): void {
  if (hasValue(field)) writeName(names, row, fromOf(field), i32(toOf(field) - fromOf(field)));
  else writeName(names, row, 0, 0);
}

function writeName(names: usize, row: i32, from: usize, length: i32): void {
  const place = names + row * 12;
  store<i32>(place, i32(from));
  store<i32>(place, length, 4);
  store<i32>(place, length === 0 ? 0 : hashOf(from, length), 8);
}

/** As `hashBytes` of words.ts. */
function hashOf(from: usize, length: i32): i32 {
  let hash: i32 = length * 0x9e3779b1;
  if (length < 4) {
    for (let i = 0; i < length; i++) hash = (hash ^ i32(load<u8>(from + i))) * 0x01000193;
  } else {
    const last = length - 4;
    for (let i = 0; i < last; i += 4) {
      hash = ((hash ^ load<i32>(from + i)) * 0x85ebca6b) ^ i32(u32(hash) >>> 15);
    }
    hash = (hash ^ load<i32>(from + last)) * 0xc2b2ae35;
  }
  return hash ^ i32(u32(hash) >>> 13);
}

function readRoute(row: i32): void {
  const request = load<i32>(plan, planRequest);
  const target = load<i32>(plan, planTarget);
  const inRequest: usize = request < 0 ? 0 : targetStart(fromOf(request), toOf(request));
  if (inRequest !== 0) writeClass(inRequest, toOf(request), row);
  else if (hasValue(target)) writeClass(fromOf(target), toOf(target), row);
  else writeName(routes, row, 0, 0);
}

/** As `targetStart` of nginx/request-line.ts; 0 without one. */
function targetStart(from: usize, to: usize): usize {
  const stop = min(to, from + 24);
  let at = from;
  for (; at < stop; at++) {
    const byte = load<u8>(at);
    if (!((byte >= 0x41 && byte <= 0x5a) || byte === underscore || byte === dash)) break;
  }
  return at > from && at + 1 < to && load<u8>(at) === space ? at + 1 : 0;
}

/** As `RouteClasses` of route.ts. */
function writeClass(target: usize, to: usize, row: i32): void {
  const into = classes + row * classRoom;
  let at = target >= to ? to : pathStart(target, to);
  let length: i32 = 0;
  let hash: i32 = 0;
  for (let segment = 0; segment < 4 && target < to; segment++) {
    hash = (hash ^ i32(slash)) * 0x01000193;
    store<u8>(into + length++, slash);
    const start = at;
    while (at < to && isPlain(load<u8>(at))) at++;
    if (at - start > 16 || (at < to && !endsSegment(load<u8>(at)))) {
      while (at < to && !endsSegment(load<u8>(at))) at++;
      hash = (hash ^ i32(star)) * 0x01000193;
      store<u8>(into + length++, star);
    } else {
      for (let i = start; i < at; i++) {
        const byte = load<u8>(i);
        hash = (hash ^ i32(byte)) * 0x01000193;
        store<u8>(into + length++, byte);
      }
    }
    if (at >= to || load<u8>(at) !== slash) {
      if (at === start && segment > 0) length--;
      break;
    }
    at++;
  }
  const place = routes + row * 12;
  store<i32>(place, i32(into));
  store<i32>(place, length, 4);
  store<i32>(place, hash ^ i32(u32(hash) >>> 15), 8);
}

/** Behind the first slash of the path: a target may be absolute (`http://host/path`), or name a host only. */
function pathStart(from: usize, to: usize): usize {
  if (load<u8>(from) === slash) return from + 1;
  for (let at = from; at + 2 < to && load<u8>(at) !== slash && load<u8>(at) !== question; at++) {
    if (load<u8>(at) !== colon || load<u8>(at, 1) !== slash || load<u8>(at, 2) !== slash) continue;
    let path = at + 3;
    while (path < to && load<u8>(path) !== slash && load<u8>(path) !== question) path++;
    return path < to && load<u8>(path) === slash ? path + 1 : path;
  }
  return from;
}

function endsSegment(byte: u8): bool {
  return byte === slash || byte === question || byte === space;
}

/** Neither a digit nor what ends a segment, nor a byte that some `escape=` of nginx changes. */
function isPlain(byte: u8): bool {
  if (byte <= space || byte >= 0x7f || (byte >= 0x30 && byte <= 0x39)) return false;
  return byte !== quote && byte !== backslash && byte !== slash && byte !== question;
}

/** Where there was one attempt at most; more are for the other way. */
function readAttempt(row: i32): bool {
  const peer = load<i32>(plan, planPeers);
  const statuses = load<i32>(plan, planStatuses);
  const connects = load<i32>(plan, planConnects);
  store<u8>(hasFailed + row, 0);
  store<i32>(connect + (row << 2), -1);
  writeName(peers, row, 0, 0);
  if (!wasTried(peer, statuses, connects)) return true;
  if (statuses >= 0 && toOf(statuses) - fromOf(statuses) !== 3) return false;
  if (statuses < 0 && peer >= 0 && isList(peer)) return false;
  if (statuses < 0 && connects >= 0 && isList(connects)) return false;
  if (peer >= 0 && toOf(peer) > fromOf(peer))
    writeName(peers, row, fromOf(peer), i32(toOf(peer) - fromOf(peer)));
  if (connects >= 0) {
    const millis = millisOf(connects);
    if (millis < -1) return false;
    store<i32>(connect + (row << 2), millis);
  }
  if (statuses < 0) return true;
  const code = number3(fromOf(statuses));
  const isFinal = code >= 0 && (code < 500 || code === i32(load<u16>(status + (row << 1))));
  store<u8>(hasFailed + row, isFinal ? 0 : 1);
  return true;
}

/** As `wasTried` of nginx/access-columns.ts. */
function wasTried(peer: i32, statuses: i32, connects: i32): bool {
  if (peer >= 0 && toOf(peer) > fromOf(peer)) return hasValue(peer);
  if (peer >= 0) return statuses >= 0 && toOf(statuses) > fromOf(statuses);
  return hasValue(statuses >= 0 ? statuses : connects);
}

function isList(field: i32): bool {
  return placeOf(fromOf(field), toOf(field), i8x16.splat(space)) < toOf(field);
}

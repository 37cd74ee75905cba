import { dash, openingBrace, slash, space, underscore } from './bytes';
import { number3 } from './numbers';
import { writeClass } from './route-class';
import {
  at,
  connect,
  duration,
  hasFailed,
  hosts,
  identity,
  peers,
  routes,
  scanRows,
  services,
  status,
  writeName,
  writeNoName,
} from './rows';
import { placeOf } from './search';
import { epochTime, isoTime, localTime } from './times';
import { fromOf, hasValue, millisOf, readName, toOf, walk } from './walk';

/** What the caller writes of a layout, one number for each of the names below. */
export const nginxPlanLength: i32 = 14;
export const nginxPlan: usize = memory.data(nginxPlanLength * 4);

const leadLength: usize = 0;
/** Fields up to the last that is wanted. */
const fields: usize = 4;
/** 0: seconds since the epoch, 1: ISO 8601, 2: as in Common Log Format. */
const timeKind: usize = 8;
/** The line is an object of JSON; in a nested one, a key may stand that is not the one sought. */
const isObject: usize = 12;
// Indexes of fields, -1 where the layout has none.
const timeField: usize = 16;
const statusField: usize = 20;
const requestField: usize = 24;
const targetField: usize = 28;
const hostField: usize = 32;
const serviceField: usize = 36;
const durationField: usize = 40;
const peersField: usize = 44;
const statusesField: usize = 48;
const connectsField: usize = 52;

function planned(name: usize): i32 {
  return load<i32>(nginxPlan + name);
}

/** Lines of a `log_format`, as `AccessColumns` of nginx/access-columns.ts fills rows from them. */
export function scanNginx(start: i32, stop: i32, most: i32): i32 {
  return scanRows(start, stop, most, readLine);
}

function readLine(from: usize, to: usize, row: i32): bool {
  // An error line, as they stand between requests where both go to one stream.
  if (load<u8>(from, 4) === slash && load<u8>(from, 7) === slash && load<u8>(from, 10) === space)
    return false;
  if (planned(isObject) !== 0 && placeOf(from + 1, to, i8x16.splat(openingBrace)) < to) return false;
  if (!walk(from, to, planned(leadLength), planned(fields))) return false;
  const time = timeOf(planned(timeField));
  const code = codeOf(planned(statusField));
  const millis = planned(durationField) < 0 ? -1 : millisOf(planned(durationField));
  if (isNaN(time) || code < 0 || millis < -1) return false;
  store<f64>(at + (row << 3), time);
  store<u16>(status + (row << 1), u16(code));
  store<u32>(identity + (row << 2), 0);
  store<i32>(duration + (row << 2), millis);
  readName(planned(hostField), hosts, row);
  readName(planned(serviceField), services, row);
  readRoute(row);
  return readAttempt(row, code);
}

function timeOf(field: i32): f64 {
  const from = fromOf(field);
  const to = toOf(field);
  const kind = planned(timeKind);
  return kind === 0 ? epochTime(from, to) : kind === 1 ? isoTime(from, to) : localTime(from, to);
}

/** A status of three digits; below 0 for anything else. */
function codeOf(field: i32): i32 {
  return toOf(field) - fromOf(field) === 3 ? number3(fromOf(field)) : -1;
}

function readRoute(row: i32): void {
  const request = planned(requestField);
  const target = planned(targetField);
  const inRequest: usize = request < 0 ? 0 : targetStart(fromOf(request), toOf(request));
  if (inRequest !== 0) writeClass(inRequest, toOf(request), row);
  else if (hasValue(target)) writeClass(fromOf(target), toOf(target), row);
  else writeNoName(routes, row);
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

/** Where there was one attempt at most; more are not for here. */
function readAttempt(row: i32, code: i32): bool {
  const peer = planned(peersField);
  const statuses = planned(statusesField);
  const connects = planned(connectsField);
  store<u8>(hasFailed + row, 0);
  store<i32>(connect + (row << 2), -1);
  writeNoName(peers, row);
  if (!wasTried(peer, statuses, connects)) return true;
  if (statuses >= 0 && toOf(statuses) - fromOf(statuses) !== 3) return false;
  if (statuses < 0 && ((peer >= 0 && isList(peer)) || (connects >= 0 && isList(connects)))) return false;
  if (peer >= 0) writeName(peers, row, fromOf(peer), toOf(peer));
  if (connects >= 0) {
    const millis = millisOf(connects);
    if (millis < -1) return false;
    store<i32>(connect + (row << 2), millis);
  }
  if (statuses < 0) return true;
  const answer = codeOf(statuses);
  const isFinal = answer >= 0 && (answer < 500 || answer === code);
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

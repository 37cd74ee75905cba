import { closingBrace, colon, comma, openingBrace, openingBracket, point, quote, zero } from './bytes';
import { afterBlanks, nestedEnd, quoteOrEscape, scalarEnd, stringEnd } from './json';
import { keyEnd, meaning, noStrangeKey, readKey } from './keys';
import { writeClass } from './route-class';
import {
  at,
  connect,
  duration,
  hasFailed,
  hosts,
  identity,
  peers,
  places,
  routes,
  scanRows,
  services,
  status,
  writeName,
  writeNoName,
} from './rows';
import { isSame } from './search';
import { edgeTime, isWholeSecond } from './times';

// The meanings of keys: the fields that every line is asked for, in the order of cloudflare/fields.ts. Others are below 0.
const edgeStatus: i32 = 0;
const edgeEnd: i32 = 1;
const edgeStart: i32 = 2;
const firstByte: i32 = 3;
const host: i32 = 4;
const uri: i32 = 5;
const path: i32 = 6;
const originAddress: i32 = 7;
const originStatus: i32 = 8;
const tcpHandshake: i32 = 9;
const tlsHandshake: i32 = 10;
const colo: i32 = 11;
const source: i32 = 12;
const ray: i32 = 14;
export const cloudflareFields: i32 = 15;

/** Where each of the fields begins and ends in the current line, without its quotes; 0 and 0 where the line lacks it. */
const spans: usize = memory.data(cloudflareFields * 8);

/** Lines of http_requests, objects of JSON, as `RequestColumns` of cloudflare/request-columns.ts fills rows from them. */
export function scanCloudflare(start: i32, stop: i32, most: i32): i32 {
  noStrangeKey();
  return scanRows(start, stop, most, readLine);
}

function readLine(from: usize, to: usize, row: i32): bool {
  if (!placeFields(from, to) || !readTimes(row)) return false;
  const code = countOf(edgeStatus);
  if (code < 0 || code >= 1_000 || !isForVisitor()) return false;
  const answer = countOf(originStatus);
  const asked = wasAsked(i32(code), answer);
  store<u16>(status + (row << 1), u16(code));
  store<u8>(hasFailed + row, answer >= 500 ? 1 : 0);
  store<i32>(connect + (row << 2), asked ? connectOf(i32(code)) : -1);
  store<u32>(identity + (row << 2), identityOf(fromOf(ray), toOf(ray)));
  readName(host, hosts, row);
  readName(colo, places, row);
  writeNoName(services, row);
  if (asked) readName(originAddress, peers, row);
  else writeNoName(peers, row);
  const target = fromOf(uri) === 0 ? path : uri;
  if (toOf(target) > fromOf(target)) writeClass(fromOf(target), toOf(target), row);
  else writeNoName(routes, row);
  return true;
}

/** Walks over the members of the object that the line is. */
function placeFields(from: usize, to: usize): bool {
  memory.fill(spans, 0, cloudflareFields * 8);
  if (load<u8>(from) !== openingBrace) return false;
  let member = afterBlanks(from + 1, to);
  for (let nth = 0; ; nth++) {
    if (load<u8>(member) !== quote || !readKey(member + 1, to, nth)) return false;
    const colonAt = afterBlanks(keyEnd + 1, to);
    if (load<u8>(colonAt) !== colon) return false;
    const value = afterBlanks(colonAt + 1, to);
    const valueEnd = meaning < 0 ? skip(value, to) : place(meaning, value, to);
    const end = afterBlanks(valueEnd, to);
    if (valueEnd === 0 || end >= to) return false;
    if (load<u8>(end) === closingBrace) return end + 1 === to;
    if (load<u8>(end) !== comma) return false;
    member = afterBlanks(end + 1, to);
  }
  return false;
}

/** Behind a value that is not asked for; 0 where it does not end, as everywhere here. */
function skip(value: usize, to: usize): usize {
  const first = load<u8>(value);
  if (first === quote) {
    const end = stringEnd(value + 1, to);
    return end === 0 ? 0 : end + 1;
  }
  if (first === openingBrace || first === openingBracket) return nestedEnd(value, to);
  if (load<u32>(value) === 0x6c6c756e) return value + 4;
  return scalarEnd(value, to);
}

/** Places a field, of which the first counts where it stands twice. Its value must stand there as it is. */
function place(field: i32, value: usize, to: usize): usize {
  const isText = load<u8>(value) === quote;
  const from = isText ? value + 1 : value;
  const end = isText ? quoteOrEscape(from, to) : scalarEnd(from, to);
  if (end === 0 || (isText && load<u8>(end) !== quote)) return 0;
  if (fromOf(field) === 0) {
    store<u32>(spans + (field << 3), u32(from));
    store<u32>(spans + (field << 3), u32(end), 4);
  }
  return isText ? end + 1 : end;
}

function fromOf(field: i32): usize {
  return load<u32>(spans + (field << 3));
}

function toOf(field: i32): usize {
  return load<u32>(spans + (field << 3), 4);
}

function readName(field: i32, names: usize, row: i32): void {
  writeName(names, row, fromOf(field), toOf(field));
}

/** As `Timing` of cloudflare/timing.ts, where both times are told. */
function readTimes(row: i32): bool {
  const start = edgeTime(fromOf(edgeStart), toOf(edgeStart));
  const end = edgeTime(fromOf(edgeEnd), toOf(edgeEnd));
  if (isNaN(start) || isNaN(end)) return false;
  const between = end - start;
  const toFirstByte = isWholeSecond ? f64(countOf(firstByte)) : -1;
  const agrees = toFirstByte >= 0 && abs(toFirstByte - between) <= (isWholeSecond ? 1_000 : 1);
  const ms = agrees ? toFirstByte : between >= 0 ? between : -1;
  // Longer than any request, and than what the column holds.
  if (ms > 1_000_000_000) return false;
  store<f64>(at + (row << 3), end);
  store<i32>(duration + (row << 2), i32(ms));
  return true;
}

/** As `countOf` of cloudflare/values.ts: a whole number, of which a fraction is dropped; -1 for anything else. */
function countOf(field: i32): i64 {
  const from = fromOf(field);
  const to = toOf(field);
  let value: i64 = 0;
  let at = from;
  for (; at < to && at < from + 15; at++) {
    const digit = i32(load<u8>(at)) - zero;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return at > from && (at === to || load<u8>(at) === point) ? value : -1;
}

/** `eyeball` and `edgeWorkerFetch`. */
const visitors: usize = memory.data<u8>([
  0x65, 0x79, 0x65, 0x62, 0x61, 0x6c, 0x6c, 0x65, 0x64, 0x67, 0x65, 0x57, 0x6f, 0x72, 0x6b, 0x65, 0x72, 0x46,
  0x65, 0x74, 0x63, 0x68,
]);

/** Whether the request counts, as a visitor's or one on behalf of one; sources that are seldom are not for here. */
function isForVisitor(): bool {
  const from = fromOf(source);
  const length = toOf(source) - from;
  if (from === 0) return true;
  return (length === 7 && isSame(from, visitors, 7)) || (length === 15 && isSame(from, visitors + 7, 15));
}

/** As `wasAsked` of cloudflare/origin.ts. */
function wasAsked(code: i32, answer: i64): bool {
  if (answer > 0 || (code >= 520 && code <= 526) || code === 530) return true;
  const isServed = code >= 200 && code < 499;
  return toOf(originAddress) > fromOf(originAddress) && !(answer === 0 && isServed);
}

/** As `connectOf` there. */
function connectOf(code: i32): i32 {
  const tcp = countOf(tcpHandshake);
  if (tcp < 0 || code === 521 || code === 523 || code >= 525) return -1;
  const tls = countOf(tlsHandshake);
  const shaken = i32(tcp + (tls > 0 ? tls : 0));
  return code === 522 && shaken === 0 ? -1 : shaken;
}

/** As `hashOf` of cloudflare/request-columns.ts. */
function identityOf(from: usize, to: usize): u32 {
  if (to <= from) return 0;
  let hash = i32(to - from);
  for (let at = from; at < to; at++) hash = (hash ^ i32(load<u8>(at))) * 0x01000193;
  const mixed = u32(hash) ^ (u32(hash) >>> 15);
  return mixed === 0 ? 1 : mixed;
}

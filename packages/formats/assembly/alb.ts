import {
  backslash,
  closingBracket,
  colon,
  dash,
  openingBracket,
  question,
  quote,
  slash,
  space,
  underscore,
  zero,
} from './bytes';
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
import { utcTime } from './times';
import { fromOf, hasValue, millisOf, readName, toOf, walk, walkedTo } from './walk';

/** What the caller writes, one number for each of the names below. */
export const albPlanLength: i32 = 13;
export const albPlan: usize = memory.data(albPlanLength * 4);

/** Fields up to the last that is wanted. */
const fields: usize = 0;
/** So many fields a line has at most that does not name its node; any number where the node is known. */
const fieldsWithoutNode: usize = 4;
// Indexes of fields.
const timeField: usize = 8;
const targetField: usize = 12;
const requestTimeField: usize = 16;
const targetTimeField: usize = 20;
const responseTimeField: usize = 24;
const statusField: usize = 28;
const targetStatusField: usize = 32;
const requestField: usize = 36;
const agentField: usize = 40;
const groupField: usize = 44;
/** Of each field behind those, a bit that is set where it stands in quotes. */
const quotedBehind: usize = 48;

function planned(name: usize): i32 {
  return load<i32>(albPlan + name);
}

/** Lines of a load balancer's access log, as `AccessColumns` of alb/access-columns.ts fills rows from them. */
export function scanAlb(start: i32, stop: i32, most: i32): i32 {
  return scanRows(start, stop, most, readLine);
}

function readLine(from: usize, to: usize, row: i32): bool {
  const count = planned(fields);
  if (!walk(from, to, 0, count) || !isPlain(planned(requestField)) || !isPlain(planned(agentField)))
    return false;
  if (count + fieldsBehind(walkedTo, to) > planned(fieldsWithoutNode)) return false;
  const time = utcTime(fromOf(planned(timeField)), toOf(planned(timeField)));
  const code = codeOf(planned(statusField));
  const before = millisOf(planned(requestTimeField));
  const target = millisOf(planned(targetTimeField));
  const after = millisOf(planned(responseTimeField));
  if (isNaN(time) || code < 0 || before < 0 || target < 0 || after < 0) return false;
  store<f64>(at + (row << 3), time);
  store<u16>(status + (row << 1), u16(code));
  store<u32>(identity + (row << 2), 0);
  store<u8>(hasFailed + row, 0);
  store<i32>(duration + (row << 2), before + target + after);
  const isForwarded =
    hasValue(planned(targetField)) || hasValue(planned(groupField)) || codeOf(planned(targetStatusField)) > 0;
  store<i32>(connect + (row << 2), isForwarded ? before : -1);
  readName(planned(targetField), peers, row);
  readName(planned(groupField), services, row);
  return readRequest(fromOf(planned(requestField)), toOf(planned(requestField)), row);
}

/** Whether the quote that ends the field is not escaped, as far as a look at one byte tells. */
function isPlain(field: i32): bool {
  return load<u8>(toOf(field) - 1) !== backslash;
}

/** 0 for `-` and `0`; below 0 for what is no status. */
function codeOf(field: i32): i32 {
  const from = fromOf(field);
  const length = toOf(field) - from;
  if (length === 1 && (load<u8>(from) === dash || load<u8>(from) === zero)) return 0;
  return length === 3 ? number3(from) : -1;
}

/** So many fields no line has. */
const tooMany: i32 = 1_000;

/** How many fields there are from `at` on, where a value in quotes has begun; too many where that is not plain to see. */
function fieldsBehind(at: usize, to: usize): i32 {
  let from = at;
  let inQuotes = true;
  let quoted = planned(quotedBehind);
  for (let count = 1; count < tooMany; count++, quoted >>= 1) {
    if (inQuotes !== ((quoted & 1) !== 0)) return tooMany;
    from = placeOf(from, to, i8x16.splat(inQuotes ? quote : space));
    if (inQuotes) {
      if (from >= to || load<u8>(from - 1) === backslash) return tooMany;
      from++;
    }
    if (from >= to) return count;
    if (load<u8>(from) !== space) return tooMany;
    inQuotes = load<u8>(from, 1) === quote;
    from += inQuotes ? 2 : 1;
    if (from >= to) return tooMany;
  }
  return tooMany;
}

/** As `RequestPlaces` of alb/request-line.ts; false without a host. */
function readRequest(from: usize, to: usize, row: i32): bool {
  const first = wordEnd(from, min(to, from + 24));
  const url = first < to && load<u8>(first) === space ? first + 1 : from;
  const scheme = wordEnd(url, min(to, url + 24));
  if (scheme + 3 > to || load<u8>(scheme) !== colon) return false;
  if (load<u8>(scheme, 1) !== slash || load<u8>(scheme, 2) !== slash) return false;
  const hostTo = hostEnd(scheme + 3, to);
  if (hostTo === scheme + 3) return false;
  writeName(hosts, row, scheme + 3, hostTo);
  let target = hostTo;
  while (target < to && !endsAuthority(load<u8>(target))) target++;
  if (target < to && load<u8>(target) !== space) writeClass(target, to, row);
  else writeNoName(routes, row);
  return true;
}

/** The first place that is no letter, `_` or `-`. */
function wordEnd(from: usize, to: usize): usize {
  let at = from;
  for (; at < to; at++) {
    const byte = load<u8>(at);
    const lower = byte | 0x20;
    if (!((lower >= 0x61 && lower <= 0x7a) || byte === dash || byte === underscore)) break;
  }
  return at;
}

function endsAuthority(byte: u8): bool {
  return byte === slash || byte === question || byte === space;
}

function hostEnd(from: usize, to: usize): usize {
  let at = from;
  if (load<u8>(from) === openingBracket) {
    for (; at < to; at++) {
      const byte = load<u8>(at);
      if (byte === closingBracket) return at + 1;
      if (byte === space || byte === slash) return at;
    }
    return at;
  }
  while (at < to && load<u8>(at) !== colon && !endsAuthority(load<u8>(at))) at++;
  return at;
}

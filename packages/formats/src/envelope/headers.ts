import { isDigit, timeIso } from '../time.ts';
import { contentAt, type Envelope } from './envelope.ts';

const space = 0x20;
const colon = 0x3a;
const tab = 0x09;
const escapeByte = 0x1b;
const bar = 0x7c;
const bracket = 0x5b;
const closingBracket = 0x5d;

/** Kubernetes (design-proposals-archive, cri-logging): `2026-11-23T06:58:45.413656027Z stdout F line`; P is a part. */
const cri: Envelope = {
  name: 'CRI',
  open(bytes, from, to, into) {
    const stream = isoEnd(bytes, from, to) + 1;
    if (stream <= 0 || bytes[stream] !== 0x73 || bytes[stream + 1] !== 0x74 || bytes[stream + 2] !== 0x64)
      return false;
    const tag = wordEnd(bytes, stream, to) + 1;
    const end = wordEnd(bytes, tag, to);
    const first = bytes[tag];
    if (tag <= 0 || end < 0 || (first !== 0x46 && first !== 0x50)) return false;
    contentAt(into, bytes, end + 1, to);
    into.isPart = first === 0x50;
    into.stream = bytes[stream + 3]!;
    return true;
  },
  time: isoAtStart,
};

/** `kubectl logs --timestamps` and `docker logs --timestamps`. nginx writes no fraction, so its own times are not taken for it. */
const stamps: Envelope = {
  name: 'timestamps',
  open(bytes, from, to, into) {
    const end = isoEnd(bytes, from, to);
    return end >= 0 && bytes[from + 19] === 0x2e && contentAt(into, bytes, end + 1, to);
  },
  time: isoAtStart,
};

const pod = Buffer.from('[pod/');

/** `kubectl logs --prefix`: `[pod/web-7c5/nginx] line`. */
const podPrefix: Envelope = {
  name: 'kubectl prefixes',
  open(bytes, from, to, into) {
    for (let i = 0; i < pod.length; i++) if (bytes[from + i] !== pod[i]) return false;
    const end = wordEnd(bytes, from, to);
    return end > 0 && bytes[end - 1] === closingBracket && contentAt(into, bytes, end + 1, to);
  },
};

/** `docker compose logs`: `web-1  | line`, coloured or not. */
const composePrefix: Envelope = {
  name: 'compose prefixes',
  open(bytes, from, to, into) {
    const name = afterColour(bytes, from, to);
    let at = name;
    while (at < to && isNameByte(bytes[at]!)) at++;
    if (at === name) return false;
    const nameEnd = at;
    while (at < to && bytes[at] === space) at++;
    if (at === nameEnd || bytes[at] !== bar) return false;
    at = afterColour(bytes, at + 1, to);
    if (at < to && bytes[at] === space) at++;
    return contentAt(into, bytes, afterColour(bytes, at, to), to);
  },
};

/** RFC 5424: `<PRI>1 TIME HOST APP PROCID MSGID STRUCTURED-DATA line`. */
const syslogNew: Envelope = {
  name: 'syslog',
  open(bytes, from, to, into) {
    const version = afterPriority(bytes, from, to);
    if (version < 0 || bytes[version] !== 0x31 || bytes[version + 1] !== space) return false;
    let at = version + 2;
    for (let word = 0; word < 5; word++) {
      const end = wordEnd(bytes, at, to);
      if (end <= at) return false;
      at = end + 1;
    }
    at = structuredDataEnd(bytes, at, to);
    if (at < 0 || bytes[at] !== space) return false;
    at++;
    const marked = bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf;
    return contentAt(into, bytes, marked ? at + 3 : at, to);
  },
  time(bytes, from, to) {
    return isoAtStart(bytes, afterPriority(bytes, from, to) + 2, to);
  },
};

/**
 * RFC 3164 as nginx sends it (core/ngx_syslog.c), as syslog daemons write it to files, and as `journalctl` shows it:
 * `[<PRI>]TIME [HOST] TAG[PID]: line`.
 */
const syslogOld: Envelope = {
  name: 'syslog',
  open(bytes, from, to, into) {
    const time = Math.max(afterPriority(bytes, from, to), from);
    const timeEnd = Math.max(bsdEnd(bytes, time, to), isoEnd(bytes, time, to));
    if (timeEnd < 0) return false;
    let tag = timeEnd + 1;
    let end = wordEnd(bytes, tag, to);
    if (end > 0 && bytes[end - 1] !== colon) {
      tag = end + 1;
      end = wordEnd(bytes, tag, to);
    }
    // An address may end with a colon as a tag does, but holds others.
    return end > 0 && bytes.indexOf(colon, tag) === end - 1 && contentAt(into, bytes, end + 1, to);
  },
  time(bytes, from, to) {
    return isoAtStart(bytes, Math.max(afterPriority(bytes, from, to), from), to);
  },
};

/** Headers in front of the line, each before those that would take it as well. */
export const headers: readonly Envelope[] = [cri, podPrefix, composePrefix, syslogNew, syslogOld, stamps];

/** The instant at the start of the line, where it tells its zone. */
function isoAtStart(bytes: Buffer, from: number, to: number): number {
  const end = isoEnd(bytes, from, to);
  return end < 0 ? Number.NaN : (timeIso(bytes, from, end)?.at ?? Number.NaN);
}

/** End of `2026-11-23T06:58:45.413656027Z`, with an offset for the `Z` or not, in front of a space; else -1. */
function isoEnd(bytes: Buffer, from: number, to: number): number {
  if (from + 20 > to || bytes[from + 4] !== 0x2d || bytes[from + 7] !== 0x2d || bytes[from + 10] !== 0x54)
    return -1;
  if (bytes[from + 13] !== colon || bytes[from + 16] !== colon || !isDigit(bytes[from])) return -1;
  let at = from + 19;
  if (bytes[at] === 0x2e) for (at++; at < to && isDigit(bytes[at]); at++);
  if (bytes[at] === 0x5a) at++;
  else if (bytes[at] === 0x2b || bytes[at] === 0x2d)
    for (at++; at < to && (isDigit(bytes[at]) || bytes[at] === colon); at++);
  else return -1;
  return at < to && bytes[at] === space ? at : -1;
}

/** End of `Nov  3 06:58:45`, with a fraction or not, in front of a space; else -1. */
function bsdEnd(bytes: Buffer, from: number, to: number): number {
  if (from + 16 > to || bytes[from + 3] !== space || bytes[from + 6] !== space) return -1;
  if (bytes[from + 9] !== colon || bytes[from + 12] !== colon || !isDigit(bytes[from + 5])) return -1;
  let at = from + 15;
  if (bytes[at] === 0x2e) for (at++; at < to && isDigit(bytes[at]); at++);
  return at < to && bytes[at] === space ? at : -1;
}

/** Behind `<171>`; -1 where there is none. */
function afterPriority(bytes: Buffer, from: number, to: number): number {
  if (bytes[from] !== 0x3c) return -1;
  let at = from + 1;
  while (at < to && at < from + 4 && isDigit(bytes[at])) at++;
  return at > from + 1 && bytes[at] === 0x3e ? at + 1 : -1;
}

/** Behind `-` or `[id key="value"][…]`; -1 where neither stands. Values may hold `\]`. */
function structuredDataEnd(bytes: Buffer, from: number, to: number): number {
  if (bytes[from] === 0x2d) return from + 1;
  let at = from;
  while (at < to && bytes[at] === bracket) {
    while (at < to && bytes[at] !== closingBracket) at += bytes[at] === 0x5c ? 2 : 1;
    at++;
  }
  return at > from && at < to ? at : -1;
}

/** The space that ends the word at `from`; -1 where the line ends first. */
function wordEnd(bytes: Buffer, from: number, to: number): number {
  for (let at = from; at < to; at++) if (bytes[at] === space || bytes[at] === tab) return at;
  return -1;
}

/** Behind `ESC [ … m`, where that stands. */
function afterColour(bytes: Buffer, from: number, to: number): number {
  if (bytes[from] !== escapeByte || bytes[from + 1] !== bracket) return from;
  let at = from + 2;
  while (at < to && bytes[at] !== 0x6d) at++;
  return at + 1 > to ? from : at + 1;
}

function isNameByte(byte: number): boolean {
  const letter = byte | 0x20;
  return (
    (letter >= 0x61 && letter <= 0x7a) ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x2d ||
    byte === 0x2e ||
    byte === 0x5f
  );
}

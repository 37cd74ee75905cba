import { timeIso } from '../time.ts';
import { type Content, contentAt, type Envelope, scratchFor } from './envelope.ts';

const quote = 0x22;
const backslash = 0x5c;
const lineBreak = 0x0a;
const carriageReturn = 0x0d;

const opening = Buffer.from('{"log":"');
const timeKey = Buffer.from('"time":"');

/**
 * Docker's json-file driver (daemon/logger/jsonfilelog): `{"log":"…\n","stream":"stdout","time":"…Z"}`. A line that is
 * longer than 16 KiB is cut into several entries, of which only the last ends with a line break.
 */
export const dockerJson: Envelope = {
  name: 'Docker JSON',
  open(bytes, from, to, into) {
    if (from + opening.length > to) return false;
    for (let i = 0; i < opening.length; i++) if (bytes[from + i] !== opening[i]) return false;
    return textAt(bytes, from + opening.length, to, into);
  },
  time(bytes, from, to) {
    const key = bytes.subarray(from, to).lastIndexOf(timeKey);
    if (key < 0) return Number.NaN;
    const at = from + key + timeKey.length;
    const end = bytes.indexOf(quote, at);
    return end < 0 || end > to ? Number.NaN : (timeIso(bytes, at, end)?.at ?? Number.NaN);
  },
};

/** The string that begins at `from`, up to its quote; false where none closes it. */
function textAt(bytes: Buffer, from: number, to: number, into: Content): boolean {
  const text = scratchFor(into, to - from);
  let length = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!;
    if (byte === quote) {
      const ends = length > 0 && text[length - 1] === lineBreak;
      if (ends) length--;
      if (ends && length > 0 && text[length - 1] === carriageReturn) length--;
      contentAt(into, text, 0, length);
      into.isPart = !ends;
      return true;
    }
    if (byte !== backslash) {
      text[length++] = byte;
      continue;
    }
    const escaped = bytes[++at]!;
    if (at >= to) return false;
    if (escaped !== 0x75) text[length++] = controls[escaped] ?? escaped;
    else {
      length += text.write(codeUnit(bytes, at + 1, to), length);
      at += 4;
    }
  }
  return false;
}

/** `\u00e9`; Go's encoder writes so what is no UTF-8 or would be unsafe in HTML, never halves of a pair. */
function codeUnit(bytes: Buffer, from: number, to: number): string {
  const code = Number.parseInt(bytes.toString('latin1', from, Math.min(from + 4, to)), 16);
  return Number.isNaN(code) ? '\ufffd' : String.fromCharCode(code);
}

const controls: Readonly<Record<number, number>> = { 110: 0x0a, 114: 0x0d, 116: 0x09, 98: 0x08, 102: 0x0c };

import { crc32 } from 'node:zlib';
import type { Place } from '../live/queue-scan.ts';
import type { SpoolFile } from './spool-files.ts';

/*
 * A segment is a header and records behind each other; numbers are little-endian.
 *
 *   header   magic (8), bytes and lines of all segments before it (8 and 8), CRC-32 of these 24 bytes (4)
 *   record   length of the text (4), CRC-32 of length and text (4), text
 */
const magic = Buffer.from('why502s1');

export const headerLength = 28;
export const frameLength = 8;

/** A length above this was never written. */
const longestRecord = 64 * 1024 * 1024;

const lineBreak = 0x0a;

export function headerOf({ offset, line }: Place): Buffer {
  const header = Buffer.alloc(headerLength);
  magic.copy(header);
  header.writeBigUInt64LE(BigInt(offset), 8);
  header.writeBigUInt64LE(BigInt(line), 16);
  header.writeUInt32LE(crc32(header.subarray(0, 24)), 24);
  return header;
}

/** Where the segment begins; undefined where this is not the header of one. */
export function readHeader(file: SpoolFile): Place | undefined {
  const header = bytesOf(file, 0, headerLength);
  if (header.length < headerLength || !header.subarray(0, 8).equals(magic)) return undefined;
  if (crc32(header.subarray(0, 24)) !== header.readUInt32LE(24)) return undefined;
  return { offset: Number(header.readBigUInt64LE(8)), line: Number(header.readBigUInt64LE(16)) };
}

export function frameOf(text: Uint8Array): Buffer {
  const frame = Buffer.alloc(frameLength);
  frame.writeUInt32LE(text.length, 0);
  frame.writeUInt32LE(sumOf(frame, text), 4);
  return frame;
}

export interface FoundRecord {
  readonly text: Buffer;
  /** It is what was written. */
  readonly isSound: boolean;
  /** Position of the file behind it. */
  readonly end: number;
}

/** The record at a position of the file; undefined where there is none, or not all of it. */
export function recordAt(file: SpoolFile, position: number): FoundRecord | undefined {
  const frame = bytesOf(file, position, frameLength);
  if (frame.length < frameLength) return undefined;
  const length = frame.readUInt32LE(0);
  if (length === 0 || length > longestRecord) return undefined;
  const text = bytesOf(file, position + frameLength, length);
  if (text.length < length) return undefined;
  const isSound = sumOf(frame, text) === frame.readUInt32LE(4);
  return { text, isSound, end: position + frameLength + length };
}

export interface Recovered {
  /** Position of the file behind the last sound record: what stands there was never finished. */
  readonly end: number;
  /** Where the stream ends that the sound records hold. */
  readonly place: Place;
  /** The last of them ends with a line; also where there is none. */
  readonly endsLine: boolean;
}

/** Finds the last sound record. One that is damaged is passed over only where a sound one follows. */
export function recover(file: SpoolFile, begin: Place): Recovered {
  let found: Recovered = { end: headerLength, place: begin, endsLine: true };
  let { offset, line } = begin;
  for (let record = recordAt(file, found.end); record !== undefined; record = recordAt(file, record.end)) {
    offset += record.text.length;
    line += linesOf(record.text);
    if (record.isSound)
      found = { end: record.end, place: { offset, line }, endsLine: record.text.at(-1) === lineBreak };
    else if (recordAt(file, record.end)?.isSound !== true) break;
  }
  return found;
}

export function linesOf(text: Uint8Array): number {
  let lines = 0;
  for (let at = text.indexOf(lineBreak); at >= 0; at = text.indexOf(lineBreak, at + 1)) lines++;
  return lines;
}

/** Names of segments sort as their places do. */
export function segmentName(offset: number): string {
  return `${offset.toString().padStart(16, '0')}.segment`;
}

export function offsetOfName(name: string): number {
  return Number.parseInt(name, 10);
}

export function isSegmentName(name: string): boolean {
  return /^\d{16}\.segment$/.test(name);
}

function sumOf(frame: Uint8Array, text: Uint8Array): number {
  return crc32(text, crc32(frame.subarray(0, 4)));
}

function bytesOf(file: SpoolFile, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let at = 0;
  while (at < length) {
    const read = file.read(bytes.subarray(at), position + at);
    if (read === 0) break;
    at += read;
  }
  return bytes.subarray(0, at);
}

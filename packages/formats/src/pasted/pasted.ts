import {
  columns,
  type ErrorRecord,
  type Format,
  instant,
  type LogRecord,
  ofInterest,
  type RequestRecord,
  type Sighting,
} from '@why502/model';
import { createNames } from '../names.ts';
import { errorFormat } from '../nginx/error-log.ts';
import { recognise } from '../recognise.ts';
import { type Chunk, chunksOf, isJson } from './chunks.ts';
import { readPastedError } from './error-text.ts';
import { type SeenStatus, seenStatus } from './seen-status.ts';
import { messageOfErrno } from './shorthand.ts';
import { sightingOf } from './sightings.ts';

/** Text that somebody pasted, taken apart. */
export interface Paste {
  readonly parts: readonly PastedPart[];
  /** Lines behind the most that are read. */
  readonly unread: number;
}

/** One line of a log, or something else, with the lines of the paste that it stood in. */
export type PastedPart = { readonly first: number; readonly last: number; readonly text: string } & (
  | {
      readonly kind: 'error_line';
      readonly record: ErrorRecord;
      readonly dated: boolean;
      /** What the line does not say and its message mostly means. */
      readonly assumedAction: string | undefined;
    }
  | {
      readonly kind: 'request';
      readonly record: RequestRecord;
      readonly format: string;
      /** Its status, or that of an attempt, is that of a failure. */
      readonly failed: boolean;
    }
  /** A line of another program that tells something. */
  | { readonly kind: 'sighting'; readonly saw: Sighting }
  | ({ readonly kind: 'status' } & SeenStatus)
  | { readonly kind: 'set_aside' }
);

/** A person reads no more. */
const mostLines = 2_000;

/**
 * Finds lines of nginx's logs in text that was copied from a terminal, a page or a chat: with a prefix, wrapped, cut,
 * without date, between prose. Rows are those of the paste. Lines without a date take the time of the nearest line that
 * has one, else the beginning of 1970.
 */
export function readPasted(paste: string, name: string): Paste {
  const lines = paste.split(/\r?\n|\r/);
  const kept = lines.slice(0, mostLines);
  const reader = new PasteReader(name);
  const parts = chunksOf(kept.join('\n')).flatMap((chunk) => reader.read(chunk));
  const isLog = parts.some(({ kind }) => kind === 'error_line' || kind === 'request');
  return {
    parts: withTimes(isLog ? parts : parts.map((part) => shorthand(part, name))),
    unread: lines.length - kept.length,
  };
}

class PasteReader {
  readonly #name: string;
  #format: Format | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  read(chunk: Chunk): PastedPart[] {
    const { first, last, text } = chunk;
    if (chunk.kind === 'error') return [this.#error(chunk)];
    if (chunk.kind === 'access') {
      const inner = text.startsWith('{') && isJson(text) ? messageIn(text) : undefined;
      if (inner !== undefined) {
        return chunksOf(inner)
          .filter(({ kind }) => kind !== 'access' || inner !== text)
          .flatMap((one) => this.read({ ...one, first, last }));
      }
      const part = this.#line(chunk);
      if (part !== undefined) return [part];
    }
    const saw = sightingOf(text);
    return [
      saw === undefined
        ? { kind: 'set_aside', first, last, text }
        : { kind: 'sighting', saw, first, last, text },
    ];
  }

  #error({ text, first, last }: Chunk): PastedPart {
    const { record, dated, assumedAction } = readPastedError(text, this.#name, first);
    return { kind: 'error_line', first, last, text, record, dated, assumedAction };
  }

  #line({ text, first, last }: Chunk): PastedPart | undefined {
    const bytes = Buffer.from(text);
    const format = this.#formatOf(bytes);
    if (format === undefined) return undefined;
    const decoder = format.decoder(this.#name, createNames());
    const rows = columns(1);
    decoder.scan(bytes, 0, bytes.length, true, rows);
    const record: LogRecord | undefined = readIn(format, this.#name, bytes, first);
    if (rows.count === 0 || record === undefined) return undefined;
    if (record.kind === 'error_line')
      return { kind: 'error_line', first, last, text, record, dated: true, assumedAction: undefined };
    const failed = (rows.flags[0]! & ofInterest) !== 0;
    return { kind: 'request', first, last, text, record, format: format.name, failed };
  }

  /** The format of the line before, else the one that this line looks like. */
  #formatOf(bytes: Buffer): Format | undefined {
    if (this.#format !== undefined && readIn(this.#format, '', bytes, 1) !== undefined) return this.#format;
    const guess = recognise(bytes);
    if (guess === undefined || guess.format === errorFormat || guess.sureness < 0.5) return undefined;
    this.#format = guess.format;
    return guess.format;
  }
}

function readIn(format: Format, name: string, bytes: Buffer, line: number): LogRecord | undefined {
  const read = format.decoder(name, createNames()).read(bytes, 0, bytes.length, line);
  return 'kind' in read ? read : undefined;
}

/** The line that a log driver or a shipper put into an object. */
function messageIn(json: string): string | undefined {
  const object: unknown = JSON.parse(json);
  if (typeof object !== 'object' || object === null) return undefined;
  for (const key of ['log', 'message', 'msg', 'MESSAGE', 'textPayload', 'line']) {
    const value: unknown = Object.getOwnPropertyDescriptor(object, key)?.value;
    if (typeof value === 'string' && value.trim() !== '') return value;
  }
  return undefined;
}

/** Where no line of a log was found, somebody may have typed what they saw of one: a status, an error number. */
function shorthand(part: PastedPart, name: string): PastedPart {
  if (part.kind !== 'set_aside') return part;
  const { first, last, text } = part;
  const seen = seenStatus(text);
  if (seen !== undefined) return { kind: 'status', first, last, text, ...seen };
  const message = messageOfErrno(text);
  if (message === undefined) return part;
  return { kind: 'error_line', first, last, text, ...readPastedError(message, name, first) };
}

/** Lines without a time are of about the time of those that they were pasted with. */
function withTimes(parts: readonly PastedPart[]): readonly PastedPart[] {
  const walls = parts.map((part) => {
    if (part.kind === 'error_line') return part.dated ? part.record.wall : undefined;
    if (part.kind !== 'request') return undefined;
    return instant(part.record.end + (part.record.zoneOffsetMin ?? 0) * 60_000);
  });
  return parts.map((part, at) => {
    if (part.kind !== 'error_line' || part.dated) return part;
    const wall =
      walls.findLast((time, index) => index < at && time !== undefined) ??
      walls.find((time) => time !== undefined);
    return wall === undefined ? part : { ...part, record: { ...part.record, wall } };
  });
}

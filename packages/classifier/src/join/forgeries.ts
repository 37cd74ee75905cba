import type { ErrorRecord } from '@why502/model';

/** A write of nginx to its error log is no longer than this (NGX_MAX_ERROR_STR; OpenResty doubles it), bytes. */
const longestWrite = 4_096;

/** Of a line, besides its message and what it quotes of the request, bytes. */
const frame = 60;

/** Workers write at once, but logs of several hosts that were put together may be as much out of order, ms. */
const disorder = 60_000;

/** So many lines in a row that are older than those before them are not forged: the clock was set back. */
const mostInRow = 20;

/** How far one error log was read. */
interface Reading {
  /** Local time of the latest line that is not suspect, and of the one before it. */
  latest: number;
  before: number;
  /** The line that `latest` is the time of. */
  last: ErrorRecord | undefined;
  older: number;
  /** Line at which a write that was broken up goes on, and bytes that it may still have; none outside such a write. */
  goesOnAt: number;
  left: number;
}

/**
 * Lines of an error log that a client may have written. nginx puts the decoded path of a request into some messages, so
 * that `%0A` in it breaks the line, and what follows looks like a line of its own (nginx ticket 2340). Such lines come
 * between the two halves of a message about the request that holds the line break. Lines that were put in by other ways
 * are found where their time is impossible for their place.
 */
export class Forgeries {
  readonly #readings = new Map<string, Reading>();
  readonly #suspects = new WeakSet<ErrorRecord>();
  count = 0;

  /** Takes the lines of each file in their order. */
  take(record: ErrorRecord): void {
    const reading = this.#reading(record.row.file);
    const inside = isInside(reading, record);
    if (inside || isOutOfTime(reading, record, (spike) => this.#suspect(spike))) this.#suspect(record);
    follow(reading, record, inside);
  }

  /** The answer may change to yes with the line that follows. */
  has(record: ErrorRecord): boolean {
    return this.#suspects.has(record);
  }

  #suspect(record: ErrorRecord): void {
    if (this.#suspects.has(record)) return;
    this.#suspects.add(record);
    this.count++;
  }

  #reading(file: string): Reading {
    let reading = this.#readings.get(file);
    if (reading === undefined) {
      const never = Number.NEGATIVE_INFINITY;
      reading = { latest: never, before: never, last: undefined, older: 0, goesOnAt: 0, left: 0 };
      this.#readings.set(file, reading);
    }
    return reading;
  }
}

function isInside({ goesOnAt, left }: Reading, { row }: ErrorRecord): boolean {
  return left > 0 && row.line === goesOnAt;
}

/** Keeps track of whether the next line may belong to the same write. */
function follow(reading: Reading, record: ErrorRecord, inside: boolean): void {
  const begins = record.broken === 'begun';
  if (begins && !inside) reading.left = longestWrite;
  else if (!inside || record.broken === 'ended') reading.left = 0;
  if (reading.left <= 0) return;
  reading.left -= sizeOf(record);
  reading.goesOnAt = record.row.line + record.message.split('\n').length;
}

function sizeOf({ message, requestLine, peer, host }: ErrorRecord): number {
  return frame + message.length + (requestLine?.length ?? 0) + (peer?.length ?? 0) + (host?.length ?? 0);
}

/** @param spiked called with the line before, where that one is the one out of time */
function isOutOfTime(reading: Reading, record: ErrorRecord, spiked: (record: ErrorRecord) => void): boolean {
  const { wall } = record;
  if (wall >= reading.latest - disorder) {
    reading.older = 0;
    if (wall < reading.latest) return false;
    reading.before = reading.latest;
    reading.latest = wall;
    reading.last = record;
    return false;
  }
  if (reading.last !== undefined && reading.older === 0 && wall >= reading.before - disorder) {
    spiked(reading.last);
    reading.latest = Math.max(reading.before, wall);
    reading.last = undefined;
    return false;
  }
  reading.older++;
  if (reading.older < mostInRow) return true;
  reading.latest = wall;
  reading.last = undefined;
  reading.older = 0;
  return false;
}

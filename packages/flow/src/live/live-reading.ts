import type { Millis, Problem } from '@why502/model';
import type { Consumer, Input, Reading } from '../input.ts';
import { Reader } from '../reader.ts';
import { Marks } from './marks.ts';
import type { Place, QueueScan } from './queue-scan.ts';

/** Lines of one record stand in the file after this, ms, even where a writer's buffer is cut between them. */
const goesOnWithin = 2_000;

/** A log that grows. */
export interface LiveInput extends Input {
  readonly scan: QueueScan;
  /** When nothing came for so long, nobody waits for it any more. */
  readonly idleAfter: Millis;
}

/** A log that was read to its end. */
export interface ReadThrough {
  /** The latest time that counts, ms since the epoch. */
  readonly latest: number;
  /** As of a `LiveReading`. */
  readonly lastLine: number;
  /** As of a `LiveReading`. */
  placeBefore(time: number): Place;
}

/** A log that is read while it grows: what came and was not handed on yet, and how far it has come. */
export class LiveReading<I extends LiveInput> {
  readonly input: I;
  readonly #marks: Marks;
  readonly #reader: Reader<I>;
  /** Something waits to be handed on. */
  #waits = false;
  /** When all that had come was handed on for the first time since; undefined until then. */
  #starvedSince: number | undefined;

  constructor(input: I, now: number) {
    this.input = input;
    this.#marks = new Marks(input.scan.begin);
    this.#reader = new Reader(input);
    this.#starvedSince = now;
    input.scan.handedOn = (place) => this.#marks.add(place, this.#reader.latest);
  }

  push(chunk: Uint8Array): void {
    this.input.scan.push(chunk);
    this.#waits = true;
    this.#starvedSince = undefined;
  }

  /** No bytes follow. */
  end(): void {
    this.input.scan.end();
    this.#waits = true;
  }

  get queued(): number {
    return this.input.scan.queued;
  }

  get ended(): boolean {
    return this.#reader.ended;
  }

  get whole(): boolean {
    return this.#reader.whole;
  }

  get ahead(): number {
    return this.#reader.ahead;
  }

  get watermark(): number {
    return this.#reader.watermark;
  }

  get latest(): { readonly sure: number; readonly seen: number } {
    return this.#reader.latest;
  }

  /** What its times were so far. */
  get reading(): Reading {
    return this.#reader.reading;
  }

  /** Of the last row that was handed on; that before the first one where none was. */
  get lastLine(): number {
    return Math.max(this.#reader.lastLine, this.input.scan.begin.line);
  }

  /** Where reading is to begin again so that no line from this time or later is missed, save late ones. */
  placeBefore(time: number): Place {
    return this.#marks.before(time - this.input.disorder);
  }

  /** What is left to know of it when it has ended: the buffers that it was read with go with it. */
  get remains(): ReadThrough {
    const { latest, lastLine } = this;
    const { disorder } = this.input;
    const marks = this.#marks;
    return { latest: latest.sure, lastLine, placeBefore: (time) => marks.before(time - disorder) };
  }

  isIdle(now: number): boolean {
    return !this.#waits && now - this.#starvedSince! >= this.input.idleAfter;
  }

  /** When there will be something to do though no bytes come, monotonic ms; infinity where only bytes help. */
  nextDue(now: number): number {
    if (this.#waits) return Number.POSITIVE_INFINITY;
    const idle = this.#starvedSince! + this.input.idleAfter;
    const whole = this.input.scan.endsLine ? this.#starvedSince! + goesOnWithin : Number.POSITIVE_INFINITY;
    return Math.min(idle > now ? idle : Number.POSITIVE_INFINITY, whole);
  }

  /** Hands on what is there, up to the limit. */
  readOn(limit: number, consumer: Consumer<I>, ceiling: number, now: number): void {
    // A record of several lines is written at once: what has not gone on by then will not.
    if (!this.#waits && now - this.#starvedSince! >= goesOnWithin) this.#waits = this.input.scan.settle();
    if (!this.#waits || this.#reader.readOn(limit, consumer, ceiling)) return;
    if (this.input.scan.exhausted) this.#reader.end(consumer, undefined);
    this.#waits = false;
    this.#starvedSince ??= now;
  }

  /** Ends it where it is: the rest cannot be read. */
  fail(consumer: Consumer<I>, problem: Problem): void {
    this.#reader.end(consumer, problem);
  }
}

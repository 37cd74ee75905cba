import { inLocalTime, type Millis, Problem } from '@why502/model';
import type { Consumer, Input, Reading } from './input.ts';
import { LogClock } from './log-clock.ts';
import { ChunkScan, type Scan } from './scan.ts';

/** When daylight saving time ends, local times go back by this much. */
const changeMs = 3_600_000;

/** Of so many rows at the beginning of a log the earliest tells where it begins: one of them may be late, or stamped wrongly. */
const rowsThatBegin = 8;

/** An input being read: the rows found last, and how far they were handed on. */
export class Reader<I extends Input> {
  readonly #input: I;
  readonly #clock: LogClock;
  readonly #scan: Scan;
  /** First row that was not handed on. */
  #row = 0;
  #ended = false;
  /** By which local times were shifted last. */
  #shift: Millis;
  /** A row told its instant. */
  #told = false;
  #ceiling = Number.POSITIVE_INFINITY;
  /** Of the last row that was handed on. */
  lastLine = 0;

  constructor(input: I) {
    this.#input = input;
    this.#scan = input.scan ?? new ChunkScan(input.decoder, () => input.chunks());
    this.#clock = new LogClock(input.disorder, input.start);
    this.#shift = input.shift;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get whole(): boolean {
    return this.#input.whole ?? false;
  }

  get ahead(): number {
    return this.#input.ahead ?? 0;
  }

  get watermark(): number {
    return this.#clock.watermark;
  }

  /** What the times were so far. */
  get reading(): Reading {
    const { from, to, late } = this.#clock;
    return { from, to, late };
  }

  /** The latest time that counts, and the latest that was seen and not denied. */
  get latest(): { readonly sure: number; readonly seen: number } {
    return { sure: this.#clock.latest, seen: this.#clock.to ?? Number.NEGATIVE_INFINITY };
  }

  /** Hands rows on until the watermark of this input reaches the limit. Awaits only where it needs another chunk. */
  async readTo(limit: number, consumer: Consumer<I>): Promise<void> {
    while (!this.readOn(limit, consumer)) await this.#fetch(consumer);
  }

  /**
   * Hands rows on until the watermark reaches the limit; false where another chunk is needed for that.
   * @param ceiling rows from later than this move no watermark: nobody has come so far yet
   */
  readOn(limit: number, consumer: Consumer<I>, ceiling = Number.POSITIVE_INFINITY): boolean {
    this.#takeShift();
    this.#ceiling = ceiling;
    while (!this.#ended && !this.#clock.hasReached(limit)) {
      if (this.#row < this.#scan.rows.count) this.#handOn(limit, consumer);
      else {
        this.#row = 0;
        if (!this.#scan.next()) return false;
        if (this.lastLine === 0) this.#begin(ceiling);
      }
    }
    return true;
  }

  /**
   * What is known of the start of a log may be that of another of its files, or nothing. None of the first rows is handed on
   * before the other logs have come so far.
   */
  #begin(ceiling: number): void {
    const { count, at, flags } = this.#scan.rows;
    let first = Number.POSITIVE_INFINITY;
    for (let row = 0; row < Math.min(count, rowsThatBegin); row++) {
      const time = at[row]! + ((flags[row]! & inLocalTime) !== 0 ? this.#shift : 0);
      if (time < first && time <= ceiling) first = time;
    }
    if (Number.isFinite(first)) this.#clock.begin(first);
  }

  #handOn(limit: number, consumer: Consumer<I>): void {
    const { rows, bytes } = this.#scan;
    const { count, at, flags } = rows;
    const shift = this.#shift;
    const ceiling = this.#ceiling;
    const from = this.#row;
    let row = from;
    do {
      const isLocal = (flags[row]! & inLocalTime) !== 0;
      if (isLocal) at[row]! += shift;
      else this.#told = true;
      if (at[row]! <= ceiling) this.#clock.see(at[row]!, isLocal ? changeMs : 0);
      row++;
    } while (row < count && !this.#clock.hasReached(limit));
    this.#row = row;
    this.lastLine = rows.line[row - 1]!;
    consumer.rows(this.#input, rows, from, row, bytes);
  }

  /** A log that tells local times only has come as far as it has by the new shift. */
  #takeShift(): void {
    const { shift } = this.#input;
    if (shift !== this.#shift && !this.#told) this.#clock.move(shift - this.#shift);
    this.#shift = shift;
  }

  async #fetch(consumer: Consumer<I>): Promise<void> {
    try {
      if (!(await this.#scan.more())) this.end(consumer, undefined);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      // The bytes that wait for the end of their line are no line.
      this.end(consumer, error);
    }
  }

  /** Says that the input has been read to its end, or to where the problem is. */
  end(consumer: Consumer<I>, problem: Problem | undefined): void {
    this.#ended = true;
    consumer.ended(this.#input, this.reading, problem);
  }
}

import { type Columns, columns, inLocalTime, type Millis, Problem } from '@why502/model';
import type { Consumer, Input } from './input.ts';
import { LineBuffer, longestRecord } from './line-buffer.ts';
import { LogClock } from './log-clock.ts';

/** Holds about one chunk of ordinary lines. */
const rowsAtOnce = 1024;

/** When daylight saving time ends, local times go back by this much. */
const changeMs = 3_600_000;

/** An input being read: its chunk, the rows scanned from it, and how far they were handed on. */
export class Reader<I extends Input> {
  readonly #input: I;
  readonly #clock: LogClock;
  readonly #lines = new LineBuffer();
  readonly #rows: Columns = columns(rowsAtOnce);
  /** First row that was not handed on. */
  #row = 0;
  #chunks: AsyncIterator<Uint8Array> | undefined;
  #ended = false;
  /** By which local times were shifted last. */
  #shift: Millis;
  /** A row told its instant. */
  #told = false;

  constructor(input: I) {
    this.#input = input;
    this.#clock = new LogClock(input.disorder, input.start);
    this.#shift = input.shift;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get ahead(): number {
    return this.#input.ahead ?? 0;
  }

  get watermark(): number {
    return this.#clock.watermark;
  }

  /** Hands rows on until the watermark of this input reaches the limit. Awaits only where it needs another chunk. */
  async readTo(limit: number, consumer: Consumer<I>): Promise<void> {
    this.#takeShift();
    while (!this.#ended && !this.#clock.hasReached(limit)) {
      if (this.#row < this.#rows.count) this.#handOn(limit, consumer);
      else if (!this.#scan()) await this.#fetch(consumer);
    }
  }

  #handOn(limit: number, consumer: Consumer<I>): void {
    const { count, at, flags } = this.#rows;
    const shift = this.#shift;
    const from = this.#row;
    let row = from;
    do {
      const isLocal = (flags[row]! & inLocalTime) !== 0;
      if (isLocal) at[row]! += shift;
      else this.#told = true;
      this.#clock.see(at[row++]!, isLocal ? changeMs : 0);
    } while (row < count && !this.#clock.hasReached(limit));
    this.#row = row;
    consumer.rows(this.#input, this.#rows, from, row, this.#lines.bytes);
  }

  /** Fills the rows; false where that takes another chunk. */
  #scan(): boolean {
    const lines = this.#lines;
    const rows = this.#rows;
    rows.count = 0;
    this.#row = 0;
    for (;;) {
      while (lines.from < lines.to) {
        const read = this.#scanStretch(lines.last);
        const stuck = read === lines.from;
        lines.from = read;
        if (rows.count > 0) return true;
        if (stuck) break;
      }
      if (!lines.next()) return false;
    }
  }

  #scanStretch(last: boolean): number {
    const { bytes, from, to } = this.#lines;
    const read = this.#input.decoder.scan(bytes, from, to, last, this.#rows);
    if (last) return this.#rows.count > 0 ? read : to;
    // A record that is still open after so many bytes must end here.
    return read === from && to - from >= longestRecord ? this.#scanStretch(true) : read;
  }

  /** A log that tells local times only has come as far as it has by the new shift. */
  #takeShift(): void {
    const { shift } = this.#input;
    if (shift !== this.#shift && !this.#told) this.#clock.move(shift - this.#shift);
    this.#shift = shift;
  }

  async #fetch(consumer: Consumer<I>): Promise<void> {
    try {
      if (this.#lines.last) return this.#end(consumer, undefined);
      this.#chunks ??= this.#input.chunks()[Symbol.asyncIterator]();
      const next = await this.#chunks.next();
      if (next.done) this.#lines.end();
      else this.#lines.feed(next.value);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      // The bytes that wait for the end of their line are no line.
      this.#end(consumer, error);
    }
  }

  #end(consumer: Consumer<I>, problem: Problem | undefined): void {
    this.#ended = true;
    const { from, to, late } = this.#clock;
    consumer.ended(this.#input, { from, to, late }, problem);
  }
}

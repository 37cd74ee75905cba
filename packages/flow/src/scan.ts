import { type Columns, columns, type Decoder } from '@why502/model';
import { LineBuffer, longestRecord } from './line-buffer.ts';

/** Holds about one chunk of ordinary lines. */
const rowsAtOnce = 1024;

/** The rows of one log, some at a time, wherever they are scanned. */
export interface Scan {
  /** What was found last; whoever reads may change the times. */
  readonly rows: Columns;
  /** What the byte ranges of the rows lie in. */
  readonly bytes: Buffer;
  /** Finds the next rows in the place of the last ones; false where it has to wait for more. */
  next(): boolean;
  /**
   * Waits for more. False at the end.
   * @throws Problem for what a user can mend; what came before it counts
   */
  more(): Promise<boolean>;
}

/** Scans chunks that somebody feeds to it. */
export class FedScan {
  readonly rows: Columns = columns(rowsAtOnce);
  readonly #decoder: Decoder;
  readonly #lines = new LineBuffer();
  #fed = 0;
  #settled = false;

  constructor(decoder: Decoder) {
    this.#decoder = decoder;
  }

  get bytes(): Buffer {
    return this.#lines.bytes;
  }

  /** No bytes follow those that were fed. */
  get last(): boolean {
    return this.#lines.last;
  }

  /** Bytes of whole records up to here were scanned; those behind them wait for their end, or for `next`. */
  get scanned(): number {
    return this.#fed - this.#lines.unread;
  }

  /** Takes the next chunk, which must stay as it is until the next call. To be called when `next` returned false. */
  feed(chunk: Uint8Array): void {
    this.#fed += chunk.length;
    this.#settled = false;
    this.#lines.feed(chunk);
  }

  /** What waits ends with a line break, but the record might go on in the next line. */
  get endsLine(): boolean {
    return this.#lines.endsLine;
  }

  /** Says that the record whose lines wait goes on with no other; false where none waits. */
  settle(): boolean {
    this.#settled = this.#lines.endsLine;
    return this.#settled;
  }

  /** Says that no chunk follows. */
  end(): void {
    this.#lines.end();
  }

  next(): boolean {
    const lines = this.#lines;
    const { rows } = this;
    rows.count = 0;
    for (;;) {
      while (lines.from < lines.to) {
        const read = this.#stretch(lines.last || this.#settled);
        const stuck = read === lines.from;
        lines.from = read;
        if (rows.count > 0) return true;
        if (stuck) break;
      }
      if (!lines.next(lines.last || this.#settled)) return false;
    }
  }

  #stretch(last: boolean): number {
    const { bytes, from, to } = this.#lines;
    const read = this.#decoder.scan(bytes, from, to, last, this.rows);
    if (last) return this.rows.count > 0 ? read : to;
    // A record that is still open after so many bytes must end here.
    return read === from && to - from >= longestRecord ? this.#stretch(true) : read;
  }
}

/** Scans chunks as they come. */
export class ChunkScan extends FedScan implements Scan {
  readonly #open: () => AsyncIterable<Uint8Array>;
  #chunks: AsyncIterator<Uint8Array> | undefined;

  /** @param open asks for the chunks; called when the first ones are needed */
  constructor(decoder: Decoder, open: () => AsyncIterable<Uint8Array>) {
    super(decoder);
    this.#open = open;
  }

  async more(): Promise<boolean> {
    if (this.last) return false;
    this.#chunks ??= this.#open()[Symbol.asyncIterator]();
    const next = await this.#chunks.next();
    if (next.done) this.end();
    else this.feed(next.value);
    return true;
  }
}

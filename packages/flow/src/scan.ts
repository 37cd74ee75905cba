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

/** Scans chunks as they come. */
export class ChunkScan implements Scan {
  readonly rows: Columns = columns(rowsAtOnce);
  readonly #decoder: Decoder;
  readonly #open: () => AsyncIterable<Uint8Array>;
  readonly #lines = new LineBuffer();
  #chunks: AsyncIterator<Uint8Array> | undefined;

  /** @param open asks for the chunks; called when the first ones are needed */
  constructor(decoder: Decoder, open: () => AsyncIterable<Uint8Array>) {
    this.#decoder = decoder;
    this.#open = open;
  }

  get bytes(): Buffer {
    return this.#lines.bytes;
  }

  next(): boolean {
    const lines = this.#lines;
    const { rows } = this;
    rows.count = 0;
    for (;;) {
      while (lines.from < lines.to) {
        const read = this.#stretch(lines.last);
        const stuck = read === lines.from;
        lines.from = read;
        if (rows.count > 0) return true;
        if (stuck) break;
      }
      if (!lines.next()) return false;
    }
  }

  async more(): Promise<boolean> {
    if (this.#lines.last) return false;
    this.#chunks ??= this.#open()[Symbol.asyncIterator]();
    const next = await this.#chunks.next();
    if (next.done) this.#lines.end();
    else this.#lines.feed(next.value);
    return true;
  }

  #stretch(last: boolean): number {
    const { bytes, from, to } = this.#lines;
    const read = this.#decoder.scan(bytes, from, to, last, this.rows);
    if (last) return this.rows.count > 0 ? read : to;
    // A record that is still open after so many bytes must end here.
    return read === from && to - from >= longestRecord ? this.#stretch(true) : read;
  }
}

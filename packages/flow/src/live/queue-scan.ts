import type { Columns, Decoder } from '@why502/model';
import { FedScan, type Scan } from '../scan.ts';

/** A place in a log between two lines: the bytes and the lines before it, of the text that unpacking gave. */
export interface Place {
  readonly offset: number;
  readonly line: number;
}

/** Whether what was loaded is one. */
export function isPlace(value: unknown): value is Place {
  if (typeof value !== 'object' || value === null || !('offset' in value) || !('line' in value)) return false;
  return Number.isSafeInteger(value.offset) && Number.isSafeInteger(value.line);
}

/** Scans chunks that come when they come, beginning at any line of a log. */
export class QueueScan implements Scan {
  /** Where its first line stands. */
  readonly begin: Place;
  readonly #fed: FedScan;
  readonly #decoder: Decoder;
  /** Told, before more is scanned, up to where all rows were taken. */
  handedOn: (place: Place) => void = () => {};
  readonly #chunks: Uint8Array[] = [];
  #queued = 0;
  #last = false;

  constructor(decoder: Decoder, begin: Place) {
    this.#fed = new FedScan(decoder);
    this.#decoder = decoder;
    this.begin = begin;
  }

  get rows(): Columns {
    return this.#fed.rows;
  }

  get bytes(): Buffer {
    return this.#fed.bytes;
  }

  /** Bytes that wait to be scanned, besides the chunk that is being scanned. */
  get queued(): number {
    return this.#queued;
  }

  /** Where the lines end that were scanned. */
  get place(): Place {
    const { offset, line } = this.begin;
    return { offset: offset + this.#fed.scanned, line: line + this.#decoder.lines };
  }

  /** Takes a copy of the next bytes. */
  push(chunk: Uint8Array): void {
    this.#chunks.push(Buffer.from(chunk));
    this.#queued += chunk.length;
  }

  /** No bytes follow those that were pushed: what stands behind the last line break is a line, too. */
  end(): void {
    this.#last = true;
  }

  /** A record waits for a line that might go on with it. */
  get endsLine(): boolean {
    return this.#chunks.length === 0 && this.#fed.endsLine;
  }

  /** Says that such a record is whole; false where none waits. */
  settle(): boolean {
    return this.#chunks.length === 0 && this.#fed.settle();
  }

  /** All was scanned, and nothing follows. */
  get exhausted(): boolean {
    return this.#fed.last && this.#chunks.length === 0;
  }

  next(): boolean {
    this.handedOn(this.place);
    while (!this.#fed.next()) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) {
        this.#queued -= chunk.length;
        this.#fed.feed(chunk);
      } else if (this.#last && !this.#fed.last) this.#fed.end();
      else return false;
    }
    this.#number();
    return true;
  }

  /** A decoder counts the lines that it sees; those before them count, too. */
  #number(): void {
    const { line, count } = this.#fed.rows;
    if (this.begin.line > 0) for (let row = 0; row < count; row++) line[row]! += this.begin.line;
  }

  /** Nobody waits inside of a live scan: who pushes turns the pump. */
  more(): Promise<boolean> {
    return Promise.resolve(!this.exhausted);
  }
}

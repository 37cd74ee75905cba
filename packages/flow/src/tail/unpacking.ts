import type { Place } from '../live/queue-scan.ts';
import type { FileStat } from './file-layer.ts';
import { headLength, type Position, printOf } from './position.ts';

/** The text of a packed file, from where it has not been read. */
export class Unpacking {
  readonly name: string;
  readonly stat: FileStat;
  readonly chunks: AsyncIterator<Uint8Array>;
  /** Of the text while it was plain. */
  position: Position | undefined;
  /** The generation whose text it is, where that is followed. */
  copyOf: string | undefined;
  /** Its first bytes, once they were asked for. */
  text: Buffer = Buffer.alloc(0);
  hasBegun = false;
  /** Bytes that are left out before any is handed on. */
  #skip = 0;
  #rest: Uint8Array | undefined;

  constructor(name: string, stat: FileStat, chunks: AsyncIterable<Uint8Array>) {
    this.name = name;
    this.stat = stat;
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  /** The first bytes of the text, by which it is known; fewer of a short one. */
  async head(): Promise<Buffer> {
    while (this.text.length < headLength) {
      const next = await this.chunks.next();
      if (next.done === true) break;
      this.text = Buffer.concat([this.text, next.value]);
    }
    this.#rest = this.text;
    this.text = this.text.subarray(0, headLength);
    return this.text;
  }

  begin(offset: number): void {
    this.hasBegun = true;
    this.#skip = offset;
  }

  /** Where it is to be read on; undefined where nothing of it was wanted yet. */
  positionOf(generation: string, place: Place | undefined): Position | undefined {
    if (!this.hasBegun || place === undefined) return this.position;
    const { device, inode } = this.stat;
    const guard = printOf(Buffer.alloc(0));
    return { generation, name: this.name, device, inode, head: printOf(this.text), guard, place };
  }

  /** Undefined at the end. */
  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const chunk = this.#rest ?? (await this.#more());
      this.#rest = undefined;
      if (chunk === undefined) return undefined;
      const from = Math.min(this.#skip, chunk.length);
      this.#skip -= from;
      if (from < chunk.length) return chunk.subarray(from);
    }
  }

  async #more(): Promise<Uint8Array | undefined> {
    const next = await this.chunks.next();
    return next.done === true ? undefined : next.value;
  }
}

import type { Readable } from 'node:stream';
import { Problem } from '@why502/model';
import type { SpooledStream } from './spooled-stream.ts';

/** So much is read ahead of the disk, bytes. */
const mostAhead = 4 * 1024 * 1024;

/** So much is brought to the disk at once, bytes. */
const mostAtOnce = 256 * 1024;

/** So long it waits when nothing can be kept, ms. */
const pauseMs = 250;

/** Brings what comes through a stream to the disk, in order. Where the disk takes no more the stream waits. */
export class Feed {
  readonly #stream: Readable;
  readonly #into: SpooledStream;
  readonly #trouble: (problem: Problem) => void;
  readonly #waiting: Buffer[] = [];
  #bytes = 0;
  #working: Promise<void> | undefined;
  #said: string | undefined;
  #isClosing = false;

  constructor(stream: Readable, into: SpooledStream, trouble: (problem: Problem) => void) {
    this.#stream = stream;
    this.#into = into;
    this.#trouble = trouble;
  }

  begin(): void {
    this.#stream
      .on('data', this.#take)
      .once('end', () => this.#over())
      .once('error', (cause) => {
        this.#trouble(new Problem('W502_READ_FAILED', { where: this.#into.name }, { cause }));
        this.#over();
      });
  }

  /** Reads no more; what was read is brought to the disk if that takes it now. */
  async end(): Promise<void> {
    this.#isClosing = true;
    this.#stream.off('data', this.#take);
    this.#stream.pause();
    for (let chunk = this.#stream.read(); chunk !== null; chunk = this.#stream.read()) this.#take(chunk);
    await this.#working;
  }

  readonly #take = (chunk: Buffer): void => {
    this.#waiting.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > mostAhead) this.#stream.pause();
    this.#working ??= this.#work();
  };

  async #over(): Promise<void> {
    await this.#working;
    this.#into.end();
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const chunk = this.#taken();
      if (!(await this.#keep(chunk))) break;
      this.#bytes -= chunk.length;
      if (this.#bytes <= mostAhead && !this.#isClosing) this.#stream.resume();
    }
    this.#working = undefined;
  }

  #taken(): Buffer {
    const chunks: Buffer[] = [];
    for (let left = mostAtOnce; left > 0 && this.#waiting.length > 0; ) {
      const chunk = this.#waiting.shift()!;
      if (chunk.length > left) this.#waiting.unshift(chunk.subarray(left));
      chunks.push(chunk.subarray(0, left));
      left -= chunk.length;
    }
    return Buffer.concat(chunks);
  }

  /** Tries until it is on the disk; false where it is not and nobody waits for that any more. */
  async #keep(chunk: Buffer): Promise<boolean> {
    for (;;) {
      try {
        this.#into.makeRoom(chunk.length);
        await this.#into.add([chunk]);
        this.#said = undefined;
        return true;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (error.code !== this.#said) this.#trouble(error);
        this.#said = error.code;
        if (this.#isClosing) return false;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  }
}

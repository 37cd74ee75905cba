import type { FollowEvent } from '@why502/flow';
import { Problem, type Source } from '@why502/model';
import { discover, FormatChoice, type FormatHint } from '@why502/pipeline-analyze';
import type { Following } from './following.ts';
import type { TailRequest } from './request.ts';

/** A line that is longer tells no format. */
const mostHead = 64 * 1024;

/** So much is read ahead of the slower of two readers, bytes. */
const mostAhead = 16 * 1024 * 1024;

/**
 * What `tail` is asked in order to follow a stream, such as standard input: its format is recognised from its first lines, which
 * this waits for. Chunks may be bytes or text, and end anywhere.
 *
 * @param name of the stream, for results and messages
 * @param stop ends the waiting for the first lines
 */
export async function followStream(
  stream: AsyncIterable<Uint8Array | string>,
  name: string,
  hint: FormatHint = {},
  stop?: AbortSignal,
): Promise<Required<Pick<TailRequest, 'discovery' | 'follow' | 'watch'>>> {
  const followed = new FollowedStream(stream, name);
  const [judged, watched] = [followed.reader(), followed.reader()];
  const beginning = await followed.begin(stop);
  const discovery = await discover(beginning === undefined ? [] : [beginning], new FormatChoice(hint));
  return { discovery, follow: async () => judged, watch: async () => watched };
}

/**
 * Follows a stream, such as standard input, for several readers at once: each gets all of it. It cannot be read again, so
 * that there is nothing to go on from after a restart.
 */
class FollowedStream {
  readonly #stream: AsyncIterable<Uint8Array | string>;
  readonly #name: string;
  readonly #readers: StreamReader[] = [];
  #pumping: Promise<void> | undefined;
  #head = Buffer.alloc(0);
  #begun: (() => void) | undefined;

  constructor(stream: AsyncIterable<Uint8Array | string>, name: string) {
    this.#stream = stream;
    this.#name = name;
  }

  /** To be called for all readers before the first of them is asked. */
  reader(): Following {
    const reader = new StreamReader(this.#name, () => {
      this.#pumping ??= this.#pump();
    });
    this.#readers.push(reader);
    return reader;
  }

  /**
   * Waits for the first line. What it resolves to holds the beginning of the stream, by which its format is recognised; undefined
   * where it was stopped before that came.
   */
  async begin(stop?: AbortSignal): Promise<Source | undefined> {
    const begun = new Promise<void>((resolve) => {
      this.#begun = resolve;
      stop?.addEventListener('abort', () => resolve(), { once: true });
    });
    this.#pumping ??= this.#pump();
    if (stop?.aborted !== true) await begun;
    const head = this.#head;
    if (stop?.aborted === true && head.length === 0) return undefined;
    return {
      name: this.#name,
      once: true,
      async *chunks() {
        if (head.length > 0) yield head;
      },
    };
  }

  #note(chunk: Buffer): void {
    if (this.#begun === undefined) return;
    this.#head = Buffer.concat([this.#head, chunk]);
    const end = this.#head.lastIndexOf(0x0a) + 1;
    if (end === 0 && this.#head.length < mostHead) return;
    this.#head = this.#head.subarray(0, end === 0 ? mostHead : end);
    this.#begun();
    this.#begun = undefined;
  }

  async #pump(): Promise<void> {
    try {
      for await (const chunk of this.#stream) {
        // The chunk may be used again by the stream.
        const kept = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk);
        this.#note(kept);
        for (const reader of this.#readers) reader.push(kept);
        for (const reader of this.#readers) await reader.room(mostAhead);
      }
    } catch (cause) {
      for (const reader of this.#readers)
        reader.fail(new Problem('W502_READ_FAILED', { where: this.#name }, { cause }));
    }
    for (const reader of this.#readers) reader.end();
    this.#begun?.();
  }
}

const generation = '1';

class StreamReader implements Following {
  readonly #name: string;
  readonly #start: () => void;
  #events: FollowEvent[];
  #bytes = 0;
  #isOver = false;
  #wake: (() => void) | undefined;
  #hasRoom: (() => void) | undefined;

  constructor(name: string, start: () => void) {
    this.#name = name;
    this.#start = start;
    this.#events = [{ kind: 'opened', generation, name, place: { offset: 0, line: 0 } }];
  }

  push(chunk: Uint8Array): void {
    if (this.#isOver) return;
    this.#bytes += chunk.length;
    this.#tell({ kind: 'bytes', generation, chunk });
  }

  /** Resolves when no more than so many bytes wait. */
  async room(most: number): Promise<void> {
    while (this.#bytes > most && !this.#isOver)
      await new Promise<void>((resolve) => {
        this.#hasRoom = resolve;
      });
  }

  fail(problem: Problem): void {
    this.#tell({ kind: 'trouble', name: this.#name, problem });
  }

  end(): void {
    this.#tell({ kind: 'ended', generation, reason: 'end' });
    this.#isOver = true;
    this.#wake?.();
  }

  async next(held: ReadonlySet<string>): Promise<readonly FollowEvent[] | undefined> {
    this.#start();
    for (;;) {
      if (this.#events.length > 0 && !held.has(generation)) {
        const events = this.#events;
        this.#events = [];
        this.#bytes = 0;
        this.#hasRoom?.();
        return events;
      }
      if (this.#isOver && this.#events.length === 0) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (held.has(generation)) setTimeout(resolve, 50);
      });
      if (held.has(generation)) return [];
    }
  }

  state(): undefined {
    return undefined;
  }

  async close(): Promise<void> {
    this.#isOver = true;
    this.#hasRoom?.();
    this.#wake?.();
  }

  #tell(event: FollowEvent): void {
    this.#events.push(event);
    this.#wake?.();
  }
}

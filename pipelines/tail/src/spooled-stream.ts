import { type FollowEvent, isPlace, type Place, Spool, SpoolReader } from '@why502/flow';
import type { Source } from '@why502/model';
import type { Following } from './following.ts';

/** All that ever comes through it is one log. */
const generation = '1';

const lineBreak = Buffer.from('\n');

/** A line that is longer tells no format. */
const mostHead = 64 * 1024;

/** Events of one call. */
const mostAtOnce = 16;

export interface SpooledStreamOptions {
  readonly folder: string;
  /** As the log is called in results. */
  readonly name: string;
  /** It takes no more than this of the disk, bytes. */
  readonly mostBytes: number;
  /** State of a follower of an earlier run. */
  readonly state?: unknown;
}

/** Lines that cannot be asked for again, kept on the disk until no restart needs them: one log for all its readers. */
export class SpooledStream {
  readonly name: string;
  readonly #spool: Spool;
  /** That of the one who judges. */
  #judged: SpooledReader | undefined;
  #over = false;
  readonly #ended = new Set<() => void>();

  private constructor(name: string, spool: Spool) {
    this.name = name;
    this.#spool = spool;
  }

  /** @throws Problem W502_SPOOL_FAILED */
  static async open({ folder, name, mostBytes, state }: SpooledStreamOptions): Promise<SpooledStream> {
    const reached = placeOf(state);
    const spool = await Spool.open({ folder, mostBytes, ...(reached === undefined ? {} : { reached }) });
    // A line that was torn by the end of an earlier run is not the beginning of another one.
    if (!spool.endsLine) await spool.append([lineBreak]);
    return new SpooledStream(name, spool);
  }

  /** Resolves when all of it is on the disk. @throws Problem W502_SPOOL_FULL, W502_SPOOL_FAILED */
  async add(texts: readonly Uint8Array[]): Promise<void> {
    await this.#spool.append(texts);
  }

  /**
   * Whether so many bytes more would be taken. Where all that is kept was read and is only there for a restart, the
   * oldest of it is let go of for them: everything would wait for each other otherwise.
   */
  makeRoom(bytes: number): boolean {
    const { segments, end } = this.#spool;
    const wasRead = this.#judged !== undefined && this.#judged.place.offset >= end.offset;
    while (wasRead && segments.length > 1 && !this.#spool.hasRoom(bytes))
      this.#spool.release(segments[1]!.begin);
    return this.#spool.hasRoom(bytes);
  }

  /** Nothing will be added any more. */
  end(): void {
    this.#over = true;
    for (const tell of this.#ended) tell();
  }

  /** @param state of an earlier follower; anything else: from the beginning of what is kept */
  follow(state: unknown): Following {
    this.#judged = this.#reader(placeOf(state) ?? this.#spool.begin);
    return this.#judged;
  }

  /** @param fresh only what is added from now on */
  watch(fresh: boolean): Following {
    return this.#reader(fresh ? this.#spool.end : this.#spool.begin);
  }

  /**
   * Waits for the first line. What it resolves to holds the beginning, by which the format is recognised.
   *
   * @param stop ends the waiting: what is there by then is the beginning
   */
  async begin(stop?: AbortSignal): Promise<Source> {
    const { begin } = this.#spool;
    const stopped = new Promise<void>((resolve) => stop?.addEventListener('abort', () => resolve()));
    while (this.#spool.end.line === begin.line && this.#spool.end.offset - begin.offset < mostHead) {
      if (this.#over || stop?.aborted === true) break;
      await Promise.race([this.grown(), stopped]);
    }
    return { name: this.name, once: true, chunks: () => this.#head() };
  }

  kept(state: unknown): void {
    const place = placeOf(state);
    if (place !== undefined) this.#spool.release(place);
  }

  /** Resolves when there is more, or never will be. */
  grown(): Promise<void> {
    return new Promise((resolve) => {
      const tell = () => {
        forget();
        this.#ended.delete(tell);
        resolve();
      };
      const forget = this.#spool.onGrown(tell);
      this.#ended.add(tell);
    });
  }

  close(): Promise<void> {
    return this.#spool.close();
  }

  #reader(from: Place): SpooledReader {
    return new SpooledReader(this.name, new SpoolReader(this.#spool, from), {
      grown: () => this.grown(),
      isOver: () => this.#over,
    });
  }

  async *#head(): AsyncGenerator<Uint8Array> {
    const reader = new SpoolReader(this.#spool, this.#spool.begin);
    const texts: Buffer[] = [];
    for (let bytes = 0; bytes < mostHead; ) {
      const text = reader.next();
      if (text === undefined) break;
      texts.push(text);
      bytes += text.length;
    }
    reader.close();
    const head = Buffer.concat(texts);
    const end = head.lastIndexOf(lineBreak) + 1;
    yield end === 0 ? head : head.subarray(0, end);
  }
}

class SpooledReader implements Following {
  readonly #name: string;
  readonly #reader: SpoolReader;
  readonly #stream: { readonly grown: () => Promise<void>; readonly isOver: () => boolean };
  #step: 'opening' | 'reading' | 'ended' = 'opening';
  #isClosed = false;
  #close: (() => void) | undefined;
  readonly #closed = new Promise<void>((resolve) => {
    this.#close = resolve;
  });

  constructor(
    name: string,
    reader: SpoolReader,
    stream: { readonly grown: () => Promise<void>; readonly isOver: () => boolean },
  ) {
    this.#name = name;
    this.#reader = reader;
    this.#stream = stream;
  }

  get place(): Place {
    return this.#reader.place;
  }

  async next(held: ReadonlySet<string>): Promise<readonly FollowEvent[] | undefined> {
    while (!this.#isClosed && this.#step !== 'ended') {
      const events = this.#news(held);
      if (events.length > 0) return events;
      if (held.has(generation)) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        return [];
      }
      if (this.#stream.isOver()) {
        this.#step = 'ended';
        return [{ kind: 'ended', generation, reason: 'end' }];
      }
      await Promise.race([this.#stream.grown(), this.#closed]);
    }
    return undefined;
  }

  state(places: ReadonlyMap<string, Place>): Place | undefined {
    return places.get(generation);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#close?.();
    this.#reader.close();
  }

  #news(held: ReadonlySet<string>): FollowEvent[] {
    const events: FollowEvent[] = [];
    if (this.#step === 'opening') {
      this.#step = 'reading';
      events.push({ kind: 'opened', generation, name: this.#name, place: this.place });
    }
    while (events.length < mostAtOnce && !held.has(generation)) {
      const chunk = this.#reader.next();
      if (chunk === undefined) break;
      events.push({ kind: 'bytes', generation, chunk });
    }
    return events;
  }
}

function placeOf(state: unknown): Place | undefined {
  return isPlace(state) ? state : undefined;
}

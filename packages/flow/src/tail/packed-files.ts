import { Problem } from '@why502/model';
import { problemOf } from '../file-source.ts';
import type { Place } from '../live/queue-scan.ts';
import type { FileStat, OpenFile } from './file-layer.ts';
import type { FollowEvent } from './follow-event.ts';
import { fileChunks, type Generation, type Unpack } from './generation.ts';
import { identityOf, type KnownFiles } from './known-files.ts';
import { fits, type Position, printOf } from './position.ts';
import { mostOfOneLog } from './turns.ts';
import { Unpacking } from './unpacking.ts';

/** A file that may still be being written. */
interface Growing {
  readonly size: number;
  /** The path under which its text was written. */
  readonly home: string;
  /** When it was seen first, monotonic ms. */
  readonly since: number;
}

/** Nobody waits longer for a file that is being packed. */
const longestHoldMs = 10_000;

/** So many are unpacked at once: each holds the memory of its window, and what was read of it and waits for others. */
const mostAtOnce = 64;

/** Packed files that are being read: whole, or behind what was read of their text while it was plain. */
export class PackedFiles {
  readonly #known: KnownFiles;
  readonly #unpack: Unpack | undefined;
  /** Plain files that are followed. */
  readonly #originals: ReadonlyMap<string, Generation>;
  /** By generation. */
  readonly #open = new Map<string, Unpacking>();
  /** Those that were read to their end, as long as somebody may want to read them again. */
  readonly #past = new Map<string, Unpacking>();
  /** Those that may still be being written, by path: they are read when they are as large as at the last look. */
  readonly #growing = new Map<string, Growing>();

  constructor(known: KnownFiles, unpack: Unpack | undefined, originals: ReadonlyMap<string, Generation>) {
    this.#known = known;
    this.#unpack = unpack;
    this.#originals = originals;
  }

  /** Paths that are to be looked at again, with those under which they were written. */
  get growing(): readonly (readonly [path: string, home: string])[] {
    return [...this.#growing].map(([path, { home }]) => [path, home]);
  }

  /**
   * Whether what is written now has to wait: a file that is still being packed may hold what was written before. Not where it is packed
   * out of a file that is followed, nor for long.
   */
  holdsOthers(now: number): boolean {
    for (const [path, { since }] of this.#growing) {
      if (now - since >= longestHoldMs) continue;
      const plain = path.replace(/\.[^./]+$/, '');
      if (![...this.#originals.values()].some((one) => one.path === plain)) return true;
    }
    return false;
  }

  isGrowing(path: string): boolean {
    return this.#growing.has(path);
  }

  forgetGrowing(path: string): void {
    this.#growing.delete(path);
  }

  has(identity: string): boolean {
    for (const { stat } of this.#open.values()) if (identityOf(stat) === identity) return true;
    return false;
  }

  /**
   * Begins to read a file, or waits until it grows no more; it is closed in the end.
   *
   * @param whole it was there before, so that nobody writes to it any more
   * @param now monotonic ms
   * @param newId called for the generation that it becomes
   */
  begin(path: string, home: string, file: OpenFile, whole: boolean, now: number, newId: () => string): void {
    const stat = file.stat();
    if (this.#unpack === undefined) this.#known.settle(stat, undefined);
    else if (whole || this.#growing.get(path)?.size === stat.size) {
      this.#growing.delete(path);
      this.#open.set(newId(), new Unpacking(home, stat, this.#unpack(fileChunks(file), path)));
      return;
    } else this.#growing.set(path, { size: stat.size, home, since: this.#growing.get(path)?.since ?? now });
    file.close();
  }

  /** Files that were read to their end and may be wanted again. */
  get past(): readonly FileStat[] {
    return [...this.#past.values()].map(({ stat }) => stat);
  }

  /** Where each is to be read on, also of those that were read to their end. Others need not be kept any longer. */
  positions(places: ReadonlyMap<string, Place>): readonly Position[] {
    for (const id of this.#past.keys()) if (!places.has(id)) this.#past.delete(id);
    return [...this.#open, ...this.#past].flatMap(
      ([id, unpacking]) => unpacking.positionOf(id, places.get(id)) ?? [],
    );
  }

  /**
   * Opens what is to be read, the oldest first and before a byte of any is told: of several logs that were rotated and packed meanwhile
   * none is to run ahead of the others.
   */
  async openSome(events: FollowEvent[]): Promise<void> {
    const all = [...this.#open].sort(([, a], [, b]) => a.stat.modified - b.stat.modified);
    const begun = new Map<string, number>();
    let count = 0;
    const note = ({ hasBegun, name }: Unpacking) => {
      if (!hasBegun) return;
      begun.set(name, (begun.get(name) ?? 0) + 1);
      count++;
    };
    for (const [, unpacking] of all) note(unpacking);
    for (const [id, unpacking] of all) {
      if (count >= mostAtOnce) return;
      if (unpacking.hasBegun || (begun.get(unpacking.name) ?? 0) >= mostOfOneLog) continue;
      await this.#begin(id, unpacking, events);
      note(unpacking);
    }
  }

  /** Reads on in each of them, until there are so many events. */
  async readOn(held: ReadonlySet<string>, most: number, events: FollowEvent[]): Promise<void> {
    for (const [id, unpacking] of this.#open) {
      if (events.length >= most) break;
      if (unpacking.hasBegun && !held.has(id)) await this.#read(id, unpacking, events);
    }
    // Who hears that one has come to its end hears of the next as well, and waits for it.
    await this.openSome(events);
  }

  async close(): Promise<void> {
    for (const { chunks } of this.#open.values()) await chunks.return?.();
    this.#open.clear();
  }

  async #begin(id: string, unpacking: Unpacking, events: FollowEvent[]): Promise<void> {
    const { name } = unpacking;
    try {
      const place = this.#startOf(unpacking, await unpacking.head());
      if (place === undefined) {
        this.#end(id, unpacking);
        return;
      }
      unpacking.begin(place.offset);
      events.push({ kind: 'opened', generation: id, name, place });
    } catch (error) {
      this.#fail(id, unpacking, error, events);
    }
  }

  async #read(id: string, unpacking: Unpacking, events: FollowEvent[]): Promise<void> {
    try {
      const chunk = await unpacking.next();
      if (chunk !== undefined) events.push({ kind: 'bytes', generation: id, chunk });
      else {
        events.push({ kind: 'ended', generation: id, reason: 'rotated' });
        this.#end(id, unpacking);
      }
    } catch (error) {
      this.#fail(id, unpacking, error, events);
    }
  }

  #fail(id: string, unpacking: Unpacking, error: unknown, events: FollowEvent[]): void {
    const { name, hasBegun } = unpacking;
    const problem = error instanceof Problem ? error : problemOf(error, name);
    events.push({ kind: 'trouble', name, problem });
    if (hasBegun) events.push({ kind: 'ended', generation: id, reason: 'rotated' });
    this.#end(id, unpacking);
  }

  /** Where the text begins that was not read; undefined where all of it was, or is being read in the plain file. */
  #startOf(unpacking: Unpacking, head: Buffer): Place | undefined {
    unpacking.position ??= this.#known.take((one) => one.head.length > 0 && fits(one.head, head));
    if (unpacking.position !== undefined) return unpacking.position.place;
    const original = [...this.#originals.values()].find((one) => {
      const beginning = one.beginning();
      return beginning.length > 0 && head.subarray(0, beginning.length).equals(beginning);
    });
    unpacking.copyOf = original?.id;
    return original !== undefined || this.#known.isRead(head) ? undefined : { offset: 0, line: 0 };
  }

  #end(id: string, unpacking: Unpacking): void {
    const { stat, text, copyOf, hasBegun } = unpacking;
    this.#open.delete(id);
    if (hasBegun) keep(this.#past, id, unpacking);
    const head = text.length === 0 ? undefined : printOf(text);
    if (copyOf === undefined) this.#known.settle(stat, head);
    else this.#known.copy(stat, copyOf, head);
  }
}

/** Nobody asks where a follower stands who keeps no state: then only the latest stay. */
const mostPast = 256;

/** @returns what had to go */
export function keep<T>(past: Map<string, T>, id: string, one: T): T | undefined {
  past.set(id, one);
  if (past.size <= mostPast) return undefined;
  const [[oldest, gone] = []] = past;
  past.delete(oldest!);
  return gone;
}

import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Problem } from '@why502/model';
import { problemOf } from '../file-source.ts';
import type { Place } from '../live/queue-scan.ts';
import { diskFiles, type FileLayer, type FileStat, type OpenFile } from './file-layer.ts';
import { bytesAt, fileChunks, Generation, looksPacked, newBuffer, type Unpack } from './generation.ts';
import { PathPatterns } from './path-patterns.ts';
import {
  type FollowerState,
  fits,
  guardLength,
  headLength,
  type Position,
  type Print,
  printOf,
  type Settled,
} from './position.ts';
import { Unpacking } from './unpacking.ts';

/** What a follower tells, in the order in which it found out. */
export type FollowEvent =
  | { readonly kind: 'opened'; readonly generation: string; readonly name: string; readonly place: Place }
  /** The chunk is valid until the next call of `next`. */
  | { readonly kind: 'bytes'; readonly generation: string; readonly chunk: Uint8Array }
  | { readonly kind: 'ended'; readonly generation: string; readonly reason: EndReason }
  /** Bytes may have been lost to everybody: they were written between the copy of a file and its truncation. */
  | { readonly kind: 'gap'; readonly generation: string }
  | { readonly kind: 'trouble'; readonly name: string; readonly problem: Problem };

export type EndReason = 'rotated' | 'deleted' | 'truncated' | 'end';

export interface FollowerOptions {
  /** Files, folders with what lies in them, or patterns. What is not there yet may come. */
  readonly paths: readonly string[];
  /** Where reading begins: of files without a position, at their start or their end; files that come later from their start. */
  readonly from: 'start' | 'end';
  /** Where an earlier run left off. */
  readonly state?: FollowerState;
  readonly unpack?: Unpack;
  readonly files?: FileLayer;
  readonly clock?: FollowerClock;
  /** How long a file that was renamed or deleted is still looked at after its last byte. Default: 60 s. */
  readonly rotateWaitMs?: number;
  /** How often names are looked up. Default: every second, and whenever the system says that a folder has changed. */
  readonly discoverEveryMs?: number;
}

/** The clock of the machine, and waiting by it. */
export interface FollowerClock {
  monotonic(): number;
  /** Resolves after so many ms, or when `woken` is called. */
  sleep(ms: number): { readonly done: Promise<void>; wake(): void };
}

const defaultRotateWaitMs = 60_000;
const defaultDiscoverMs = 1_000;

/** Between two looks at files that had nothing new; as short as that after something came. */
const pauseMs = { least: 20, most: 250 } as const;

/** Files that are done with are remembered, the latest of them. */
const mostSettled = 2_000;

/** Events of one call, so that a busy file does not keep others waiting. */
const chunksAtOnce = 16;

/**
 * Follows files that grow, through renames, copies, truncation, compression and deletion, and loses no line of them. A file
 * is one generation however it is called; one that is written anew under the same inode is another.
 */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #files: FileLayer;
  readonly #clock: FollowerClock;
  readonly #patterns: PathPatterns;
  readonly #open = new Map<string, Generation>();
  /** Packed files that are being unpacked, by generation. */
  readonly #packed = new Map<string, Unpacking>();
  /** What was found at a path last, so that what is there now is known to be another. */
  readonly #atPath = new Map<string, string>();
  /** By identity, in the order in which they were settled. */
  readonly #settled = new Map<string, Settled>();
  /** Files that hold the text of one that is followed, by identity: they are not read as long as that one can be. */
  readonly #copies = new Map<string, Copy>();
  readonly #troubles = new Map<string, string>();
  readonly #watchers = new Map<string, FSWatcher>();
  #positions: Position[];
  #discoverAt = 0;
  #isFirst = true;
  #pause: number = pauseMs.least;
  #sleep: { wake(): void } | undefined;
  #isClosed = false;
  #count = 0;
  #turn = 0;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#files = options.files ?? diskFiles;
    this.#clock = options.clock ?? machineClock;
    this.#patterns = new PathPatterns(options.paths, this.#files);
    this.#positions = [...(options.state?.positions ?? [])];
    for (const one of options.state?.settled ?? []) this.#settled.set(identityOf(one), one);
    for (const { generation } of this.#positions)
      this.#count = Math.max(this.#count, Number.parseInt(generation, 10));
  }

  /**
   * Resolves when there is something to tell; undefined when it was closed.
   *
   * @param held generations whose bytes nobody wants now
   */
  async next(held: ReadonlySet<string> = none): Promise<readonly FollowEvent[] | undefined> {
    while (!this.#isClosed) {
      const events: FollowEvent[] = [];
      const now = this.#clock.monotonic();
      if (now >= this.#discoverAt) {
        this.#discoverAt = now + (this.#options.discoverEveryMs ?? defaultDiscoverMs);
        this.#discover(events);
        this.#isFirst = false;
      }
      await this.#readAll(events, held);
      if (events.length > 0) {
        this.#pause = pauseMs.least;
        return events;
      }
      const sleep = this.#clock.sleep(Math.min(this.#pause, Math.max(1, this.#discoverAt - now)));
      this.#sleep = sleep;
      await sleep.done;
      this.#pause = Math.min(pauseMs.most, this.#pause * 2);
    }
    return undefined;
  }

  /**
   * What another follower needs to go on from these places. A generation without a place, or one that is not followed any
   * more, is left out.
   */
  state(places: ReadonlyMap<string, Place>): FollowerState {
    const positions = [...this.#open.values()].flatMap((generation) => {
      const place = places.get(generation.id);
      return place === undefined ? [] : [generation.position(place)];
    });
    const packed = [...this.#packed].flatMap(
      ([id, unpacking]) => unpacking.positionOf(id, places.get(id)) ?? [],
    );
    return { positions: [...positions, ...packed, ...this.#positions], settled: [...this.#settled.values()] };
  }

  /** Generations that are followed now. */
  get generations(): readonly string[] {
    return [...this.#open.keys()];
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#sleep?.wake();
    for (const watcher of this.#watchers.values()) watcher.close();
    for (const generation of this.#open.values()) generation.close();
    for (const { chunks } of this.#packed.values()) await chunks.return?.();
    this.#open.clear();
    this.#packed.clear();
  }

  /** Looks up all names: what is new, renamed, written anew or gone. */
  #discover(events: FollowEvent[]): void {
    const now = this.#clock.monotonic();
    const there = new Map<string, string>();
    for (const path of this.#patterns.expand()) {
      this.#watch(dirname(path));
      const stat = this.#statOf(path, events);
      if (stat === undefined || !stat.isFile) continue;
      const identity = identityOf(stat);
      // By a link or by two patterns it is the same file.
      if (![...there.values()].includes(identity)) there.set(path, identity);
    }
    for (const generation of this.#open.values()) this.#findName(generation, there, now);
    // Before what took its place, what was rotated away since: in the order in which it was written.
    for (const [path, before] of this.#atPath)
      if (before !== (there.get(path) ?? '') || before === '') this.#openRotated(path, there, events);
    for (const path of this.#patterns.expand()) this.#atPath.set(path, there.get(path) ?? '');
    for (const [path, identity] of there) {
      if (!this.#isFollowed(identity) && !this.#isSettled(identity, path)) this.#begin(path, events);
    }
    if (!this.#isFirst) return;
    if (this.#options.state === undefined) {
      for (const path of this.#patterns.expand()) this.#settleRotated(path, there);
    } else {
      // Files that were renamed or packed meanwhile, and what came and went at their names.
      const names = new Set([...there.keys(), ...this.#positions.map(({ name }) => name)]);
      for (const path of names) this.#openRotated(path, there, events);
    }
  }

  #findName(generation: Generation, there: ReadonlyMap<string, string>, now: number): void {
    const identity = identityOf(generation);
    const path = [...there].find(([, one]) => one === identity)?.[0];
    if (path !== undefined) generation.path = path;
    const isAtHome = path !== undefined && path === generation.name;
    generation.leftSince = isAtHome ? undefined : (generation.leftSince ?? now);
  }

  /**
   * Opens what lies beside a path under a name that begins with its own and is newer than what was read of it: files that
   * were there for so short a time that nobody saw them at the path itself.
   */
  #openRotated(path: string, there: ReadonlyMap<string, string>, events: FollowEvent[]): void {
    for (const one of this.#rotated(path)) {
      const identity = identityOf(one.stat);
      if (there.get(path) !== identity && !this.#isFollowed(identity) && !this.#isSettled(identity, one.path))
        this.#begin(one.path, events, path);
    }
  }

  /** What was rotated away before the start is left alone. */
  #settleRotated(path: string, there: ReadonlyMap<string, string>): void {
    const followed = new Set(there.values());
    for (const one of this.#rotated(path)) {
      if (followed.has(identityOf(one.stat))) continue;
      const file = this.#files.open(one.path);
      const head = bytesAt(file, 0, headLength);
      file.close();
      this.#settle(one.stat, looksPacked(head) ? undefined : printOf(head));
    }
  }

  /** Files beside a path under names that begin with its own, in the order in which they were last written. */
  #rotated(path: string): readonly { readonly path: string; readonly stat: FileStat }[] {
    const folder = dirname(path);
    const begins = basename(path);
    return this.#files
      .list(folder)
      .filter((name) => name.startsWith(begins) && name !== begins)
      .flatMap((name) => {
        const stat = this.#files.stat(join(folder, name));
        return stat?.isFile === true ? [{ path: join(folder, name), stat }] : [];
      })
      .sort((a, b) => a.stat.modified - b.stat.modified || (a.path < b.path ? 1 : -1));
  }

  #isFollowed(identity: string): boolean {
    for (const generation of this.#open.values()) if (identityOf(generation) === identity) return true;
    for (const { stat } of this.#packed.values()) if (identityOf(stat) === identity) return true;
    return false;
  }

  /** Whether it needs no look; what has grown since does. */
  #isSettled(identity: string, path: string): boolean {
    if (this.#copies.has(identity)) return true;
    const settled = this.#settled.get(identity);
    if (settled === undefined) return false;
    const stat = this.#files.stat(path);
    return (
      stat === undefined ||
      (stat.size === settled.size && stat.modified === settled.modified && stat.birth === settled.birth)
    );
  }

  /** @param home the path under which it was written, where it has been renamed since */
  #begin(path: string, events: FollowEvent[], home = path): void {
    let file: OpenFile;
    try {
      file = this.#files.open(path);
    } catch (error) {
      this.#trouble(path, problemOf(error, path), events);
      return;
    }
    this.#troubles.delete(path);
    const stat = file.stat();
    const head = bytesAt(file, 0, headLength);
    if (looksPacked(head)) {
      this.#beginPacked(path, home, file);
      return;
    }
    const position = this.#positionOf(file, stat);
    const original = [...this.#open.values()].find((one) => isCopy(one, file, path));
    if (position === undefined && (original !== undefined || this.#isRead(head))) {
      if (original === undefined) this.#settle(stat, printOf(head));
      else this.#copies.set(identityOf(stat), { of: original.id, stat, head: printOf(head) });
      file.close();
      return;
    }
    const place = position?.place ?? {
      offset: this.#isOld(home === path) ? endOfLine(file, stat.size) : 0,
      line: 1,
    };
    const id = position?.generation ?? this.#newId();
    const generation = new Generation(id, home, path, file, place.offset, newBuffer());
    if (home !== path) generation.leftSince = this.#clock.monotonic();
    this.#open.set(id, generation);
    events.push({ kind: 'opened', generation: id, name: home, place });
  }

  /** Whether it was there before the start, and only what follows is wanted. */
  #isOld(isAtHome: boolean): boolean {
    return isAtHome && this.#isFirst && this.#options.state === undefined && this.#options.from === 'end';
  }

  /** A packed file is read from its start, or behind what was read of its text while that was plain. */
  #beginPacked(path: string, home: string, file: OpenFile): void {
    const { unpack } = this.#options;
    const stat = file.stat();
    if (unpack === undefined || this.#isOld(home === path)) {
      this.#settle(stat, undefined);
      file.close();
    } else this.#packed.set(this.#newId(), new Unpacking(home, stat, unpack(fileChunks(file), path)));
  }

  /** Where the text of a packed file begins that was not read; undefined where all of it was. */
  #startOfPacked(unpacking: Unpacking, head: Buffer): Place | undefined {
    const index = this.#positions.findIndex((one) => one.head.length > 0 && fits(one.head, head));
    if (index >= 0) unpacking.position = this.#positions.splice(index, 1)[0];
    if (unpacking.position !== undefined) return unpacking.position.place;
    const original = [...this.#open.values()].find(
      (one) => one.head.length > 0 && startsWith(head, one.head),
    );
    unpacking.copyOf = original?.id;
    return original !== undefined || this.#isRead(head) ? undefined : { offset: 0, line: 1 };
  }

  /** The position that an earlier run left in this very file. */
  #positionOf(file: OpenFile, stat: FileStat): Position | undefined {
    const index = this.#positions.findIndex((position) => {
      const { place, head, guard } = position;
      if (stat.size < place.offset) return false;
      const isSame = position.device === stat.device && position.inode === stat.inode;
      // Without its inode a file is known by its text only, of which there must be some.
      if (head.length === 0 && !(isSame && this.#isFirst)) return false;
      return (
        fits(head, bytesAt(file, 0, head.length)) &&
        fits(guard, bytesAt(file, place.offset - guard.length, guard.length))
      );
    });
    return index < 0 ? undefined : this.#positions.splice(index, 1)[0];
  }

  /** Whether a file that begins so was read to its end, under another identity: it was copied or packed since. */
  #isRead(head: Uint8Array): boolean {
    for (const { head: settled, inode } of this.#settled.values()) {
      if (settled === undefined || settled.length === 0 || !fits(settled, head)) continue;
      // A short text is the beginning of many; of one that was cut the copy may hold more.
      if (settled.length >= headLength || settled.length === head.length || inode < 0) return true;
    }
    return false;
  }

  async #readAll(events: FollowEvent[], held: ReadonlySet<string>): Promise<void> {
    const all = [...this.#open.values()];
    const first = all.length === 0 ? 0 : this.#turn++ % all.length;
    for (const generation of [...all.slice(first), ...all.slice(0, first)]) {
      if (events.length >= chunksAtOnce) return;
      if (!held.has(generation.id)) this.#readOne(generation, events);
    }
    for (const [id, unpacking] of this.#packed) {
      if (events.length >= chunksAtOnce) return;
      if (!held.has(id)) await this.#readPacked(id, unpacking, events);
    }
  }

  #readOne(generation: Generation, events: FollowEvent[]): void {
    const now = this.#clock.monotonic();
    try {
      const found = generation.read();
      if (found.kind === 'bytes') {
        generation.quietSince = undefined;
        events.push({ kind: 'bytes', generation: generation.id, chunk: found.chunk });
      } else if (found.kind === 'rewritten') this.#rewritten(generation, events);
      else {
        generation.quietSince ??= now;
        const wait = this.#options.rotateWaitMs ?? defaultRotateWaitMs;
        const { leftSince, quietSince } = generation;
        if (leftSince !== undefined && now - Math.max(leftSince, quietSince) >= wait)
          this.#end(
            generation,
            this.#files.stat(generation.path) === undefined ? 'deleted' : 'rotated',
            events,
          );
      }
      this.#troubles.delete(generation.id);
    } catch (error) {
      this.#trouble(generation.id, problemOf(error, generation.path), events);
    }
  }

  async #readPacked(id: string, unpacking: Unpacking, events: FollowEvent[]): Promise<void> {
    try {
      if (!unpacking.hasBegun) {
        const place = this.#startOfPacked(unpacking, await unpacking.head());
        if (place === undefined) {
          this.#endPacked(id, unpacking);
          return;
        }
        unpacking.begin(place.offset);
        events.push({ kind: 'opened', generation: id, name: unpacking.name, place });
      }
      const chunk = await unpacking.next();
      if (chunk !== undefined) {
        events.push({ kind: 'bytes', generation: id, chunk });
        return;
      }
    } catch (error) {
      this.#trouble(
        unpacking.name,
        error instanceof Problem ? error : problemOf(error, unpacking.name),
        events,
      );
    }
    if (unpacking.hasBegun) events.push({ kind: 'ended', generation: id, reason: 'rotated' });
    this.#endPacked(id, unpacking);
  }

  #endPacked(id: string, { stat, text, copyOf }: Unpacking): void {
    this.#packed.delete(id);
    const head = text.length === 0 ? undefined : printOf(text);
    if (copyOf === undefined) this.#settle(stat, head);
    else this.#copies.set(identityOf(stat), { of: copyOf, stat, head });
  }

  /** The text was replaced under its name: what was there may go on in a copy, and the new text is read from its start. */
  #rewritten(generation: Generation, events: FollowEvent[]): void {
    const stat = generation.stat();
    const rest = this.#restInCopy(generation);
    for (const chunk of rest ?? []) events.push({ kind: 'bytes', generation: generation.id, chunk });
    if (rest !== undefined) events.push({ kind: 'gap', generation: generation.id });
    const { path, name, leftSince } = generation;
    this.#end(generation, 'truncated', events);
    const there = this.#files.stat(path);
    if (there === undefined || identityOf(there) !== identityOf(stat)) return;
    this.#begin(path, events, name);
    const fresh = [...this.#open.values()].find((one) => one.inode === stat.inode);
    if (fresh !== undefined) fresh.leftSince = leftSince;
  }

  /** What was written before a file was copied and truncated, and not read; undefined without a copy. */
  #restInCopy(generation: Generation): readonly Uint8Array[] | undefined {
    const folder = dirname(generation.path);
    for (const name of this.#files.list(folder)) {
      if (!name.startsWith(basename(generation.name)) || join(folder, name) === generation.path) continue;
      const path = join(folder, name);
      const stat = this.#files.stat(path);
      if (stat?.isFile !== true || this.#isFollowed(identityOf(stat))) continue;
      const file = this.#files.open(path);
      try {
        if (!isCopy(generation, file, path)) continue;
        this.#settle(stat, printOf(generation.head));
        const rest = bytesAt(file, generation.offset, stat.size - generation.offset);
        return rest.length > 0 ? [rest] : [];
      } finally {
        file.close();
      }
    }
    return undefined;
  }

  #end(generation: Generation, reason: EndReason, events: FollowEvent[]): void {
    const stat = generation.stat();
    const head = printOf(generation.head);
    // The text that was cut has no file any more, and may come again as a copy of it.
    this.#settle(
      reason === 'truncated' ? { ...stat, inode: -Number.parseInt(generation.id, 10) } : stat,
      head,
    );
    for (const [identity, copy] of this.#copies) {
      if (copy.of !== generation.id) continue;
      this.#copies.delete(identity);
      this.#settle(copy.stat, copy.head);
    }
    this.#open.delete(generation.id);
    generation.close();
    events.push({ kind: 'ended', generation: generation.id, reason });
  }

  #settle({ device, inode, birth, modified, size }: Omit<Settled, 'head'>, head: Print | undefined): void {
    const identity = identityOf({ device, inode });
    this.#settled.delete(identity);
    this.#settled.set(identity, { device, inode, birth, modified, size, head });
    if (this.#settled.size <= mostSettled) return;
    const [oldest] = this.#settled.keys();
    this.#settled.delete(oldest!);
  }

  #statOf(path: string, events: FollowEvent[]): FileStat | undefined {
    try {
      return this.#files.stat(path);
    } catch (error) {
      this.#trouble(path, problemOf(error, path), events);
      return undefined;
    }
  }

  /** Said once until it changes. */
  #trouble(name: string, problem: Problem, events: FollowEvent[]): void {
    if (this.#troubles.get(name) === problem.code) return;
    this.#troubles.set(name, problem.code);
    events.push({ kind: 'trouble', name: this.#open.get(name)?.path ?? name, problem });
  }

  /** A hint that names are to be looked up; where the system gives none they are looked up by the clock. */
  #watch(folder: string): void {
    if (this.#files !== diskFiles || this.#watchers.has(folder)) return;
    try {
      const watcher = watch(folder, { persistent: false }, (event) => {
        if (event === 'rename') this.#discoverAt = 0;
        this.#pause = pauseMs.least;
        this.#sleep?.wake();
      });
      watcher.on('error', () => {});
      this.#watchers.set(folder, watcher);
    } catch {
      // Too many watches, or a file system without any.
    }
  }

  #newId(): string {
    return `${++this.#count}`;
  }
}

interface Copy {
  /** The generation that is followed. */
  readonly of: string;
  readonly stat: FileStat;
  readonly head: Print | undefined;
}

const none: ReadonlySet<string> = new Set();

function identityOf({ device, inode }: { readonly device: number; readonly inode: number }): string {
  return `${device}:${inode}`;
}

/**
 * Whether a file is the copy that a rotation makes of one that is followed: named after it, and the same text. Of an
 * original that was cut since, all that was read of it must be in the copy; otherwise all of the copy in the original.
 */
function isCopy(original: Generation, file: OpenFile, path: string): boolean {
  const copy = file.stat();
  const now = original.stat();
  const { head, guard, offset, device, inode } = original;
  const isNamedSo = basename(path).startsWith(basename(original.name)) && path !== original.name;
  if (!isNamedSo || offset === 0 || (device === copy.device && inode === copy.inode)) return false;
  if (now.size < offset || !original.isSame())
    return (
      copy.size >= offset &&
      hasAt(file, 0, head) &&
      fits(guard, bytesAt(file, offset - guard.length, guard.length))
    );
  if (copy.size === 0 || copy.size > now.size) return false;
  const from = Math.max(0, copy.size - guardLength);
  return (
    hasAt(file, 0, head.subarray(0, copy.size)) &&
    bytesAt(file, from, copy.size - from).compare(original.bytesAt(from, copy.size - from)) === 0
  );
}

function hasAt(file: OpenFile, position: number, bytes: Uint8Array): boolean {
  return bytesAt(file, position, bytes.length).compare(bytes) === 0;
}

function startsWith(bytes: Uint8Array, head: Uint8Array): boolean {
  return bytes.length >= head.length && Buffer.compare(bytes.subarray(0, head.length), head) === 0;
}

/** Where the last whole line ends: a line that is being written is read whole. */
function endOfLine(file: OpenFile, size: number): number {
  for (let to = size; to > 0; ) {
    const from = Math.max(0, to - 64 * 1024);
    const at = bytesAt(file, from, to - from).lastIndexOf(0x0a);
    if (at >= 0) return from + at + 1;
    to = from;
  }
  return 0;
}

const machineClock: FollowerClock = {
  monotonic: () => performance.now(),
  sleep(ms) {
    let wake = () => {};
    const done = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    return { done, wake };
  },
};

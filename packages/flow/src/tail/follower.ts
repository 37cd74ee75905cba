import { dirname } from 'node:path';
import type { Problem } from '@why502/model';
import { problemOf } from '../file-source.ts';
import type { Place } from '../live/queue-scan.ts';
import { isCopyOf } from './copy-of.ts';
import { diskFiles, type FileLayer, type FileStat, type OpenFile } from './file-layer.ts';
import { FolderWatch } from './folder-watch.ts';
import type { EndReason, FollowEvent } from './follow-event.ts';
import { type FollowerClock, machineClock } from './follower-clock.ts';
import {
  bytesAt,
  endOfLine,
  Generation,
  linesBefore,
  looksPacked,
  newBuffer,
  type Unpack,
} from './generation.ts';
import { identityOf, KnownFiles } from './known-files.ts';
import { keep, PackedFiles } from './packed-files.ts';
import { PathPatterns } from './path-patterns.ts';
import { type FollowerState, fits, headLength, type Position, printOf } from './position.ts';
import { type FoundFile, homeOf, looksRotated, Neighbours, statIfAllowed } from './rotated-files.ts';
import { Turns } from './turns.ts';

export interface FollowerOptions {
  /** Files, folders with what lies in them, or patterns. What is not there yet may come. */
  readonly paths: readonly string[];
  /** Where reading begins: of files without a position, at their start or their end; files that come later from their start. */
  readonly from: 'start' | 'end';
  /** A folder among the paths whose files are read from their start in any case: whoever puts them there means all of them. */
  readonly whole?: readonly string[];
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

const defaultRotateWaitMs = 60_000;
/** The same where its successor is written to by now: then the writer has moved on. Should it grow all the same, it is read on. */
const successorWaitMs = 5_000;
const defaultDiscoverMs = 1_000;
/** To look up the names of ten thousand files takes a tenth of a second: it is left alone so many times as long. */
const restPerWork = 60;

/** Between two looks at files that had nothing new; as short as that after something came. */
const pauseMs = { least: 20, most: 250 } as const;

/** So many files stay open though nothing comes; of more, those that were quiet for long are opened when they grow. */
const mostOpen = 64;
const idleMs = 600_000;

/** Bytes of the first read. */
const firstRead = 32 * 1024;

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
  readonly #known: KnownFiles;
  readonly #watch: FolderWatch | undefined;
  readonly #open = new Map<string, Generation>();
  readonly #packed: PackedFiles;
  readonly #turns = new Turns();
  /** Rotated files that were read to their end, as long as somebody may want to read them again: what waits may lie in them. */
  readonly #past = new Map<string, Generation>();
  /** Identities of those that are open. */
  readonly #followed = new Set<string>();
  /** What was found at a path last, '' for nothing, so that what is there now is known to be another. */
  readonly #atPath = new Map<string, string>();
  readonly #troubles = new Map<string, string>();
  /** One for each chunk of a call. */
  readonly #buffers: Buffer[] = [];
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
    const { positions = [], settled = [] } = options.state ?? {};
    this.#known = new KnownFiles(positions, settled);
    this.#packed = new PackedFiles(this.#known, options.unpack, this.#open);
    for (const { generation } of positions)
      this.#count = Math.max(this.#count, Number.parseInt(generation, 10));
    if (this.#files === diskFiles) this.#watch = new FolderWatch((names) => this.#hint(names));
  }

  /**
   * Resolves when there is something to tell; undefined when it was closed. With nothing also after a moment where something
   * is held, to be asked again.
   *
   * @param held generations whose bytes nobody wants now
   */
  async next(held: ReadonlySet<string> = none): Promise<readonly FollowEvent[] | undefined> {
    while (!this.#isClosed) {
      const events: FollowEvent[] = [];
      const now = this.#clock.monotonic();
      if (now >= this.#discoverAt) {
        this.#discoverAt = Number.POSITIVE_INFINITY;
        this.#discover(events);
        const rest = restPerWork * (this.#clock.monotonic() - now);
        // Unless the system tells meanwhile that names have changed.
        if (this.#discoverAt !== 0)
          this.#discoverAt = now + Math.max(rest, this.#options.discoverEveryMs ?? defaultDiscoverMs);
        this.#isFirst = false;
      }
      await this.#readAll(events, held);
      if (events.length > 0) {
        this.#pause = pauseMs.least;
        return events;
      }
      if (held.size > 0) this.#pause = pauseMs.least;
      // Whoever closed it meanwhile found nobody asleep.
      if (this.#isClosed) break;
      const sleep = this.#clock.sleep(Math.min(this.#pause, Math.max(1, this.#discoverAt - now)));
      this.#sleep = sleep;
      await sleep.done;
      this.#pause = Math.min(pauseMs.most, this.#pause * 2);
      // What was not wanted when this was asked may be by now.
      if (held.size > 0) return [];
    }
    return undefined;
  }

  /**
   * What another follower needs to go on from these places. A generation that was told and has no place, or one that is not
   * followed any more, is left out.
   */
  state(places: ReadonlyMap<string, Place>): FollowerState {
    for (const [id, generation] of this.#past) {
      if (places.has(id)) continue;
      this.#past.delete(id);
      generation.close();
    }
    const begins = this.#turns.places;
    const positions = [
      ...[...this.#open.values(), ...this.#past.values()].flatMap((generation) => {
        const place = places.get(generation.id) ?? begins.get(generation.id);
        return place === undefined ? [] : [generation.position(place)];
      }),
      ...this.#packed.positions(places),
      ...this.#known.positions,
    ];
    const wanted = new Set([...this.#past.values(), ...this.#packed.past].map(identityOf));
    return { positions, settled: this.#known.settled.filter((file) => !wanted.has(identityOf(file))) };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#sleep?.wake();
    this.#watch?.close();
    for (const generation of [...this.#open.values(), ...this.#past.values()]) generation.close();
    await this.#packed.close();
    this.#open.clear();
  }

  #hint(names: boolean): void {
    if (names) this.#discoverAt = 0;
    this.#pause = pauseMs.least;
    this.#sleep?.wake();
  }

  /** Looks up all names: what is new, renamed, written anew or gone. */
  #discover(events: FollowEvent[]): void {
    const paths = this.#patterns.expand();
    const there = this.#lookUp(paths, events);
    const neighbours = new Neighbours(this.#files);
    this.#findNames(there);
    this.#lookAgain(neighbours, events);
    // Before what took its place, what was rotated away since: in the order in which it was written.
    for (const [path, before] of this.#atPath) {
      const now = there.get(path);
      if (before === '' || now === undefined || before !== identityOf(now.stat))
        this.#openRotated(neighbours, path, events);
    }
    for (const path of paths) {
      const found = there.get(path);
      this.#atPath.set(path, found === undefined ? '' : identityOf(found.stat));
    }
    if (this.#isFirst) this.#discoverFirst(paths, there, neighbours, events);
    else this.#discoverMore(there, events);
  }

  /** In the order in which they were written: a copy that was rotated away comes before what took its place. */
  #discoverMore(there: ReadonlyMap<string, FoundFile>, events: FollowEvent[]): void {
    const found = [...there.values()].filter(
      ({ stat }) => !this.#isFollowed(stat) && !this.#known.isDone(stat),
    );
    for (const one of found.sort((a, b) => a.stat.modified - b.stat.modified))
      this.#consider(one, events, this.#homeOf(one.path));
  }

  /** Of what was rotated away from a log that is there, or was when somebody looked. */
  #homeOf(path: string): string {
    return homeOf(
      path,
      (home) => this.#atPath.has(home) || this.#known.positions.some(({ name }) => name === home),
    );
  }

  /** Packed files that were being written at the last look. */
  #lookAgain(neighbours: Neighbours, events: FollowEvent[]): void {
    for (const [path, home] of this.#packed.growing) {
      const stat = statIfAllowed(this.#files, path);
      if (stat !== undefined) {
        if (!this.#isFollowed(stat) && !this.#known.isDone(stat)) this.#begin(path, events, home);
      } else {
        // It is under another name by now.
        this.#packed.forgetGrowing(path);
        this.#openRotated(neighbours, home, events);
      }
    }
  }

  /** Of files that are there before the start, those are opened that were written to last. */
  #discoverFirst(
    paths: readonly string[],
    there: ReadonlyMap<string, FoundFile>,
    neighbours: Neighbours,
    events: FollowEvent[],
  ): void {
    const { state, from } = this.#options;
    if (state !== undefined || from === 'start') this.#beginRotated(there, neighbours, events);
    if (state !== undefined) {
      for (const found of there.values()) this.#consider(found, events, this.#homeOf(found.path));
      // Files that were renamed or packed meanwhile, and what came and went at their names.
      for (const path of new Set([...paths, ...this.#known.positions.map(({ name }) => name)]))
        this.#openRotated(neighbours, path, events);
      return;
    }
    const latest = [...there.values()].sort((a, b) => b.stat.modified - a.stat.modified);
    const opened = latest.filter(({ path }, at) => from === 'start' || at < mostOpen || this.#isWhole(path));
    for (const found of opened.sort((a, b) => (a.path < b.path ? -1 : 1))) this.#consider(found, events);
    const others = paths.flatMap((path) => neighbours.rotatedFrom(path));
    for (const found of [...latest, ...others]) this.#leaveAlone(found, events);
  }

  /**
   * What was rotated away keeps the name under which it was written, also in a folder that is followed. As a log of its own it
   * would never end, and the others would wait for what it has to say.
   */
  #beginRotated(there: ReadonlyMap<string, FoundFile>, neighbours: Neighbours, events: FollowEvent[]): void {
    for (const home of [...there.keys()].sort())
      for (const found of neighbours.rotatedFrom(home))
        if (there.has(found.path) && looksRotated(home, found.path)) this.#consider(found, events, home);
  }

  #lookUp(paths: readonly string[], events: FollowEvent[]): ReadonlyMap<string, FoundFile> {
    const there = new Map<string, FoundFile>();
    const identities = new Set<string>();
    for (const path of paths) {
      this.#watch?.add(dirname(path));
      const stat = this.#statOf(path, events);
      // By a link or by two patterns it is the same file.
      if (stat?.isFile !== true || identities.has(identityOf(stat))) continue;
      identities.add(identityOf(stat));
      there.set(path, { path, stat });
    }
    return there;
  }

  #findNames(there: ReadonlyMap<string, FoundFile>): void {
    const now = this.#clock.monotonic();
    const paths = new Map([...there.values()].map(({ path, stat }) => [identityOf(stat), path]));
    for (const generation of this.#open.values()) {
      const path = paths.get(identityOf(generation));
      if (path !== undefined) generation.path = path;
      generation.leftSince = path === generation.name ? undefined : (generation.leftSince ?? now);
    }
  }

  /** Opens what lies beside a path and was never seen at the path itself, for it was there for too short a time. */
  #openRotated(neighbours: Neighbours, path: string, events: FollowEvent[]): void {
    for (const found of neighbours.rotatedFrom(path)) this.#consider(found, events, path);
  }

  /** Opens a file that is not followed and not done with. One that is being packed has its home, and is looked at again by itself. */
  #consider(found: FoundFile, events: FollowEvent[], home = found.path): void {
    if (this.#packed.isGrowing(found.path)) return;
    if (!this.#isFollowed(found.stat) && !this.#known.isDone(found.stat))
      this.#begin(found.path, events, home);
  }

  /** What was rotated away before the start, and files that nobody has written to for long: until they grow. */
  #leaveAlone({ path, stat }: FoundFile, events: FollowEvent[]): void {
    if (this.#isFollowed(stat) || this.#known.isDone(stat)) return;
    const file = this.#openFile(path, events);
    if (file === undefined) return;
    const head = bytesAt(file, 0, headLength);
    file.close();
    this.#known.settle(stat, looksPacked(head) ? undefined : printOf(head));
  }

  /** @param home the path under which it was written, where it has been renamed since */
  #begin(path: string, events: FollowEvent[], home: string): void {
    const file = this.#openFile(path, events);
    if (file === undefined) return;
    const stat = file.stat();
    const head = bytesAt(file, 0, headLength);
    if (looksPacked(head)) {
      if (this.#isOld(path, home)) {
        this.#known.settle(stat, undefined);
        file.close();
      } else
        this.#packed.begin(path, home, file, this.#isFirst, this.#clock.monotonic(), () => this.#newId());
      return;
    }
    const position = this.#known.take(({ device, inode, place, head: known, guard }) => {
      if (stat.size < place.offset) return false;
      const isSame = device === stat.device && inode === stat.inode;
      // Without its inode a file is known by its text only, of which there must be some.
      if (known.length === 0 && !(isSame && this.#isFirst)) return false;
      const before = bytesAt(file, place.offset - guard.length, guard.length);
      return fits(known, head) && fits(guard, before);
    });
    const original =
      position === undefined && [...this.#open.values()].find((one) => isCopyOf(one, file, path));
    const readBefore = this.#known.readBefore(stat, head);
    const isRead = readBefore === undefined && this.#known.isRead(head);
    if (position === undefined && (original || isRead)) {
      if (original) this.#known.copy(stat, original.id, printOf(head));
      else this.#known.settle(stat, printOf(head));
      file.close();
      return;
    }
    const from = this.#isOld(path, home) ? stat.size : (readBefore ?? 0);
    const place = position?.place ?? placeBefore(file, from);
    const id = position?.generation ?? this.#newId();
    // It keeps the name under which it was written, also where it lies beside its successor in a folder that is followed.
    const name = position?.name ?? home;
    const generation = new Generation(id, name, path, file, place.offset);
    if (name !== path) {
      generation.leftSince = this.#clock.monotonic() - this.#ageOf(stat);
    }
    this.#open.set(id, generation);
    this.#followed.add(identityOf(stat));
    const told: FollowEvent[] = [{ kind: 'opened', generation: id, name, place }];
    if (position !== undefined && this.#wasCut(position, stat))
      told.push({ kind: 'gap', generation: id, name });
    this.#turns.join(id, name, place, told);
  }

  /** Whether the text of a file goes on in a copy, and the file itself has been cut: it is there under its name. */
  #wasCut(position: Position, found: FileStat): boolean {
    const original = identityOf(position);
    if (identityOf(found) === original) return false;
    const there = statIfAllowed(this.#files, position.name);
    return there !== undefined && identityOf(there) === original;
  }

  #isFollowed(stat: FileStat): boolean {
    const identity = identityOf(stat);
    return this.#followed.has(identity) || this.#packed.has(identity);
  }

  /** Whether it was there before the start, and only what follows is wanted. */
  #isOld(path: string, home: string): boolean {
    const { state, from } = this.#options;
    return home === path && this.#isFirst && state === undefined && from === 'end' && !this.#isWhole(path);
  }

  #isWhole(path: string): boolean {
    const { whole } = this.#options;
    return whole?.includes(dirname(path)) === true;
  }

  async #readAll(events: FollowEvent[], held: ReadonlySet<string>): Promise<void> {
    await this.#packed.openSome(events);
    this.#turns.takeTo(events, this.#isBusy);
    const waits = this.#packed.holdsOthers(this.#clock.monotonic());
    const all = [...this.#open.values()].filter(
      ({ id, isUntouched, leftSince }) =>
        !this.#turns.isWaiting(id) && !(waits && isUntouched && leftSince === undefined),
    );
    const first = all.length === 0 ? 0 : this.#turn++ % all.length;
    for (const generation of [...all.slice(first), ...all.slice(0, first)]) {
      if (events.length >= chunksAtOnce) break;
      if (!held.has(generation.id)) this.#readOne(generation, events);
    }
    if (events.length < chunksAtOnce) await this.#packed.readOn(held, chunksAtOnce, events);
    // Who hears that one has come to its end hears of the next as well, and waits for it.
    this.#turns.takeTo(events, this.#isBusy);
  }

  readonly #isBusy = (id: string): boolean => this.#open.get(id)?.hasCaughtUp === false;

  #readOne(generation: Generation, events: FollowEvent[]): void {
    try {
      const buffer = this.#buffer(events.length);
      // As much as tells where it begins in time: of many that are behind, each waits for its turn.
      const found = generation.read(generation.isUntouched ? buffer.subarray(0, firstRead) : buffer);
      if (found.kind === 'bytes') {
        generation.quietSince = undefined;
        events.push({ kind: 'bytes', generation: generation.id, chunk: found.chunk });
      } else if (found.kind === 'rewritten') this.#rewritten(generation, events);
      else this.#quiet(generation, events);
      this.#troubles.delete(generation.id);
    } catch (error) {
      this.#trouble(generation.id, problemOf(error, generation.path), events);
    }
  }

  /** Nothing new came: a file that has lost its name ends some time after its last byte. */
  #quiet(generation: Generation, events: FollowEvent[]): void {
    const now = this.#clock.monotonic();
    const { leftSince, path } = generation;
    // What was rotated away is quiet since its last byte, however late that was read: several are read one after the other.
    generation.quietSince ??= leftSince === undefined ? now : now - this.#ageOf(generation.stat());
    const { quietSince } = generation;
    if (generation.isWhole) this.#end(generation, 'rotated', events);
    else if (leftSince !== undefined) {
      const longest = this.#options.rotateWaitMs ?? defaultRotateWaitMs;
      const wait = this.#hasSuccessor(generation) ? Math.min(successorWaitMs, longest) : longest;
      if (now - Math.max(leftSince, quietSince) < wait) return;
      const isGone = statIfAllowed(this.#files, path) === undefined;
      this.#end(generation, isGone ? 'deleted' : 'rotated', events);
    } else if (this.#open.size > mostOpen && now - quietSince >= idleMs && generation.endsLine)
      this.#end(generation, 'idle', events);
  }

  /** How long ago it was written to, ms. */
  #ageOf({ modified }: FileStat): number {
    return Math.max(0, this.#clock.wall() - modified);
  }

  #hasSuccessor({ name, device, inode }: Generation): boolean {
    const there = statIfAllowed(this.#files, name);
    return there?.isFile === true && there.size > 0 && identityOf(there) !== identityOf({ device, inode });
  }

  /** The text was replaced under its name: what was there may go on in a copy, and the new text is read from its start. */
  #rewritten(generation: Generation, events: FollowEvent[]): void {
    const { id, path, name, leftSince } = generation;
    const identity = identityOf(generation);
    const copy = this.#copyOf(generation, events);
    if (copy === undefined) this.#end(generation, 'truncated', events);
    else {
      this.#known.settleCut(generation.stat(), id, printOf(generation.head));
      this.#known.settleCopies(id);
      this.#open.set(id, copy);
      this.#followed.delete(identity);
      this.#followed.add(identityOf(copy));
      generation.close();
      events.push({ kind: 'gap', generation: id, name });
    }
    const there = statIfAllowed(this.#files, path);
    if (there === undefined || identityOf(there) !== identity) return;
    this.#begin(path, events, name);
    const fresh = [...this.#open.values()].find((one) => identityOf(one) === identity);
    if (fresh !== undefined) fresh.leftSince = leftSince;
  }

  /** The copy that was made of a text before it was cut off its file, from where that was read to. */
  #copyOf({ id, name, path: original, offset }: Generation, events: FollowEvent[]): Generation | undefined {
    for (const { path, stat } of new Neighbours(this.#files).rotatedFrom(name)) {
      if (path === original || this.#isFollowed(stat)) continue;
      const file = this.#openFile(path, events);
      if (file === undefined) continue;
      if (isCopyOf(this.#open.get(id)!, file, path)) {
        const copy = new Generation(id, name, path, file, offset);
        copy.isWhole = true;
        copy.leftSince = this.#clock.monotonic();
        return copy;
      }
      file.close();
    }
    return undefined;
  }

  #end(generation: Generation, reason: EndReason, events: FollowEvent[]): void {
    const stat = generation.stat();
    const head = printOf(generation.head);
    if (reason === 'truncated') this.#known.settleCut(stat, generation.id, head);
    else this.#known.settle(stat, head);
    this.#known.settleCopies(generation.id);
    this.#open.delete(generation.id);
    this.#turns.leave(generation.id);
    this.#followed.delete(identityOf(generation));
    if (reason === 'rotated') keep(this.#past, generation.id, generation)?.close();
    else generation.close();
    events.push({ kind: 'ended', generation: generation.id, reason });
  }

  #openFile(path: string, events: FollowEvent[]): OpenFile | undefined {
    try {
      const file = this.#files.open(path);
      this.#troubles.delete(path);
      return file;
    } catch (error) {
      this.#trouble(path, problemOf(error, path), events);
      return undefined;
    }
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

  /** The chunks of one call are valid together. */
  #buffer(at: number): Buffer {
    this.#buffers[at] ??= newBuffer();
    return this.#buffers[at];
  }

  #newId(): string {
    return `${++this.#count}`;
  }
}

const none: ReadonlySet<string> = new Set();

/** The place behind the last whole line in front of an offset. */
function placeBefore(file: OpenFile, offset: number): Place {
  const end = endOfLine(file, offset);
  return { offset: end, line: linesBefore(file, end) };
}

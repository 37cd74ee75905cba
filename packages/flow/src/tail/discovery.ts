import { dirname } from 'node:path';
import { problemOf } from '../file-source.ts';
import type { Place } from '../live/queue-scan.ts';
import { isCopyOf } from './copy-of.ts';
import type { FileLayer, FileStat, OpenFile } from './file-layer.ts';
import type { FolderWatch } from './folder-watch.ts';
import type { FollowEvent } from './follow-event.ts';
import { type Followed, mostOpen } from './followed.ts';
import type { FollowerClock } from './follower-clock.ts';
import type { FollowerOptions } from './follower-options.ts';
import { bytesAt, endOfLine, Generation, linesBefore, looksPacked } from './generation.ts';
import { identityOf, type KnownFiles } from './known-files.ts';
import type { PackedFiles } from './packed-files.ts';
import { PathPatterns } from './path-patterns.ts';
import { fits, headLength, type Position, printOf } from './position.ts';
import { type FoundFile, homeOf, looksRotated, Neighbours, statIfAllowed } from './rotated-files.ts';
import type { Troubles } from './troubles.ts';

/** What a follower shares with who finds its files. */
export interface DiscoveryParts {
  readonly files: FileLayer;
  readonly clock: FollowerClock;
  readonly known: KnownFiles;
  readonly followed: Followed;
  readonly packed: PackedFiles;
  readonly troubles: Troubles;
  readonly watch: FolderWatch | undefined;
}

/** Finds the files that are to be followed, under whatever names, and opens them. */
export class Discovery {
  readonly #options: FollowerOptions;
  readonly #files: FileLayer;
  readonly #clock: FollowerClock;
  readonly #patterns: PathPatterns;
  readonly #known: KnownFiles;
  readonly #followed: Followed;
  readonly #packed: PackedFiles;
  readonly #troubles: Troubles;
  readonly #watch: FolderWatch | undefined;
  /** What was found at a path last, '' for nothing, so that what is there now is known to be another. */
  readonly #atPath = new Map<string, string>();
  #isFirst = true;
  #count = 0;

  constructor(options: FollowerOptions, parts: DiscoveryParts) {
    this.#options = options;
    this.#files = parts.files;
    this.#clock = parts.clock;
    this.#known = parts.known;
    this.#followed = parts.followed;
    this.#packed = parts.packed;
    this.#troubles = parts.troubles;
    this.#watch = parts.watch;
    this.#patterns = new PathPatterns(options.paths, parts.files);
    for (const { generation } of parts.known.positions)
      this.#count = Math.max(this.#count, Number.parseInt(generation, 10));
  }

  /** Looks up all names: what is new, renamed, written anew or gone. */
  look(events: FollowEvent[]): void {
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
    if (this.#isFirst) this.#lookFirst(paths, there, neighbours, events);
    else this.#lookOn(there, events);
    this.#isFirst = false;
  }

  /** The text was replaced under its name: what was there may go on in a copy, and the new text is read from its start. */
  rewritten(generation: Generation, events: FollowEvent[]): void {
    const { path, name, leftSince } = generation;
    const identity = identityOf(generation);
    const copy = this.#copyOf(generation, events);
    if (copy === undefined) this.#followed.end(generation, 'truncated', events);
    else this.#followed.goOnIn(copy, events);
    const there = statIfAllowed(this.#files, path);
    if (there === undefined || identityOf(there) !== identity) return;
    this.#begin(path, events, name);
    const fresh = [...this.#followed.open.values()].find((one) => identityOf(one) === identity);
    if (fresh !== undefined) fresh.leftSince = leftSince;
  }

  /** In the order in which they were written: a copy that was rotated away comes before what took its place. */
  #lookOn(there: ReadonlyMap<string, FoundFile>, events: FollowEvent[]): void {
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
  #lookFirst(
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
    for (const generation of this.#followed.open.values()) {
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
      position === undefined && [...this.#followed.open.values()].find((one) => isCopyOf(one, file, path));
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
      generation.leftSince = this.#clock.monotonic() - ageOf(stat, this.#clock);
    }
    const told: FollowEvent[] = [{ kind: 'opened', generation: id, name, place }];
    if (position !== undefined && this.#wasCut(position, stat))
      told.push({ kind: 'gap', generation: id, name });
    this.#followed.add(generation, place, told);
  }

  /** Whether the text of a file goes on in a copy, and the file itself has been cut: it is there under its name. */
  #wasCut(position: Position, found: FileStat): boolean {
    const original = identityOf(position);
    if (identityOf(found) === original) return false;
    const there = statIfAllowed(this.#files, position.name);
    return there !== undefined && identityOf(there) === original;
  }

  #isFollowed(stat: FileStat): boolean {
    return this.#followed.has(stat) || this.#packed.has(identityOf(stat));
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

  /** The copy that was made of a text before it was cut off its file, from where that was read to. */
  #copyOf({ id, name, path: original, offset }: Generation, events: FollowEvent[]): Generation | undefined {
    for (const { path, stat } of new Neighbours(this.#files).rotatedFrom(name)) {
      if (path === original || this.#isFollowed(stat)) continue;
      const file = this.#openFile(path, events);
      if (file === undefined) continue;
      if (isCopyOf(this.#followed.open.get(id)!, file, path)) {
        const copy = new Generation(id, name, path, file, offset);
        copy.isWhole = true;
        copy.leftSince = this.#clock.monotonic();
        return copy;
      }
      file.close();
    }
    return undefined;
  }

  #openFile(path: string, events: FollowEvent[]): OpenFile | undefined {
    try {
      const file = this.#files.open(path);
      this.#troubles.over(path);
      return file;
    } catch (error) {
      this.#troubles.tell(path, path, problemOf(error, path), events);
      return undefined;
    }
  }

  #statOf(path: string, events: FollowEvent[]): FileStat | undefined {
    try {
      return this.#files.stat(path);
    } catch (error) {
      this.#troubles.tell(path, path, problemOf(error, path), events);
      return undefined;
    }
  }

  #newId(): string {
    return `${++this.#count}`;
  }
}

/** How long ago a file was written to, ms. */
export function ageOf({ modified }: FileStat, clock: FollowerClock): number {
  return Math.max(0, clock.wall() - modified);
}

/** The place behind the last whole line in front of an offset. */
function placeBefore(file: OpenFile, offset: number): Place {
  const end = endOfLine(file, offset);
  return { offset: end, line: linesBefore(file, end) };
}

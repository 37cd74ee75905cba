import { problemOf } from '../file-source.ts';
import type { Place } from '../live/queue-scan.ts';
import { ageOf, Discovery } from './discovery.ts';
import { diskFiles, type FileLayer } from './file-layer.ts';
import { FolderWatch } from './folder-watch.ts';
import type { FollowEvent } from './follow-event.ts';
import { Followed, mostOpen } from './followed.ts';
import { type FollowerClock, machineClock } from './follower-clock.ts';
import type { FollowerOptions } from './follower-options.ts';
import { type Generation, newBuffer } from './generation.ts';
import { identityOf, KnownFiles } from './known-files.ts';
import { PackedFiles } from './packed-files.ts';
import type { FollowerState } from './position.ts';
import { statIfAllowed } from './rotated-files.ts';
import { Troubles } from './troubles.ts';

const defaultRotateWaitMs = 60_000;
/** The same where its successor is written to by now: then the writer has moved on. Should it grow all the same, it is read on. */
const successorWaitMs = 5_000;
const defaultDiscoverMs = 1_000;
/** To look up the names of ten thousand files takes a tenth of a second: it is left alone so many times as long. */
const restPerWork = 60;

/** Between two looks at files that had nothing new; as short as that after something came. */
const pauseMs = { least: 20, most: 250 } as const;

/** Where more files are open than that, those that were quiet for so long are opened again when they grow. */
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
  readonly #known: KnownFiles;
  readonly #followed: Followed;
  readonly #packed: PackedFiles;
  readonly #troubles = new Troubles();
  readonly #watch: FolderWatch | undefined;
  readonly #discovery: Discovery;
  /** One for each chunk of a call. */
  readonly #buffers: Buffer[] = [];
  #discoverAt = 0;
  #pause: number = pauseMs.least;
  #sleep: { wake(): void } | undefined;
  #isClosed = false;
  #turn = 0;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#files = options.files ?? diskFiles;
    this.#clock = options.clock ?? machineClock;
    const { positions = [], settled = [] } = options.state ?? {};
    this.#known = new KnownFiles(positions, settled);
    this.#followed = new Followed(this.#known);
    this.#packed = new PackedFiles(this.#known, options.unpack, this.#followed.open);
    if (this.#files === diskFiles) this.#watch = new FolderWatch((names) => this.#hint(names));
    this.#discovery = new Discovery(options, {
      files: this.#files,
      clock: this.#clock,
      known: this.#known,
      followed: this.#followed,
      packed: this.#packed,
      troubles: this.#troubles,
      watch: this.#watch,
    });
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
        this.#discovery.look(events);
        const rest = restPerWork * (this.#clock.monotonic() - now);
        // Unless the system tells meanwhile that names have changed.
        if (this.#discoverAt !== 0)
          this.#discoverAt = now + Math.max(rest, this.#options.discoverEveryMs ?? defaultDiscoverMs);
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
    const positions = [
      ...this.#followed.positions(places),
      ...this.#packed.positions(places),
      ...this.#known.positions,
    ];
    const wanted = new Set([...this.#followed.past, ...this.#packed.past].map(identityOf));
    return { positions, settled: this.#known.settled.filter((file) => !wanted.has(identityOf(file))) };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#sleep?.wake();
    this.#watch?.close();
    this.#followed.close();
    await this.#packed.close();
  }

  #hint(names: boolean): void {
    if (names) this.#discoverAt = 0;
    this.#pause = pauseMs.least;
    this.#sleep?.wake();
  }

  async #readAll(events: FollowEvent[], held: ReadonlySet<string>): Promise<void> {
    await this.#packed.openSome(events);
    this.#followed.takeTurns(events);
    const waits = this.#packed.holdsOthers(this.#clock.monotonic());
    const all = [...this.#followed.open.values()].filter(
      (one) => !this.#followed.isWaiting(one) && !(waits && one.isUntouched && one.leftSince === undefined),
    );
    const first = all.length === 0 ? 0 : this.#turn++ % all.length;
    for (const generation of [...all.slice(first), ...all.slice(0, first)]) {
      if (events.length >= chunksAtOnce) break;
      if (!held.has(generation.id)) this.#readOne(generation, events);
    }
    if (events.length < chunksAtOnce) await this.#packed.readOn(held, chunksAtOnce, events);
    // Who hears that one has come to its end hears of the next as well, and waits for it.
    this.#followed.takeTurns(events);
  }

  #readOne(generation: Generation, events: FollowEvent[]): void {
    try {
      const buffer = this.#buffer(events.length);
      // As much as tells where it begins in time: of many that are behind, each waits for its turn.
      const found = generation.read(generation.isUntouched ? buffer.subarray(0, firstRead) : buffer);
      if (found.kind === 'bytes') {
        generation.quietSince = undefined;
        events.push({ kind: 'bytes', generation: generation.id, chunk: found.chunk });
      } else if (found.kind === 'rewritten') this.#discovery.rewritten(generation, events);
      else this.#quiet(generation, events);
      this.#troubles.over(generation.id);
    } catch (error) {
      const { id, path } = generation;
      // The others of its log have their turn all the same.
      generation.hasCaughtUp = true;
      this.#troubles.tell(id, path, problemOf(error, path), events);
    }
  }

  /** Nothing new came: a file that has lost its name ends some time after its last byte. */
  #quiet(generation: Generation, events: FollowEvent[]): void {
    const now = this.#clock.monotonic();
    const { leftSince, path } = generation;
    // What was rotated away is quiet since its last byte, however late that was read: several are read one after the other.
    generation.quietSince ??= leftSince === undefined ? now : now - ageOf(generation.stat(), this.#clock);
    const { quietSince } = generation;
    if (generation.isWhole) this.#followed.end(generation, 'rotated', events);
    else if (leftSince !== undefined) {
      const longest = this.#options.rotateWaitMs ?? defaultRotateWaitMs;
      const wait = this.#hasSuccessor(generation) ? Math.min(successorWaitMs, longest) : longest;
      if (now - Math.max(leftSince, quietSince) < wait) return;
      const isGone = statIfAllowed(this.#files, path) === undefined;
      this.#followed.end(generation, isGone ? 'deleted' : 'rotated', events);
    } else if (this.#followed.open.size > mostOpen && now - quietSince >= idleMs && generation.endsLine)
      this.#followed.end(generation, 'idle', events);
  }

  #hasSuccessor({ name, device, inode }: Generation): boolean {
    const there = statIfAllowed(this.#files, name);
    return there?.isFile === true && there.size > 0 && identityOf(there) !== identityOf({ device, inode });
  }

  /** The chunks of one call are valid together. */
  #buffer(at: number): Buffer {
    this.#buffers[at] ??= newBuffer();
    return this.#buffers[at];
  }
}

const none: ReadonlySet<string> = new Set();

import { Moment } from '../world/clock.ts';
import type { Door, Handshake, Party, Reply } from '../world/network.ts';
import type { Trip } from '../world/trip.ts';
import { because, type Why } from '../world/why.ts';
import type { Wire } from '../world/wire.ts';
import type { World } from '../world/world.ts';

/** What a process does with one request. */
export interface Work {
  /** Milliseconds of a worker. */
  readonly takes: number;
  readonly status?: number;
  readonly bytes?: number;
  readonly headerBytes?: number;
  /** Milliseconds from the header to the end of the body. */
  readonly body?: number;
  /** Instead of an answer: closes the connection, keeps its worker for good, or takes the whole process along. */
  readonly instead?: 'closes' | 'hangs' | 'dies';
  /** How the answer is wrong. */
  readonly answer?: 'malformed' | 'breaks';
  /** Why it does not answer well. */
  readonly why?: Why;
  /** Why it takes as long as it does, where that is long. */
  readonly late?: Why;
}

export interface AppSettings {
  readonly address: string;
  /** Requests that are worked at together. */
  readonly workers: number;
  /** Connections that may wait for a worker. A packet of one more is dropped. */
  readonly backlog?: number;
  /** Milliseconds until it closes a connection that nobody uses. */
  readonly idle?: number;
  /** What a request asks of a process where all is well. */
  readonly work: (trip: Trip) => Work;
  /** Requests at once from which on each takes longer in proportion. */
  readonly capacity?: number;
}

/** A change of what a process does with some requests. The first that has something to say counts. */
export type Change = (trip: Trip, usual: Work) => Work | undefined;

const open: Door = { does: 'opens' };

/** A process that answers requests. */
export class App implements Party {
  readonly address: string;
  readonly idle: number;
  life = 0;
  handshake?: Handshake;
  readonly changes = new Set<Change>();
  /** Why those have to wait who wait for a worker, and those for whom there is no place to wait. */
  crowded: Why = because('worker_exhaustion');
  full: Why = because('connection_queue_full');
  readonly #world: World;
  readonly #settings: AppSettings;
  #down: Why | undefined;
  #busy = 0;
  #waiting: (() => void)[] = [];
  #end = new Moment<Why>();

  constructor(world: World, settings: AppSettings) {
    this.#world = world;
    this.#settings = settings;
    this.address = settings.address;
    this.idle = settings.idle ?? 75_000;
    world.network.listen(settings.address, this);
  }

  /** Ends it at once: what is being worked at is lost for `lost`, and who comes is refused for `refused`. */
  stop(lost: Why, refused: Why): void {
    this.#down = refused;
    this.life += 1;
    this.#end.happen(lost);
    this.#end = new Moment();
    this.#busy = 0;
    this.#waiting = [];
  }

  start(): void {
    this.#down = undefined;
  }

  /** The worker processes take up the next request in turn again: those that hang are gone. */
  restart(lost: Why, refused: Why, milliseconds: number): void {
    this.stop(lost, refused);
    this.#world.clock.at(this.#world.clock.now + milliseconds, () => this.start());
  }

  door(): Door {
    if (this.#down !== undefined) return { does: 'refuses', why: this.#down };
    if (this.#waiting.length >= (this.#settings.backlog ?? Number.POSITIVE_INFINITY)) {
      return { does: 'drops', why: this.full };
    }
    return open;
  }

  serve(trip: Trip, _wire: Wire, gone: Moment): Promise<Reply> {
    if (this.#down !== undefined) return Promise.resolve({ is: 'closed', why: this.#down, reset: true });
    const killed = this.#end.came.then((why): Reply => ({ is: 'closed', why, reset: false }));
    return Promise.race([this.#work(trip, this.life, gone), killed]);
  }

  async #work(trip: Trip, life: number, gone: Moment): Promise<Reply> {
    /** Once the caller has left, the request may be with somebody else. */
    const waits = (why: Why | undefined) => {
      if (!gone.happened) trip.late = why;
    };
    if (this.#busy >= this.#settings.workers) {
      waits(this.crowded);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#busy += 1;
    }
    const work = this.#plan(trip);
    if (work.late !== undefined) waits(work.late);
    if (work.instead === 'hangs') return new Promise(() => {});
    await this.#world.clock.sleep(work.takes);
    if (this.life === life) this.#release();
    if (work.instead === 'dies') this.stop(work.why!, because('process_down', work.why!.mechanism));
    if (work.instead !== undefined) return { is: 'closed', why: work.why!, reset: false };
    waits(undefined);
    return replyOf(work);
  }

  #plan(trip: Trip): Work {
    const work = this.#changed(trip, this.#settings.work(trip));
    const crowd = this.#busy / (this.#settings.capacity ?? Number.POSITIVE_INFINITY);
    if (crowd <= 1 || work.late !== undefined) return work;
    return { ...work, takes: work.takes * crowd ** 1.5, late: because('timeout_under_load') };
  }

  #changed(trip: Trip, usual: Work): Work {
    for (const change of this.changes) {
      const changed = change(trip, usual);
      if (changed !== undefined) return changed;
    }
    return usual;
  }

  #release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#busy -= 1;
    else next();
  }
}

function replyOf({ status = 200, bytes = 4000, headerBytes = 380, body = 0, answer, why }: Work): Reply {
  return {
    is: 'answer',
    status,
    bytes,
    headerBytes,
    body,
    ...(status >= 500 ? { made: { hop: 'app', why: why ?? because('application_error') } } : {}),
    ...(answer === 'malformed' ? { malformed: why! } : {}),
    ...(answer === 'breaks' ? { breaks: why! } : {}),
    ...(answer === undefined && why !== undefined && status < 500 ? { large: why } : {}),
  };
}

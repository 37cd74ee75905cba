import type { FollowEvent, Follower, FollowerClock, FollowerState } from '../src/index.ts';

/** A clock that stands still until it is turned, and says when everybody waits for it. */
export class TurnedClock implements FollowerClock {
  now = 0;
  #waiting: { until: number; resolve: () => void } | undefined;
  #idle: (() => void) | undefined;

  monotonic(): number {
    return this.now;
  }

  /** No file is old by this clock. */
  wall(): number {
    return 0;
  }

  sleep(ms: number) {
    const done = new Promise<void>((resolve) => {
      this.#waiting = { until: this.now + ms, resolve };
    });
    this.#idle?.();
    this.#idle = undefined;
    return { done, wake: () => this.#wake() };
  }

  /** Resolves when whoever sleeps by this clock has nothing to do. */
  async idle(): Promise<void> {
    if (this.#waiting !== undefined) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }

  async turn(ms: number): Promise<void> {
    await this.idle();
    this.now += ms;
    this.#wake();
    await this.idle();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve();
  }
}

/** Takes what a follower tells, as lines, until it is stopped. */
export class Reading {
  readonly lines: string[] = [];
  readonly events: FollowEvent[] = [];
  readonly #follower: Follower;
  readonly #clock: TurnedClock;
  /** Of each generation, the bytes of a line whose end has not come, and where it begins. */
  readonly #open = new Map<string, { text: string; offset: number; line: number }>();
  readonly #ended: Promise<void>;
  held: ReadonlySet<string> = new Set();

  constructor(follower: Follower, clock: TurnedClock) {
    this.#follower = follower;
    this.#clock = clock;
    this.#ended = this.#run();
  }

  /** Lets everything be read that is there now: names are looked up, and then files. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 3; turn++) await this.#clock.turn(1_000);
  }

  /**
   * For the next follower, from where the whole lines end that were read; as a file would hold it.
   *
   * @param wanted from where others are to be read again, by generation
   */
  state(wanted: ReadonlyMap<string, { offset: number; line: number }> = new Map()): FollowerState {
    return JSON.parse(JSON.stringify(this.#follower.state(new Map([...this.#open, ...wanted]))));
  }

  async stop(): Promise<void> {
    await this.#follower.close();
    await this.#ended;
  }

  async #run(): Promise<void> {
    for (;;) {
      const events = await this.#follower.next(this.held);
      if (events === undefined) return;
      for (const event of events) this.#take(event);
    }
  }

  #take(event: FollowEvent): void {
    if (event.kind === 'opened') {
      this.#open.set(event.generation, { ...event.place, text: '' });
    } else if (event.kind === 'bytes') {
      const open = this.#open.get(event.generation)!;
      const parts = (open.text + Buffer.from(event.chunk).toString('latin1')).split('\n');
      open.text = parts.pop()!;
      for (const line of parts) {
        this.lines.push(line);
        open.offset += line.length + 1;
        open.line++;
      }
      return;
    } else if (event.kind === 'ended') {
      const open = this.#open.get(event.generation);
      if (open !== undefined && open.text !== '') this.lines.push(open.text);
      this.#open.delete(event.generation);
    }
    this.events.push(event);
  }
}

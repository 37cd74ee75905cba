import type { LiveClock } from '@why502/flow';

/** A clock that stands still while a sink takes no more: what waits for that has not waited for its logs. */
export class ActiveClock implements LiveClock {
  readonly #clock: LiveClock;
  #paused = 0;

  constructor(clock: LiveClock) {
    this.#clock = clock;
  }

  monotonic(): number {
    return this.#clock.monotonic() - this.#paused;
  }

  wall(): number {
    return this.#clock.wall();
  }

  /** Waits without that time going by. */
  async pausedFor<T>(waiting: Promise<T>): Promise<T> {
    const begun = this.#clock.monotonic();
    try {
      return await waiting;
    } finally {
      this.#paused += this.#clock.monotonic() - begun;
    }
  }
}

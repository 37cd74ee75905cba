import type { Chance } from '../world/chance.ts';
import type { Trip } from '../world/trip.ts';
import { because, type Why } from '../world/why.ts';
import type { World } from '../world/world.ts';

/** What a function does with one request. A reason is what the balancer says of it. */
export interface Call {
  readonly takes: number;
  readonly status?: number;
  readonly bytes?: number;
  readonly reason?: string;
  readonly why?: Why;
}

/** A function that is called once for each request, so many times at once. */
export class Lambda {
  readonly changes = new Set<(trip: Trip) => Call | undefined>();
  limit: number;
  readonly #world: World;
  readonly #chance: Chance;
  readonly #median: number;
  #running = 0;
  #warm = 0;

  constructor(world: World, limit: number, median: number) {
    this.#world = world;
    this.#chance = world.chance.of('lambda');
    this.limit = limit;
    this.#median = median;
  }

  /** What came of a call, once it has. */
  async call(trip: Trip): Promise<Call> {
    if (this.#running >= this.limit) {
      await this.#world.clock.sleep(this.#chance.around(12));
      return { takes: 0, reason: 'LambdaThrottling', why: because('function_error') };
    }
    this.#running += 1;
    const cold = this.#running > this.#warm;
    this.#warm = Math.max(this.#warm, this.#running);
    const planned = this.#planned(trip);
    await this.#world.clock.sleep(planned.takes + (cold ? this.#chance.around(420, 0.3) : 0));
    this.#running -= 1;
    return planned;
  }

  #planned(trip: Trip): Call {
    for (const change of this.changes) {
      const call = change(trip);
      if (call !== undefined) return call;
    }
    return { takes: this.#chance.around(this.#median), bytes: this.#chance.whole(300, 6000) };
  }
}

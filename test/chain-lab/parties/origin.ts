import type { Moment } from '../world/clock.ts';
import type { Trip } from '../world/trip.ts';
import type { Why } from '../world/why.ts';
import type { World } from '../world/world.ts';
import { type Attempt, Connections } from './exchange.ts';
import type { Name } from './names.ts';

/** Where the edge fetches what it does not have. */
export interface Origin {
  /** A name, or addresses of a load-balancing pool in order of preference. */
  readonly at: Name | Tunnel | readonly string[];
  readonly port: number;
  /** `flexible` speaks no TLS, `full` does not look at the certificate, `strict` does. */
  readonly mode: 'flexible' | 'full' | 'strict';
  /** Milliseconds; by default those of the documentation. */
  readonly timers?: { readonly connect: number; readonly answer: number };
  /** Milliseconds there and back, from a colo. */
  readonly distance?: (colo: string) => number;
  /** Where a second address is asked once when the first cannot be reached. */
  readonly failover?: boolean;
}

/** A connection that the origin's network holds open from inside. */
export class Tunnel {
  /** Why no connector is there. */
  down: Why | undefined;
  readonly #service: Connections;

  constructor(world: World, service: string) {
    this.#service = new Connections(world, {
      from: '10.9.8.2',
      address: service,
      distance: 1,
      timers: { connect: 30_000, answer: 100_000 },
      keeps: 90_000,
    });
  }

  attempt(trip: Trip, gone: Moment): Promise<Attempt> {
    return this.#service.attempt(trip, gone);
  }
}

const usualTimers = { connect: 19_000, answer: 100_000 };

/** Connections of all colos to the addresses of an origin. */
export class Paths {
  readonly #world: World;
  readonly #origin: Origin;
  readonly #all = new Map<string, Connections>();

  constructor(world: World, origin: Origin) {
    this.#world = world;
    this.#origin = origin;
  }

  to(address: string, colo: string, egress: string): Connections {
    const key = `${colo}>${address}`;
    let found = this.#all.get(key);
    if (found === undefined) {
      const { port, mode, timers = usualTimers, distance = () => 18 } = this.#origin;
      found = new Connections(this.#world, {
        from: egress,
        address: `${address}:${port}`,
        distance: distance(colo),
        ...(mode === 'flexible' ? {} : { tls: mode === 'strict' ? 'verified' : 'any' }),
        timers,
        keeps: 900_000,
      });
      this.#all.set(key, found);
    }
    return found;
  }
}

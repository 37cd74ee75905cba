import type { Chance } from './chance.ts';
import type { Clock } from './clock.ts';

/** A connection between two parties. */
export interface Wire {
  /** The address of who opened it. */
  readonly from: string;
  readonly port: number;
  /** Counted over all connections of the play. */
  readonly number: number;
  /** How many requests went over it. */
  requests: number;
}

/** Browsers use a connection again within so many milliseconds. */
const keeps = 20_000;

/** Opens connections, and keeps those of visitors. */
export class Wires {
  readonly #clock: Clock;
  readonly #chance: Chance;
  readonly #visitors = new Map<string, { readonly wire: Wire; used: number }>();
  #opened = 0;

  constructor(clock: Clock, chance: Chance) {
    this.#clock = clock;
    this.#chance = chance;
  }

  open(from: string): Wire {
    this.#opened += 1;
    return { from, port: this.#chance.whole(1025, 65_000), number: this.#opened, requests: 0 };
  }

  /** The connection of a visitor to whatever stands first. */
  ofVisitor(client: string): Wire {
    const known = this.#visitors.get(client);
    if (known !== undefined && this.#clock.now - known.used < keeps) {
      known.used = this.#clock.now;
      return known.wire;
    }
    const wire = this.open(client);
    this.#visitors.set(client, { wire, used: this.#clock.now });
    return wire;
  }
}

import { Chance } from './chance.ts';
import { Clock } from './clock.ts';
import { Network } from './network.ts';
import { type Ask, Trip } from './trip.ts';
import { Wires } from './wire.ts';

/** What all parties of a play share. */
export class World {
  readonly clock = new Clock();
  readonly chance: Chance;
  readonly network: Network;
  readonly wires: Wires;
  /** Milliseconds since 1970 at time 0. */
  readonly start: number;
  /** Milliseconds from the start until nobody asks any more. */
  readonly length: number;
  readonly trips: Trip[] = [];

  constructor(seed: string, start: number, length: number) {
    this.chance = new Chance(seed);
    this.network = new Network(this.chance.of('network'));
    this.wires = new Wires(this.clock, this.chance.of('wires'));
    this.start = start;
    this.length = length;
  }

  trip(ask: Ask): Trip {
    const trip = new Trip(`r${`${this.trips.length + 1}`.padStart(6, '0')}`, ask, this.clock.now);
    this.trips.push(trip);
    return trip;
  }

  /** A moment as milliseconds since 1970, with fractions. */
  date(time: number): number {
    return this.start + time;
  }
}

import type { NginxLog } from '../logs/nginx-log.ts';
import type { Moment } from '../world/clock.ts';
import type { Door, Handshake, Party, Reply } from '../world/network.ts';
import { departure, type Made, type Row, type Trip } from '../world/trip.ts';
import type { Why } from '../world/why.ts';
import type { Wire } from '../world/wire.ts';
import type { World } from '../world/world.ts';
import { type Passing, pass } from './nginx-pass.ts';
import type { Upstream } from './upstream.ts';

/** An answer of the proxy's own rules. */
export interface OwnAnswer {
  readonly status: number;
  readonly bytes?: number;
  readonly takes?: number;
  readonly made?: Made;
  /** Level and text of a line of the error log, up to `, client:`. */
  readonly error?: readonly [string, string];
}

export interface NginxSettings {
  /** Name of the host. */
  readonly host: string;
  /** Address and port. */
  readonly listens: string;
  readonly serverName: string;
  readonly log: NginxLog;
  readonly route: (trip: Trip) => Upstream;
  /** Milliseconds of `keepalive_timeout`; 75 s by default. */
  readonly idle?: number;
  /** `$request_id` goes on to the peers. */
  readonly secure?: boolean;
}

/** An nginx. */
export class Nginx implements Party {
  readonly idle: number;
  life = 0;
  handshake?: Handshake;
  /** Limits, pages of maintenance, sub-requests: the first that answers counts. */
  readonly rules = new Set<(trip: Trip) => OwnAnswer | undefined>();
  readonly #world: World;
  readonly #settings: NginxSettings;
  readonly #chance: World['chance'];
  #down: Why | undefined;
  /** Where the connections of this start are counted from. */
  readonly #first: number;

  constructor(world: World, settings: NginxSettings) {
    this.#world = world;
    this.#settings = settings;
    this.idle = settings.idle ?? 75_000;
    this.#chance = world.chance.of(`proxy ${settings.host}`);
    this.#first = this.#chance.whole(1000, 90_000);
    world.network.listen(settings.listens, this);
  }

  stop(why: Why): void {
    this.#down = why;
    this.life += 1;
  }

  start(): void {
    this.#down = undefined;
  }

  door(): Door {
    return this.#down === undefined ? { does: 'opens' } : { does: 'refuses', why: this.#down };
  }

  /** A visitor calls by himself. */
  visit(trip: Trip, gone: Moment): Promise<Reply> {
    return this.serve(trip, this.#world.wires.ofVisitor(trip.ask.client), gone);
  }

  async serve(trip: Trip, wire: Wire, gone: Moment): Promise<Reply> {
    const began = this.#world.clock.now;
    const id = this.#chance.hex(32);
    trip.headers.set('x-request-id', id);
    wire.requests += 1;
    const turn = wire.requests;
    const passing = await this.#pass(trip, gone);
    const left = gone.happened && passing.status === 499;
    const made = left ? departure(trip, 'nginx') : passing.made;
    const retried = passing.attempts.length > 1 && passing.status < 500 && trip.masked.length > 0;
    const masked = retried && this.#settings.log.lists;
    const row: Row = {
      source: 'nginx',
      status: passing.status,
      made,
      ...(masked ? { shows: 'masked' } : trip.truncated === undefined ? {} : { shows: 'truncated' }),
    };
    trip.rows.push(row);
    this.#settings.log.write(row, trip, {
      ...passing,
      id,
      caller: wire.from,
      began,
      ended: this.#world.clock.now,
      connection: this.#first + wire.number,
      turn,
      serverName: this.#settings.serverName,
    });
    return passing.reply === undefined
      ? {
          is: 'answer',
          status: passing.status,
          headerBytes: 180,
          bytes: passing.bytes,
          body: 0,
          ...(made === undefined ? {} : { made }),
        }
      : { ...passing.reply, body: 0, status: passing.status, ...(made === undefined ? {} : { made }) };
  }

  async #pass(trip: Trip, gone: Moment): Promise<Passing> {
    for (const rule of this.rules) {
      const own = rule(trip);
      if (own === undefined) continue;
      await this.#world.clock.sleep(own.takes ?? 0.5);
      const { status, bytes = 190, made, error } = own;
      const said =
        error === undefined ? [] : [{ at: this.#world.clock.now, level: error[0], text: error[1] }];
      return { status, bytes, attempts: [], said, group: '', ...(made === undefined ? {} : { made }) };
    }
    const group = this.#settings.route(trip);
    return pass(this.#world, this.#chance, group, trip, gone);
  }
}

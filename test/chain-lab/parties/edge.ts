import type { EdgeLog } from '../logs/edge-log.ts';
import type { Moment } from '../world/clock.ts';
import type { Reply } from '../world/network.ts';
import { departure, type Made, type Row, type Trip } from '../world/trip.ts';
import type { World } from '../world/world.ts';
import { EdgeCache } from './edge-cache.ts';
import { type EdgeFacts, nothingAsked, type Verdict } from './edge-facts.ts';
import { fetchFrom } from './edge-fetch.ts';
import { type Origin, Paths } from './origin.ts';

export interface Colo {
  readonly code: string;
  readonly weight: number;
  readonly number: number;
  /** The first three parts of the addresses that it calls origins from. */
  readonly net: string;
  /** Milliseconds there and back to origins. */
  readonly distance: number;
}

/** A script at the edge. It answers by itself, fails, or fetches. */
export type Script = (trip: Trip) => { readonly verdict: Verdict } | 'fetches' | undefined;

export interface EdgeSettings {
  readonly colos: readonly Colo[];
  readonly log: EdgeLog;
  readonly origin: (trip: Trip) => Origin;
  /** The zone's name. */
  readonly zone: string;
  /** Paths that may be kept; none if absent. */
  readonly keeps?: (path: string) => boolean;
  /** The ray goes to the origin inside `X-Amzn-Trace-Id`, too. */
  readonly rayInTrace?: boolean;
}

/** The network of nginxes that visitors reach first. */
export class Edge {
  /** The first that answers counts: rules of the zone, faults of the edge itself, look-ups of its own. */
  readonly answers = new Set<(trip: Trip, colo: Colo) => Verdict | undefined>();
  script: Script | undefined;
  readonly #world: World;
  readonly #settings: EdgeSettings;
  readonly #chance: World['chance'];
  readonly #paths = new Map<Origin, Paths>();
  readonly #cache: EdgeCache;
  /** The colo that each client reaches. */
  readonly #near = new Map<string, Colo>();

  constructor(world: World, settings: EdgeSettings) {
    this.#world = world;
    this.#settings = settings;
    this.#chance = world.chance.of('edge');
    this.#cache = new EdgeCache(world, this.#chance);
  }

  async visit(trip: Trip, gone: Moment): Promise<Reply | undefined> {
    const colo = this.#coloOf(trip);
    const ray = `8${this.#chance.hex(15)}`;
    trip.headers.set('cf-ray', `${ray}-${colo.code}`);
    trip.forwarded.push(trip.ask.client);
    if (this.#settings.rayInTrace) trip.headers.set('x-amzn-trace-id', `CFRay=${ray}`);
    const began = this.#world.clock.now;
    await this.#world.clock.sleep(this.#chance.around(2, 0.5));
    const { facts, reply, made } = await this.#answer(trip, colo, gone);
    const left = gone.happened;
    const row: Row = {
      source: 'cloudflare',
      status: left ? (this.#chance.happens(0.9) ? 499 : 0) : facts.status,
      made: left ? departure(trip, 'cloudflare') : made,
      ...(trip.masked.length > 0 && facts.cache === 'stale' ? { shows: 'masked' } : {}),
      ...(trip.truncated === undefined ? {} : { shows: 'truncated' }),
    };
    trip.rows.push(row);
    const times = { began, ended: this.#world.clock.now + this.#chance.between(0, 1) };
    this.#settings.log.write(row, trip, { ...facts, status: row.status, ray, parent: '00', colo, ...times });
    return reply;
  }

  #coloOf({ ask }: Trip): Colo {
    const { colos } = this.#settings;
    const near = this.#near.get(ask.client) ?? this.#chance.weighted(colos);
    this.#near.set(ask.client, near);
    return near;
  }

  async #answer(trip: Trip, colo: Colo, gone: Moment): Promise<Answered> {
    for (const one of this.answers) {
      const verdict = one(trip, colo);
      if (verdict !== undefined) return this.#byItself(verdict, gone);
    }
    const script = this.script?.(trip);
    if (script === 'fetches') return this.#scripted(trip, colo, gone);
    if (script !== undefined) return this.#byItself(script.verdict, gone);
    const kept = trip.ask.method === 'GET' && this.#settings.keeps?.(trip.ask.path) === true;
    const found = kept ? this.#cache.find(colo.code, trip.ask.path) : 'dynamic';
    if (found === 'hit') return { facts: { ...nothingAsked, status: 200, cache: 'hit', bytes: 20_000 } };
    const fetched = await this.#fetch(trip, colo, gone);
    const { made } = fetched;
    if (!kept) return fetched;
    if (made !== undefined && found === 'expired' && !gone.happened) {
      trip.masked.push(made);
      return { facts: { ...fetched.facts, status: 200, cache: 'stale', bytes: 20_000 } };
    }
    if (made === undefined) this.#cache.keep(colo.code, trip.ask.path);
    return { ...fetched, facts: { ...fetched.facts, cache: found } };
  }

  async #byItself(verdict: Verdict, gone: Moment): Promise<Answered> {
    await Promise.race([this.#world.clock.sleep(verdict.takes ?? this.#chance.around(5)), gone.came]);
    const { made, ...facts } = verdict;
    return { facts: { ...nothingAsked, ...facts }, ...(made === undefined ? {} : { made }) };
  }

  /** The script's own request to the origin has a line of its own; the visitor's line says nothing of the origin. */
  async #scripted(trip: Trip, colo: Colo, gone: Moment): Promise<Answered> {
    const ray = `8${this.#chance.hex(15)}`;
    const parent = trip.headers.get('cf-ray')!.slice(0, 16);
    const own = trip.copy({ source: 'edgeWorkerFetch', agent: '', client: '2a06:98c0:3600::103' });
    own.headers.set('cf-ray', `${ray}-${colo.code}`);
    await this.#world.clock.sleep(this.#chance.around(3));
    const began = this.#world.clock.now;
    const fetched = await this.#fetch(own, colo, gone);
    trip.late = own.late;
    trip.overdue = own.overdue;
    const { facts, made } = fetched;
    const status = gone.happened ? 499 : facts.status;
    const row: Row = {
      source: 'cloudflare',
      status,
      made: gone.happened ? departure(trip, 'cloudflare') : made,
    };
    trip.rows.push(...own.rows);
    const ended = this.#world.clock.now;
    this.#settings.log.write(row, own, { ...facts, status, ray, parent, colo, began, ended });
    trip.rows.push(row);
    return {
      ...fetched,
      facts: { ...nothingAsked, status: facts.status, bytes: facts.bytes, worker: 'ok', subrequests: 1 },
    };
  }

  async #fetch(trip: Trip, colo: Colo, gone: Moment): Promise<Answered> {
    const origin = this.#settings.origin(trip);
    let paths = this.#paths.get(origin);
    if (paths === undefined) {
      paths = new Paths(this.#world, { distance: () => colo.distance, ...origin });
      this.#paths.set(origin, paths);
    }
    const egress = `${colo.net}.${1 + (trip.ask.user % 250)}`;
    return fetchFrom({ world: this.#world, chance: this.#chance, origin, paths, colo, egress }, trip, gone);
  }
}

/** What the edge found out, and from whom. */
export interface Answered {
  readonly facts: EdgeFacts;
  readonly reply?: Reply;
  readonly made?: Made;
}

import type { BalancerLog } from '../logs/balancer-log.ts';
import type { Moment } from '../world/clock.ts';
import type { Party, Reply } from '../world/network.ts';
import { departure, type Row, type Trip } from '../world/trip.ts';
import { because } from '../world/why.ts';
import type { Wire } from '../world/wire.ts';
import type { World } from '../world/world.ts';
import { type BalancerFacts, nothingForwarded, type Ruling } from './balancer-facts.ts';
import { callFunction, forwardTo, type Passed } from './balancer-forward.ts';
import type { TargetGroup } from './target-group.ts';

export interface Node {
  /** Where callers reach it, and where it calls targets from. */
  readonly outside: string;
  readonly inside: string;
}

export interface BalancerSettings {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly log: BalancerLog;
  /** Which group a request goes to, or what is done with it instead. */
  readonly route: (trip: Trip) => TargetGroup | Ruling;
  /** Milliseconds; 60 s by default. */
  readonly idleTimeout?: number;
  readonly port?: number;
}

/** A load balancer of several nodes. Its callers are visitors, or the network of nginxes before it. */
export class Balancer {
  /** Rules of the moment. The first that answers counts. */
  readonly rules = new Set<(trip: Trip) => Ruling | undefined>();
  readonly #world: World;
  readonly #settings: BalancerSettings;
  readonly #chance: World['chance'];
  readonly #near = new Map<string, Node>();

  constructor(world: World, settings: BalancerSettings) {
    this.#world = world;
    this.#settings = settings;
    this.#chance = world.chance.of(`balancer ${settings.name}`);
    for (const node of settings.nodes)
      world.network.listen(`${node.outside}:${settings.port ?? 443}`, this.#party(node));
  }

  /** A visitor calls by himself. */
  visit(trip: Trip, gone: Moment): Promise<Reply> {
    return this.#serve(
      trip,
      this.#world.wires.ofVisitor(trip.ask.client),
      this.#nodeOf(trip.ask.client),
      gone,
    );
  }

  /** A client stays with the node that a look-up of the name gave it. */
  #nodeOf(client: string): Node {
    const known = this.#near.get(client) ?? this.#chance.pick(this.#settings.nodes);
    this.#near.set(client, known);
    return known;
  }

  #party(node: Node): Party {
    return {
      idle: 900_000,
      life: 0,
      door: () => ({ does: 'opens' }),
      serve: (trip, wire, gone) => this.#serve(trip, wire, node, gone),
    };
  }

  async #serve(trip: Trip, wire: Wire, node: Node, gone: Moment): Promise<Reply> {
    const { clock } = this.#world;
    const caller = wire.from;
    const began = clock.now;
    const root = `1-${Math.floor(this.#world.date(began) / 1000).toString(16)}-${this.#chance.hex(24)}`;
    trip.headers.set('x-amzn-trace-id', traceOf(root, trip.headers.get('x-amzn-trace-id')));
    trip.forwarded.push(caller);
    const passed = await this.#pass(trip, caller, node, gone);
    const left = gone.happened && passed.facts.status !== 504;
    const facts = left ? given(passed.facts, clock.now - began, this.#settings.log.waited) : passed.facts;
    const made = left ? departure(trip, 'alb') : passed.made;
    const row: Row = {
      source: 'alb',
      status: facts.status,
      made,
      ...(trip.truncated === undefined ? {} : { shows: 'truncated' }),
    };
    trip.rows.push(row);
    this.#settings.log.write(row, trip, { ...facts, wire, node, began, ended: clock.now });
    return {
      is: 'answer',
      status: facts.status,
      headerBytes: 400,
      bytes: facts.sent,
      body: 0,
      ...passed.reply,
      ...(made === undefined ? {} : { made }),
    };
  }

  async #pass(trip: Trip, caller: string, node: Node, gone: Moment): Promise<Passed> {
    for (const rule of this.rules) {
      const ruling = rule(trip);
      if (ruling !== undefined) return this.#rule(ruling);
    }
    const found = this.#settings.route(trip);
    if (!('settings' in found)) return this.#rule(found);
    const { version = 'HTTP1', lambda } = found.settings;
    if (lambda !== undefined) return callFunction(this.#world, found, lambda, trip, gone);
    if (version !== 'HTTP1' && (caller !== trip.ask.client || trip.ask.protocol === 'HTTP/1.1')) {
      const facts = { ...nothingForwarded, status: 464, group: found, sent: 130 };
      return { facts, made: { hop: 'alb', why: because('protocol_mismatch', 'bad_client_request') } };
    }
    const target = found.pick(node.inside);
    if (target === undefined) {
      const facts = { ...nothingForwarded, status: 503, group: found, sent: 337 };
      return { facts, made: { hop: 'alb', why: because('no_targets') } };
    }
    const link = found.connections(node.inside, target.address, this.#settings.idleTimeout ?? 60_000);
    return forwardTo(this.#chance, found, link, trip, gone);
  }

  async #rule({ takes = 1, made, ...facts }: Ruling): Promise<Passed> {
    await this.#world.clock.sleep(this.#chance.around(takes));
    return { facts: { ...nothingForwarded, ...facts }, ...(made === undefined ? {} : { made }) };
  }
}

/** What is logged where the caller left: some lines tell how long the target had been waited for. */
function given(facts: BalancerFacts, elapsed: number, waited: boolean): BalancerFacts {
  return {
    ...facts,
    status: 460,
    sent: 0,
    targetStatus: undefined,
    response: undefined,
    target: waited ? elapsed : undefined,
  };
}

/** A caller's own root is kept beside what the balancer calls the request; other fields of the caller are, too. */
function traceOf(id: string, before: string | undefined): string {
  if (before === undefined) return `Root=${id}`;
  return before.startsWith('Root=') ? `Self=${id};${before}` : `Root=${id};${before}`;
}

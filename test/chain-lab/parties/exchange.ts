import { Moment } from '../world/clock.ts';
import type { Reply } from '../world/network.ts';
import type { Trip } from '../world/trip.ts';
import { because, type Why } from '../world/why.ts';
import type { Wire } from '../world/wire.ts';
import type { World } from '../world/world.ts';

/** How one party reaches another. */
export interface Link {
  /** The address that the caller calls from. */
  readonly from: string;
  readonly address: string;
  /** Milliseconds there and back. */
  readonly distance: number;
  /** TLS is spoken; `verified` looks at the certificate. */
  readonly tls?: 'any' | 'verified';
  readonly timers: { readonly connect: number; readonly answer: number };
  /** Milliseconds that the caller keeps a connection that nobody uses; 0 where it keeps none. */
  readonly keeps: number;
}

/** How an attempt went, as its caller measures it, in milliseconds. */
export interface Attempt {
  readonly address: string;
  readonly began: number;
  readonly ended: number;
  readonly reused: boolean;
  /** Of the handshakes; undefined where they did not come to an end, 0 where the connection was there already. */
  readonly tcp: number | undefined;
  readonly tls: number | undefined;
  /** When the header was there, from the end of the handshakes. */
  readonly header: number | undefined;
  readonly end: Ending;
}

export type Ending =
  | { readonly how: 'answer'; readonly reply: Reply & { is: 'answer' } }
  | { readonly how: 'refused' | 'prohibited' | 'unreachable' | 'unconnected'; readonly why: Why }
  | { readonly how: 'handshake' | 'handshake_late' | 'certificate'; readonly why: Why }
  | { readonly how: 'closed'; readonly reset: boolean; readonly why: Why }
  | { readonly how: 'late'; readonly why: Why }
  | { readonly how: 'gone' };

interface Kept {
  readonly wire: Wire;
  readonly life: number;
  since: number;
}

/** When the first packet of a connection is sent again while nothing comes back, in milliseconds (Linux since 6.5). */
const retries = [0, 1030, 2054, 3078, 4102, 5126, 7142, 11_238, 19_430, 35_814, 68_582];
const raced: Ending = { how: 'closed', reset: true, why: because('keepalive_mismatch') };
/** A party closes an idle connection; until its caller knows, a request may go out on it. */
const closing = 9;

/** Connections of one caller to one address, and what is asked over them. */
export class Connections {
  readonly #world: World;
  readonly #link: Link;
  #kept: Kept[] = [];

  constructor(world: World, link: Link) {
    this.#world = world;
    this.#link = link;
  }

  async attempt(trip: Trip, gone: Moment): Promise<Attempt> {
    const { clock } = this.#world;
    const began = clock.now;
    const kept = this.#reusable();
    const start = { address: this.#link.address, began, reused: kept !== undefined };
    if (kept === 'closing') {
      await clock.sleep(this.#link.distance);
      return { ...start, tcp: 0, tls: 0, header: undefined, ended: clock.now, end: raced };
    }
    let tcp: number | undefined = 0;
    let tls: number | undefined = 0;
    if (kept === undefined) {
      const failed = await this.#connect(trip, gone);
      if (failed !== undefined) {
        return { ...start, tcp: undefined, tls: undefined, header: undefined, ended: clock.now, end: failed };
      }
      tcp = clock.now - began;
      const refused = await this.#shakeHands(gone);
      if (refused !== undefined) {
        return { ...start, tcp, tls: undefined, header: undefined, ended: clock.now, end: refused };
      }
      tls = clock.now - began - tcp;
    }
    const asked = clock.now;
    const wire = kept?.wire ?? this.#world.wires.open(this.#link.from);
    const end = await this.#ask(trip, wire, gone);
    const header = end.how === 'answer' ? clock.now - asked : undefined;
    if (end.how === 'answer') await this.#body(end.reply, gone);
    return { ...start, tcp, tls, header, ended: clock.now, end };
  }

  /** Of those that are still open, the one used last; `closing` where the other side just gives it up. */
  #reusable(): Kept | 'closing' | undefined {
    const { clock, network } = this.#world;
    const { now } = clock;
    const party = network.party(this.#link.address);
    if (network.blocked(this.#link.from, this.#link.address)) this.#kept = [];
    if (party === undefined || this.#link.keeps === 0) return undefined;
    this.#kept = this.#kept.filter(({ since, life }) => {
      return (
        life === party.life &&
        now - since < Math.min(this.#link.keeps, party.idle + closing + this.#link.distance)
      );
    });
    const kept = this.#kept.pop();
    if (kept === undefined) return undefined;
    return now - kept.since > party.idle - closing ? 'closing' : kept;
  }

  async #connect(trip: Trip, gone: Moment): Promise<Ending | undefined> {
    const { clock, network, chance } = this.#world;
    const { from, address, distance, timers } = this.#link;
    const began = clock.now;
    let dropped: Why | undefined;
    for (const retry of retries) {
      if (retry >= timers.connect) break;
      if (await leavesBefore(clock.until(began + retry), gone)) return { how: 'gone' };
      const door = network.door(from, address);
      if (door.does === 'drops') {
        dropped = door.why;
        trip.late = door.why;
        continue;
      }
      await clock.sleep(distance);
      if (door.does === 'opens') {
        if (trip.late === dropped) trip.late = undefined;
        return undefined;
      }
      if (door.does === 'refuses') return { how: 'refused', why: door.why };
      if (door.does === 'prohibits') return { how: 'prohibited', why: door.why };
      trip.late = door.why;
      if (await leavesBefore(clock.sleep(chance.between(900, 3000)), gone)) return { how: 'gone' };
      return { how: 'unreachable', why: door.why };
    }
    if (await leavesBefore(clock.until(began + timers.connect), gone)) return { how: 'gone' };
    return { how: 'unconnected', why: dropped! };
  }

  async #shakeHands(gone: Moment): Promise<Ending | undefined> {
    const { clock, network } = this.#world;
    const { address, distance, tls, timers } = this.#link;
    if (tls === undefined) return undefined;
    await clock.sleep(2 * distance + 2);
    const { fails, certificate } = network.party(address)?.handshake ?? {};
    if (fails?.how === 'stalls') {
      const left = await leavesBefore(clock.sleep(timers.connect), gone);
      return left ? { how: 'gone' } : { how: 'handshake_late', why: fails.why };
    }
    if (fails !== undefined) return { how: 'handshake', why: fails.why };
    if (tls === 'verified' && certificate !== undefined) return { how: 'certificate', why: certificate };
    return undefined;
  }

  async #ask(trip: Trip, wire: Wire, gone: Moment): Promise<Ending> {
    const { clock, network, chance } = this.#world;
    const { from, address, distance, timers, keeps } = this.#link;
    const party = network.party(address)!;
    const leaves = new Moment();
    const why = network.resets(from, address);
    const life = party.life;
    const reply = clock.sleep(distance / 2).then(() => party.serve(trip, wire, leaves));
    const first = await Promise.race([
      reply.then((reply) => clock.sleep(distance / 2).then(() => reply)),
      clock.sleep(timers.answer).then(() => 'late' as const),
      gone.came.then(() => 'gone' as const),
      ...(why === undefined ? [] : [clock.sleep(chance.gap(25)).then(() => 'reset' as const)]),
    ]);
    const end = ending(first, trip, why);
    if (end.how !== 'answer') leaves.happen();
    else if (keeps > 0 && party.life === life && end.reply.breaks === undefined) {
      this.#kept.push({ wire, life, since: clock.now + end.reply.body });
    }
    return end;
  }

  async #body({ body }: Reply & { is: 'answer' }, gone: Moment): Promise<void> {
    if (body > 0) await leavesBefore(this.#world.clock.sleep(body), gone);
  }
}

function ending(first: Reply | 'late' | 'gone' | 'reset', trip: Trip, reset: Why | undefined): Ending {
  if (first === 'gone') return { how: 'gone' };
  if (first === 'late') {
    trip.overdue = trip.late ?? unexplained(trip);
    return { how: 'late', why: trip.overdue };
  }
  if (first === 'reset') return { how: 'closed', reset: true, why: reset! };
  if (first.is === 'closed') return { how: 'closed', reset: first.reset, why: first.why };
  return { how: 'answer', reply: first };
}

async function leavesBefore(waited: Promise<void>, gone: Moment): Promise<boolean> {
  return Promise.race([waited.then(() => false), gone.came.then(() => true)]);
}

function unexplained({ key, ask, at }: Trip): never {
  throw new Error(`${key} at ${at}: ${ask.path} is late, and nothing says why`);
}

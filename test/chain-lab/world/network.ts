import type { Chance } from './chance.ts';
import type { Moment } from './clock.ts';
import type { Made, Trip } from './trip.ts';
import type { Why } from './why.ts';
import type { Wire } from './wire.ts';

/** What comes back for the first packet of a connection. */
export type Door =
  | { readonly does: 'opens' }
  /** Refused by the machine; told by a filter that it is prohibited; no such host in its network; nothing at all. */
  | { readonly does: 'refuses' | 'prohibits' | 'vanishes' | 'drops'; readonly why: Why };

/** What comes back over a connection. */
export type Reply =
  | {
      readonly is: 'answer';
      readonly status: number;
      readonly headerBytes: number;
      readonly bytes: number;
      /** Milliseconds from the header to the end of the body. */
      readonly body: number;
      /** For failures that this answer reports. */
      readonly made?: Made;
      /** The body ends before it is whole. */
      readonly breaks?: Why;
      /** The header is not HTTP as it should be. */
      readonly malformed?: Why;
      /** Why the header is as large as it is. */
      readonly large?: Why;
    }
  /** The connection ended before there was a header. */
  | { readonly is: 'closed'; readonly why: Why; readonly reset: boolean };

/** Who listens at an address. */
export interface Party {
  /** Milliseconds after which it closes a connection that nobody uses. */
  readonly idle: number;
  /** Grows when all its connections are gone at once. */
  readonly life: number;
  /** TLS is spoken, and why a handshake fails. */
  readonly handshake?: Handshake;
  door(): Door;
  /** `gone` happens when the caller leaves. Never settles where no answer comes. */
  serve(trip: Trip, wire: Wire, gone: Moment): Promise<Reply>;
}

export interface Handshake {
  /** Refuses it, or lets the caller wait. */
  readonly fails?: { readonly how: 'refuses' | 'stalls'; readonly why: Why };
  /** What a caller finds who looks at the certificate. */
  readonly certificate?: Why;
}

/** What the network does to packets: a filter in front of addresses, or a machine that is not there. */
interface Obstacle {
  readonly from: string;
  readonly to: string;
  readonly door: Door;
}

/** A box between two addresses that resets connections in use now and then. */
interface Disturbance {
  readonly from: string;
  readonly to: string;
  readonly share: number;
  readonly why: Why;
}

/** Which addresses lead where. Addresses and prefixes of addresses are texts, with the port at the end. */
export class Network {
  readonly #parties = new Map<string, Party>();
  readonly #obstacles = new Set<Obstacle>();
  readonly #disturbances = new Set<Disturbance>();
  readonly #chance: Chance;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  listen(address: string, party: Party): void {
    this.#parties.set(address, party);
  }

  party(address: string): Party | undefined {
    return this.#parties.get(address);
  }

  /** Puts an obstacle before all addresses that begin with `to`, for callers that begin with `from`. Returns what takes it away. */
  block(to: string, door: Door, from = ''): () => void {
    const obstacle = { from, to, door };
    this.#obstacles.add(obstacle);
    return () => this.#obstacles.delete(obstacle);
  }

  /** A share of the exchanges with addresses that begin with `to` is reset. Returns what ends it. */
  disturb(to: string, share: number, why: Why, from = ''): () => void {
    const disturbance = { from, to, share, why };
    this.#disturbances.add(disturbance);
    return () => this.#disturbances.delete(disturbance);
  }

  door(from: string, address: string): Door {
    for (const one of this.#obstacles) {
      if (address.startsWith(one.to) && from.startsWith(one.from)) return one.door;
    }
    const party = this.#parties.get(address);
    if (party === undefined) throw new Error(`nobody is at ${address}, and nothing says why`);
    return party.door();
  }

  /** Whether packets of open connections are held up, too. */
  blocked(from: string, address: string): boolean {
    return [...this.#obstacles].some((one) => address.startsWith(one.to) && from.startsWith(one.from));
  }

  /** Why this exchange will be reset, if it will. */
  resets(from: string, address: string): Why | undefined {
    for (const one of this.#disturbances) {
      if (!address.startsWith(one.to) || !from.startsWith(one.from)) continue;
      if (this.#chance.happens(one.share)) return one.why;
    }
    return undefined;
  }
}

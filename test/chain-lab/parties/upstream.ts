import type { Made, Trip } from '../world/trip.ts';
import type { World } from '../world/world.ts';
import { Connections } from './exchange.ts';
import type { Name } from './names.ts';

export interface UpstreamOptions {
  readonly name: string;
  readonly peers: readonly string[];
  readonly scheme?: 'http' | 'https';
  readonly verifies?: boolean;
  /** Milliseconds that an unused connection is kept; 0 where `keepalive` is not set. */
  readonly keeps?: number;
  /** `max_conns` of each peer. */
  readonly most?: number;
  readonly connect?: number;
  readonly answer?: number;
  /** Bytes of `proxy_buffer_size`. */
  readonly buffer?: number;
  /** A name in a variable, asked for each request, with the port. */
  readonly name_of?: { readonly name: Name; readonly port: number };
}

interface Peer {
  readonly address: string;
  readonly connections: Connections;
  active: number;
  /** Not asked before this time. */
  aside: number;
}

/** For so long a peer of several is left out after an attempt that failed (`fail_timeout`). */
const asideFor = 10_000;

/** An `upstream` of nginx: peers asked in turn, and put aside once they fail. */
export class Upstream {
  readonly options: UpstreamOptions;
  /** What put the last peer aside, and the request that it happened to. */
  blame: { readonly made: Made; readonly key: string } | undefined;
  readonly #world: World;
  readonly #from: string;
  #peers: readonly Peer[];
  #turn = 0;

  constructor(world: World, from: string, options: UpstreamOptions) {
    this.#world = world;
    this.#from = from;
    this.options = options;
    this.#peers = options.peers.map((address) => this.#peer(address));
  }

  /** What a reload with other servers does. */
  reload(peers: readonly string[]): void {
    this.#peers = peers.map((address) => this.#peer(address));
  }

  get size(): number {
    return this.#peers.length;
  }

  /** Undefined where all have been tried, are aside, or are at their limit. */
  pick(tried: ReadonlySet<string>): Peer | undefined {
    const { now } = this.#world.clock;
    const { most = Number.POSITIVE_INFINITY } = this.options;
    this.#turn += 1;
    for (let step = 0; step < this.#peers.length; step += 1) {
      const peer = this.#peers[(this.#turn + step) % this.#peers.length]!;
      if (tried.has(peer.address) || peer.active >= most) continue;
      if (this.#peers.length === 1 || now >= peer.aside) return peer;
    }
    return undefined;
  }

  /** Whether a limit keeps requests off, and no failure. */
  full(): boolean {
    const { most } = this.options;
    return most !== undefined && this.#peers.every(({ active }) => active >= most);
  }

  failed(peer: Peer, made: Made, trip: Trip): void {
    peer.aside = this.#world.clock.now + asideFor;
    this.blame = { made, key: trip.key };
  }

  named(address: string): Peer {
    return this.#peers.find((one) => one.address === address) ?? this.#peer(address);
  }

  #peer(address: string): Peer {
    const { scheme = 'http', verifies, keeps = 0, connect = 60_000, answer = 60_000 } = this.options;
    const link = {
      from: this.#from,
      address,
      distance: 0.6,
      ...(scheme === 'https' ? { tls: verifies ? ('verified' as const) : ('any' as const) } : {}),
      timers: { connect, answer },
      keeps,
    };
    return { address, connections: new Connections(this.#world, link), active: 0, aside: 0 };
  }
}

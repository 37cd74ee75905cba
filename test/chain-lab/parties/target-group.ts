import type { World } from '../world/world.ts';
import { Connections } from './exchange.ts';
import type { Lambda } from './lambda.ts';

/** One address of a group. */
export interface Target {
  readonly address: string;
  healthy: boolean;
  /** No new requests come here. */
  draining: boolean;
}

export interface GroupSettings {
  readonly name: string;
  readonly secure?: boolean;
  /** A group that speaks HTTP/2 only or gRPC answers other requests with 464. */
  version?: 'HTTP1' | 'HTTP2' | 'GRPC';
  readonly lambda?: Lambda;
}

/** A target group of a load balancer. */
export class TargetGroup {
  readonly settings: GroupSettings;
  readonly id: string;
  targets: Target[] = [];
  readonly #world: World;
  readonly #connections = new Map<string, Connections>();
  /** Each node asks the targets in turn by itself. */
  readonly #turns = new Map<string, number>();

  constructor(world: World, settings: GroupSettings, ...addresses: readonly string[]) {
    this.#world = world;
    this.settings = settings;
    this.id = world.chance.of(`group ${settings.name}`).hex(16);
    for (const address of addresses) this.register(address);
  }

  register(address: string): void {
    this.targets.push({ address, healthy: true, draining: false });
  }

  deregister(address: string): void {
    this.targets = this.targets.filter((one) => one.address !== address);
  }

  /** Undefined where none is registered. Where all are unhealthy, all are asked. */
  pick(node: string): Target | undefined {
    const open = this.targets.filter(({ draining }) => !draining);
    const healthy = open.filter((one) => one.healthy);
    const choice = healthy.length > 0 ? healthy : open;
    const turn = (this.#turns.get(node) ?? 0) + 1;
    this.#turns.set(node, turn);
    return choice[turn % choice.length];
  }

  connections(node: string, address: string, answer: number): Connections {
    const key = `${node} ${address}`;
    let found = this.#connections.get(key);
    if (found === undefined) {
      found = new Connections(this.#world, {
        from: node,
        address,
        distance: 0.8,
        ...(this.settings.secure ? { tls: 'any' } : {}),
        timers: { connect: 10_000, answer },
        keeps: answer,
      });
      this.#connections.set(key, found);
    }
    return found;
  }
}

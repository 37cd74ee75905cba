import type { Failure } from '../failure.ts';
import { bucketsAfter, bucketsBefore } from '../window/windows.ts';

/** A service with more failures than this in ten seconds has a storm, in which single ones tell nothing. */
const mostOfService = 64;

/** The same for all services of the hop together, so that what is kept is bounded. */
const mostInBucket = 2_048;

/** A failure for which the peer had been connected, and did not answer or not well. */
export interface Stray {
  /** When the attempt began, ms since the epoch. */
  readonly began: number;
  readonly peerId: number;
  readonly routeId: number;
  readonly client: string | undefined;
  /** It broke as soon as it was tried, and its stamps are fine enough to be compared. */
  readonly isQuick: boolean;
  /** Worked out once, by IdleGaps. */
  gaps: Uint16Array | undefined;
}

/** How often the clients of a route failed on it. */
export type Meetings = ReadonlyMap<string, number>;

interface Gathering {
  count: number;
  /** By service; empty where there are too many. */
  readonly strays: Map<number, Stray[]>;
  readonly counts: Map<number, number>;
}

/** A connection that was closed before breaks within so many ms. */
const quickMs = 20;

/** Stamps coarser than this tell no distances. */
const finestMs = 10;

/**
 * Failures that come one by one, kept as long as a context reaches back: what they have in common shows only over
 * minutes. Which are kept depends on how many there are, and not on their order.
 */
export class Scattered {
  readonly #buckets = new Map<number, Gathering>();
  readonly #around = new Map<number, readonly Stray[]>();
  readonly #meetings = new Map<number, Map<number, Map<string, number>>>();
  #bucket = Number.NaN;

  add({ bucket, serviceId, peerId, routeId, phase, imprint, request, after, attemptEnd }: Failure): void {
    if (phase !== 'waiting' && phase !== 'answering') return;
    let gathering = this.#buckets.get(bucket);
    if (gathering === undefined) {
      gathering = { count: 0, strays: new Map(), counts: new Map() };
      this.#buckets.set(bucket, gathering);
    }
    const ofService = (gathering.counts.get(serviceId) ?? 0) + 1;
    gathering.counts.set(serviceId, ofService);
    if (++gathering.count > mostInBucket) {
      gathering.strays.clear();
      return;
    }
    if (ofService > mostOfService) {
      gathering.strays.delete(serviceId);
      return;
    }
    const took = after ?? Number.POSITIVE_INFINITY;
    const isBroken = imprint?.kind === 'imprint' && imprint.phase === 'waiting' && imprint.status === 502;
    const stray: Stray = {
      began: attemptEnd - took,
      peerId,
      routeId,
      client: request?.client,
      isQuick: isBroken && took <= quickMs && (request?.resolution ?? 1_000) <= finestMs,
      gaps: undefined,
    };
    const strays = gathering.strays.get(serviceId);
    if (strays === undefined) gathering.strays.set(serviceId, [stray]);
    else strays.push(stray);
  }

  /** Those of a service in the context of a bucket. */
  around(bucket: number, serviceId: number): readonly Stray[] {
    this.#moveTo(bucket);
    let found = this.#around.get(serviceId);
    if (found === undefined) {
      const strays: Stray[] = [];
      for (let index = bucket - bucketsBefore; index <= bucket + bucketsAfter; index++)
        for (const stray of this.#buckets.get(index)?.strays.get(serviceId) ?? []) strays.push(stray);
      found = strays;
      this.#around.set(serviceId, found);
    }
    return found;
  }

  /** Which clients met such failures on a route in the context of a bucket; empty where clients are not logged. */
  meetings(bucket: number, serviceId: number, routeId: number): Meetings {
    this.#moveTo(bucket);
    let routes = this.#meetings.get(serviceId);
    if (routes === undefined) {
      routes = new Map();
      for (const { routeId: route, client } of this.around(bucket, serviceId)) {
        if (client === undefined) continue;
        const clients = routes.get(route) ?? new Map<string, number>();
        routes.set(route, clients.set(client, (clients.get(client) ?? 0) + 1));
      }
      this.#meetings.set(serviceId, routes);
    }
    return routes.get(routeId) ?? nobody;
  }

  forgetBefore(bucket: number): void {
    for (const index of this.#buckets.keys()) if (index < bucket) this.#buckets.delete(index);
  }

  #moveTo(bucket: number): void {
    if (bucket === this.#bucket) return;
    this.#bucket = bucket;
    this.#around.clear();
    this.#meetings.clear();
  }
}

const nobody: Meetings = new Map();

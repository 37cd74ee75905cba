import type { Hop, Mechanism, Names, RowRef, Verdict } from '@why502/model';
import type { OpenIncident } from '../memory.ts';
import { Clients } from './clients.ts';

/** What was seen at its failures. */
interface Seen {
  readonly text: string;
  readonly row: RowRef | undefined;
  requests: number;
  /** Sum over the verdicts, decibans. */
  weight: number;
}

/** What was asked for, by number of requests. */
interface Asked {
  readonly methods: Map<string, number>;
  readonly routes: Map<string, number>;
}

/** An incident that may still grow. */
export interface Open {
  readonly id: string;
  readonly mechanism: Mechanism | undefined;
  readonly first: Pick<Verdict, 'id' | 'time' | 'upstream'>;
  readonly serviceId: number;
  /** Times that it was told of before. */
  revision: number;
  /** Failures and log time when it was told of last. */
  told: { readonly requests: number; readonly at: number };
  ended: number;
  requests: number;
  effects: number;
  masked: number;
  confidence: number;
  readonly byStatus: Map<string, number>;
  readonly hops: Map<Hop, number>;
  readonly clients: Clients;
  readonly crawlers: Map<string, number>;
  readonly peers: Map<string, number>;
  readonly own: Asked;
  /** Of those that failed in the wake of others. */
  readonly inWake: Asked;
  readonly healthyPeers: Map<string, number>;
  readonly healthyRoutes: Map<string, number>;
  readonly evidence: Map<string, Seen>;
  lastBucket: number;
}

export function opened(
  id: string,
  mechanism: Mechanism | undefined,
  { time, id: firstId, upstream }: Verdict,
  serviceId: number,
): Open {
  return {
    id,
    mechanism,
    first: { id: firstId, time, upstream },
    serviceId,
    revision: 0,
    told: { requests: 0, at: Number.NEGATIVE_INFINITY },
    ended: time,
    requests: 0,
    effects: 0,
    masked: 0,
    confidence: 0,
    byStatus: new Map(),
    hops: new Map(),
    clients: new Clients(),
    crawlers: new Map(),
    peers: new Map(),
    own: { methods: new Map(), routes: new Map() },
    inWake: { methods: new Map(), routes: new Map() },
    healthyPeers: new Map(),
    healthyRoutes: new Map(),
    evidence: new Map(),
    lastBucket: Number.NaN,
  };
}

/** The incident as data, by names instead of numbers. */
export function asData(open: Open, names: Names): OpenIncident {
  const { own, inWake, evidence, mechanism, serviceId, lastBucket, told: _, ...rest } = open;
  return {
    ...rest,
    mechanism: mechanism?.id,
    service: serviceId === 0 ? undefined : names.services.nameOf(serviceId),
    byStatus: [...open.byStatus],
    hops: [...open.hops],
    clients: open.clients.remember(),
    crawlers: [...open.crawlers],
    peers: [...open.peers],
    own: { methods: [...own.methods], routes: [...own.routes] },
    inWake: { methods: [...inWake.methods], routes: [...inWake.routes] },
    healthyPeers: [...open.healthyPeers],
    healthyRoutes: [...open.healthyRoutes],
    evidence: [...evidence].map(([fact, seen]) => ({ fact, ...seen })),
    lastBucket: Number.isNaN(lastBucket) ? undefined : lastBucket,
  };
}

/** The incident out of its data, to grow on. */
export function ofData(data: OpenIncident, mechanism: Mechanism | undefined, names: Names): Open {
  const { own, inWake, evidence, service, lastBucket, ...rest } = data;
  return {
    ...rest,
    mechanism,
    serviceId: service === undefined ? 0 : names.services.idOf(service),
    told: { requests: 0, at: Number.NEGATIVE_INFINITY },
    byStatus: new Map(data.byStatus),
    hops: new Map(data.hops),
    clients: new Clients(data.clients),
    crawlers: new Map(data.crawlers),
    peers: new Map(data.peers),
    own: { methods: new Map(own.methods), routes: new Map(own.routes) },
    inWake: { methods: new Map(inWake.methods), routes: new Map(inWake.routes) },
    healthyPeers: new Map(data.healthyPeers),
    healthyRoutes: new Map(data.healthyRoutes),
    evidence: new Map(evidence.map(({ fact, ...seen }) => [fact, seen])),
    lastBucket: lastBucket ?? Number.NaN,
  };
}

import {
  type Counted,
  type Hop,
  type Incident,
  instant,
  type Mechanism,
  type Names,
  probability,
  type RedactedText,
  type RequestRecord,
  type RowRef,
  redactName,
  redactTarget,
  redactText,
  type Verdict,
} from '@why502/model';
import type { Failure } from '../failure.ts';
import type { HopViews } from '../hop-views.ts';
import { incidentId } from '../ids.ts';
import { Clients } from './clients.ts';
import { crawlerOf } from './crawlers.ts';

/** Failures further apart than this belong to different incidents. */
const quietMs = 300_000;

/** Fewer failures than this are an accident, not an incident. */
const fewest = 3;

/** Different names are counted exactly up to this many. */
const exactUpTo = 1_000;

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

interface Open {
  readonly id: string;
  readonly mechanism: Mechanism | undefined;
  readonly first: Verdict;
  readonly serviceId: number;
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

/** Groups final verdicts, which come in order of time, by mechanism and service. */
export class Incidents {
  readonly #open = new Map<string, Open>();
  readonly #done: Open[] = [];
  readonly #names: Names;
  readonly #views: HopViews;

  constructor(names: Names, views: HopViews) {
    this.#names = names;
    this.#views = views;
  }

  /**
   * The id of the incident that the verdict belongs to; undefined for what is no incident.
   *
   * @param request the outermost row, which tells who asked
   */
  add(
    verdict: Verdict,
    failure: Failure,
    mechanism: Mechanism | undefined,
    request: RequestRecord | undefined,
  ): string | undefined {
    if (verdict.outcome === 'not_an_error' || verdict.cause === 'intended' || verdict.cause === 'client')
      return undefined;

    // Who left for no known reason is a matter of that visitor, however many there are.
    if (verdict.generator === 'client' && mechanism === undefined) return undefined;
    const scope = verdict.upstream ?? '';
    const key = `${mechanism?.id ?? 'unknown'}\0${scope}`;
    let open = this.#open.get(key);
    if (open !== undefined && verdict.time - open.ended > quietMs) {
      this.#done.push(open);
      open = undefined;
    }
    if (open === undefined) {
      open = opened(
        incidentId(mechanism?.id ?? 'unknown', scope, verdict.id),
        mechanism,
        verdict,
        failure.serviceId,
      );
      this.#open.set(key, open);
    }
    this.#grow(open, verdict, failure, request);
    return open.id;
  }

  /** Incidents that can grow no more by then, smallest id last. */
  close(watermark: number): readonly Incident[] {
    for (const [key, open] of this.#open) {
      if (watermark - open.ended <= quietMs) continue;
      this.#open.delete(key);
      this.#done.push(open);
    }
    const closed = this.#done.splice(0).filter((open) => open.requests - open.masked >= fewest);
    closed.sort((a, b) => a.first.time - b.first.time || (a.id < b.id ? -1 : 1));
    return closed.map((open) => this.#incident(open));
  }

  #grow(open: Open, verdict: Verdict, failure: Failure, request: RequestRecord | undefined): void {
    open.ended = Math.max(open.ended, verdict.time);
    open.requests++;
    open.confidence += verdict.confidence;
    if (verdict.primary !== undefined) open.effects++;
    if (verdict.outcome === 'masked') open.masked++;
    bump(open.byStatus, String(verdict.status ?? 'unknown'));
    open.hops.set(verdict.hop, (open.hops.get(verdict.hop) ?? 0) + 1);
    const client = request?.client ?? failure.errors[0]?.client;
    if (client !== undefined) open.clients.add(client);
    const crawler = crawlerOf(request?.userAgent);
    if (crawler !== undefined && verdict.outcome !== 'masked') bump(open.crawlers, crawler);
    if (verdict.peer !== undefined && verdict.primary === undefined) bump(open.peers, verdict.peer);
    const asked = verdict.primary === undefined ? open.own : open.inWake;
    if (verdict.method !== undefined) bump(asked.methods, verdict.method);
    if (failure.routeId !== 0) bump(asked.routes, this.#names.routes.nameOf(failure.routeId));
    for (const item of verdict.evidence) {
      // Where no mechanism is named, all that was seen is what is left to say.
      if (open.mechanism !== undefined && item.weight <= 0) continue;
      const known = open.evidence.get(item.fact);
      if (known === undefined) {
        open.evidence.set(item.fact, {
          text: item.text,
          requests: 1,
          row: item.row ?? verdict.rows[0],
          weight: item.weight,
        });
      } else {
        known.requests++;
        known.weight += item.weight;
      }
    }
    this.#countHealthy(open, failure);
  }

  /** Once per bucket: the peers and routes of the service that answered meanwhile. */
  #countHealthy(open: Open, { bucket, source }: Failure): void {
    if (bucket === open.lastBucket) return;
    open.lastBucket = bucket;
    const digest = this.#views.of(source).windows.at(bucket);
    for (const [id, counts] of digest?.peers ?? []) {
      if (counts.failed === 0) bump(open.healthyPeers, this.#names.peers.nameOf(id), counts.ok);
    }
    for (const [id, counts] of digest?.routes.get(open.serviceId) ?? []) {
      if (id !== 0 && counts.failed === 0) bump(open.healthyRoutes, this.#names.routes.nameOf(id), counts.ok);
    }
  }

  #incident(open: Open): Incident {
    const { mechanism, first } = open;
    for (const name of open.peers.keys()) open.healthyPeers.delete(name);
    for (const { routes } of [open.own, open.inWake])
      for (const name of routes.keys()) open.healthyRoutes.delete(name);
    const asked = open.effects < open.requests ? open.own : open.inWake;
    const evidence = [...open.evidence]
      .sort(([a, x], [b, y]) => y.weight - x.weight || (a < b ? -1 : 1))
      .map(([fact, { text, requests, row }]) => ({ fact, text, requests, row }));
    return {
      id: open.id,
      revision: 0,
      mechanism: mechanism?.id,
      cause: mechanism?.cause ?? 'unknown',
      title: mechanism?.title ?? 'Failures that the logs do not explain',
      upstream: first.upstream,
      started: first.time,
      ended: instant(open.ended),
      requests: open.requests,
      effects: open.effects,
      masked: open.masked,
      byStatus: Object.fromEntries([...open.byStatus].sort(([a], [b]) => (a < b ? -1 : 1))),
      hops: [...open.hops]
        .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
        .map(([name, requests]) => ({ name, requests })),
      clients: open.clients.different,
      mainClient: open.clients.main,
      crawlers: counted(open.crawlers, 10, redactName),
      peers: counted(open.peers, 10, redactName),
      methods: counted(asked.methods, 10, redactText),
      routes: counted(asked.routes, 10, redactTarget),
      confidence: probability(open.confidence / open.requests),
      evidence: evidence.slice(0, 8),
      notAffected: [
        ...counted(open.healthyPeers, 5, redactName),
        ...counted(open.healthyRoutes, 5, redactTarget),
      ],
      firstVerdict: first.id,
      remedy: mechanism?.remedy ?? [],
      success: mechanism?.success ?? '',
    };
  }
}

function opened(id: string, mechanism: Mechanism | undefined, first: Verdict, serviceId: number): Open {
  return {
    id,
    mechanism,
    first,
    serviceId,
    ended: first.time,
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

function bump(counts: Map<string, number>, name: string, by = 1): void {
  const known = counts.get(name);
  if (known !== undefined) counts.set(name, known + by);
  else if (counts.size < exactUpTo) counts.set(name, by);
}

/** The most frequent of them. Names that look alike once they may be shown are one. */
function counted(
  counts: ReadonlyMap<string, number>,
  most: number,
  redact: (name: string) => RedactedText,
): Counted<RedactedText>[] {
  const sums = new Map<RedactedText, number>();
  for (const [name, requests] of counts) {
    const shown = redact(name);
    sums.set(shown, (sums.get(shown) ?? 0) + requests);
  }
  return [...sums]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([name, requests]) => ({ name, requests }));
}

import {
  type Counted,
  type Incident,
  instant,
  type Mechanism,
  type Names,
  probability,
  type RedactedText,
  type RequestRecord,
  redactName,
  redactTarget,
  redactText,
  type Verdict,
} from '@why502/model';
import type { Failure } from '../failure.ts';
import type { HopViews } from '../hop-views.ts';
import { incidentId } from '../ids.ts';
import type { OpenIncident } from '../memory.ts';
import { crawlerOf } from './crawlers.ts';
import { asData, type Open, ofData, opened } from './open-incident.ts';

/** Failures further apart than this belong to different incidents. */
const quietMs = 300_000;

/** An incident that grows is told of again after this, ms of log time. */
const toldAgainMs = 30_000;

/** Fewer failures than this are an accident, not an incident. */
const fewest = 3;

/** Different names are counted exactly up to this many. */
const exactUpTo = 1_000;

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

  /** The incidents that may still grow, as data. */
  remember(): readonly OpenIncident[] {
    return [...this.#open.values()].map((open) => asData(open, this.#names));
  }

  /** Takes up the incidents of an earlier run. */
  resume(incidents: readonly OpenIncident[], mechanisms: readonly Mechanism[]): void {
    for (const one of incidents) {
      const mechanism = mechanisms.find(({ id }) => id === one.mechanism);
      this.#open.set(keyOf(one.mechanism, one.first.upstream), ofData(one, mechanism, this.#names));
    }
  }

  /** Incidents that have grown since they were told of last, each again only after a while of log time. */
  grown(watermark: number): readonly Incident[] {
    const told: Open[] = [];
    for (const open of this.#open.values()) {
      if (open.requests === open.told.requests || open.requests - open.masked < fewest) continue;
      if (watermark - open.told.at < toldAgainMs) continue;
      open.told = { requests: open.requests, at: watermark };
      told.push(open);
    }
    return this.#tell(told);
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
    const key = keyOf(mechanism?.id, scope);
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
    // Of what was told before and has not grown since there is nothing to tell.
    const isNews = ({ requests, masked, told }: Open) =>
      requests - masked >= fewest && requests > told.requests;
    return this.#tell(this.#done.splice(0).filter(isNews));
  }

  #tell(incidents: Open[]): readonly Incident[] {
    incidents.sort((a, b) => a.first.time - b.first.time || (a.id < b.id ? -1 : 1));
    return incidents.map((open) => this.#incident(open));
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
    const { healthyPeers, healthyRoutes } = answeredAllAlong(open);
    const asked = open.effects < open.requests ? open.own : open.inWake;
    const evidence = [...open.evidence]
      .sort(([a, x], [b, y]) => y.weight - x.weight || (a < b ? -1 : 1))
      .map(([fact, { text, requests, row }]) => ({ fact, text, requests, row }));
    return {
      id: open.id,
      revision: open.revision++,
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
      notAffected: [...counted(healthyPeers, 5, redactName), ...counted(healthyRoutes, 5, redactTarget)],
      firstVerdict: first.id,
      remedy: mechanism?.remedy ?? [],
      success: mechanism?.success ?? '',
    };
  }
}

function keyOf(mechanism: string | undefined, scope = ''): string {
  return `${mechanism ?? 'unknown'}\0${scope}`;
}

/** The healthy peers and routes without those that failed at another time. */
function answeredAllAlong({ healthyPeers, healthyRoutes, peers, own, inWake }: Open) {
  const isOther =
    (...failed: readonly ReadonlyMap<string, number>[]) =>
    ([name]: readonly [string, number]) =>
      !failed.some((names) => names.has(name));
  return {
    healthyPeers: new Map([...healthyPeers].filter(isOther(peers))),
    healthyRoutes: new Map([...healthyRoutes].filter(isOther(own.routes, inWake.routes))),
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

import { durationBoundsMs, trafficBucketMs } from '@why502/model';
import { durationBins } from './cell-table.ts';
import type { RouteCounts, ServiceCounts } from './digest.ts';
import { bucketsAfter, bucketsBefore, type Windows } from './windows.ts';

export interface PeerContext {
  readonly okBefore: number;
  readonly okAfter: number;
  readonly okNear: number;
  readonly failedNear: number;
  readonly everOk: boolean;
  readonly slowConnectsNear: number;
}

export interface RouteContext {
  readonly failedHere: number;
  readonly okHere: number;
  readonly failedElsewhere: number;
  readonly okElsewhere: number;
  readonly okAround: number;
  readonly slowestOkMs: number;
}

export interface LoadContext {
  readonly inFlight: number | undefined;
  readonly inFlightRatio: number | undefined;
  readonly rateRatio: number;
  readonly slowdown: number | undefined;
  readonly routesFailing: number;
  readonly routes: number;
  /** Failures with a status of 5xx within about 10 s. */
  readonly failedNear: number;
}

/**
 * The neighbourhood of one bucket, summed on demand and kept while failures of that bucket are weighed. Failures come in
 * order of time, so one bucket's answers are enough.
 */
export class Context {
  readonly #windows: Windows;
  #bucket = Number.NaN;
  readonly #peers = new Map<number, PeerContext>();
  readonly #routes = new Map<number, Map<number, RouteContext>>();
  readonly #loads = new Map<number, LoadContext>();

  constructor(windows: Windows) {
    this.#windows = windows;
  }

  peer(bucket: number, peerId: number): PeerContext {
    this.#moveTo(bucket);
    let found = this.#peers.get(peerId);
    if (found === undefined) {
      found = this.#sumPeer(bucket, peerId);
      this.#peers.set(peerId, found);
    }
    return found;
  }

  /** Whole seconds strictly between two moments in which the peer answered, and how many there are. */
  answersWithin(peerId: number, from: number, to: number): { seconds: number; answered: number } {
    let seconds = 0;
    let answered = 0;
    for (let second = Math.floor(from / 1_000) + 1; second < Math.floor(to / 1_000); second++) {
      seconds++;
      const index = Math.floor((second * 1_000) / trafficBucketMs);
      const bits = this.#windows.at(index)?.peers.get(peerId)?.okSeconds ?? 0;
      if ((bits >> (second % (trafficBucketMs / 1_000))) & 1) answered++;
    }
    return { seconds, answered };
  }

  route(bucket: number, serviceId: number, routeId: number): RouteContext {
    this.#moveTo(bucket);
    let service = this.#routes.get(serviceId);
    if (service === undefined) {
      service = new Map();
      this.#routes.set(serviceId, service);
    }
    let found = service.get(routeId);
    if (found === undefined) {
      found = this.#sumRoute(bucket, serviceId, routeId);
      service.set(routeId, found);
    }
    return found;
  }

  load(bucket: number, serviceId: number): LoadContext {
    this.#moveTo(bucket);
    let found = this.#loads.get(serviceId);
    if (found === undefined) {
      found = this.#sumLoad(bucket, serviceId);
      this.#loads.set(serviceId, found);
    }
    return found;
  }

  #moveTo(bucket: number): void {
    if (bucket === this.#bucket) return;
    this.#bucket = bucket;
    this.#peers.clear();
    this.#routes.clear();
    this.#loads.clear();
  }

  #sumPeer(bucket: number, peerId: number): PeerContext {
    let okBefore = 0;
    let okAfter = 0;
    let okNear = 0;
    let failedNear = 0;
    let slowConnectsNear = 0;
    for (let index = bucket - bucketsBefore; index <= bucket + bucketsAfter; index++) {
      const counts = this.#windows.at(index)?.peers.get(peerId);
      if (counts === undefined) continue;
      if (index < bucket) okBefore += counts.ok;
      if (index > bucket) okAfter += counts.ok;
      if (Math.abs(index - bucket) <= 1) {
        okNear += counts.ok;
        failedNear += counts.failed;
        slowConnectsNear += counts.slowConnects;
      }
    }
    const everOk = this.#windows.everOk(peerId, (bucket + bucketsAfter + 1) * trafficBucketMs);
    return { okBefore, okAfter, okNear, failedNear, everOk, slowConnectsNear };
  }

  /** Counts the buckets in which the route failed, so that the time before a bad release does not dilute it. */
  #sumRoute(bucket: number, serviceId: number, routeId: number): RouteContext {
    const here: RouteCounts = { ok: 0, failed: 0, slowestOk: 0 };
    let ok = 0;
    let failed = 0;
    let okAround = 0;
    for (let index = bucket - bucketsBefore; index <= bucket + bucketsAfter; index++) {
      const bucketCounts = this.#windows.at(index);
      const counts = bucketCounts?.routes.get(serviceId)?.get(routeId);
      if (bucketCounts === undefined || counts === undefined) continue;
      here.slowestOk = Math.max(here.slowestOk, counts.slowestOk);
      okAround += counts.ok;
      if (counts.failed === 0) continue;
      const service = bucketCounts.services.get(serviceId);
      ok += service?.ok ?? 0;
      failed += service?.failed ?? 0;
      here.ok += counts.ok;
      here.failed += counts.failed;
    }
    return {
      failedHere: here.failed,
      okHere: here.ok,
      failedElsewhere: failed - here.failed,
      okElsewhere: ok - here.ok,
      okAround,
      slowestOkMs: here.slowestOk,
    };
  }

  /** Now is the failure's bucket and the one before it; before is every bucket with less than one failure in fifty. */
  #sumLoad(bucket: number, serviceId: number): LoadContext {
    const calm = { buckets: 0, busyMs: 0, requests: 0, okDurations: new Uint32Array(durationBins) };
    let now: Pick<ServiceCounts, 'busyMs' | 'requests' | 'okDurations'> = {
      busyMs: 0,
      requests: 0,
      okDurations: new Uint32Array(durationBins),
    };
    for (let index = bucket - bucketsBefore; index <= bucket; index++) {
      const counts = this.#windows.at(index)?.services.get(serviceId);
      if (counts === undefined) continue;
      if (index >= bucket - 1 && counts.busyMs >= now.busyMs) {
        now = counts;
      }
      if (index < bucket && counts.failed * 50 < counts.requests) {
        calm.buckets++;
        calm.busyMs += counts.busyMs;
        calm.requests += counts.requests;
        add(calm.okDurations, counts.okDurations);
      }
    }
    const calmBusy = calm.buckets === 0 ? 0 : calm.busyMs / calm.buckets;
    const calmRequests = calm.buckets === 0 ? 0 : calm.requests / calm.buckets;
    const medianNow = medianMs(now.okDurations);
    const medianBefore = medianMs(calm.okDurations);
    return {
      inFlight: now.busyMs === 0 ? undefined : now.busyMs / trafficBucketMs,
      inFlightRatio: calmBusy === 0 || now.busyMs === 0 ? undefined : now.busyMs / calmBusy,
      rateRatio: calmRequests === 0 ? 1 : now.requests / calmRequests,
      slowdown: medianNow === undefined || medianBefore === undefined ? undefined : medianNow / medianBefore,
      ...this.#failing(bucket, serviceId),
    };
  }

  #failing(bucket: number, serviceId: number): Pick<LoadContext, 'routesFailing' | 'routes' | 'failedNear'> {
    const seen = new Set<number>();
    const failing = new Set<number>();
    let failedNear = 0;
    for (let index = bucket - 1; index <= bucket + 1; index++) {
      failedNear += this.#windows.at(index)?.services.get(serviceId)?.failed ?? 0;
      for (const [route, counts] of this.#windows.at(index)?.routes.get(serviceId) ?? []) {
        seen.add(route);
        if (counts.failed > 0) failing.add(route);
      }
    }
    return { routes: seen.size, routesFailing: seen.size === 0 ? 0 : failing.size / seen.size, failedNear };
  }
}

function add(sum: Uint32Array, more: Uint32Array): void {
  for (let bin = 0; bin < sum.length; bin++) sum[bin]! += more[bin]!;
}

/** Upper bound of the bin that holds the median; undefined without values. */
function medianMs(bins: Uint32Array): number | undefined {
  let total = 0;
  for (const count of bins) total += count;
  if (total === 0) return undefined;
  let seen = 0;
  for (let bin = 0; bin < bins.length; bin++) {
    seen += bins[bin]!;
    if (seen * 2 >= total) return durationBoundsMs[Math.min(bin, durationBoundsMs.length - 1)]!;
  }
  return undefined;
}

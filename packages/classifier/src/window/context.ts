import { durationBoundsMs, trafficBucketMs } from '@why502/model';
import { durationBins } from './cell-table.ts';
import type { Digest, ServiceCounts } from './digest.ts';
import { Sliding } from './sliding.ts';
import { bucketsAfter, bucketsBefore, type Windows } from './windows.ts';

export interface PeerContext {
  readonly okBefore: number;
  readonly okAfter: number;
  readonly okNear: number;
  readonly failedNear: number;
  readonly everOk: boolean;
  readonly slowConnectsNear: number;
}

/** Counts of the buckets in which the route failed, so that the time before a bad release does not dilute it. */
export interface RouteContext {
  readonly failedHere: number;
  readonly okHere: number;
  readonly failedElsewhere: number;
  readonly okElsewhere: number;
  /** Successes of the route in the whole context. */
  readonly okAround: number;
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

/** A bucket of a service is calm with less than one failure in this many requests. */
const calmShare = 50;

/**
 * The neighbourhood of one bucket. Failures are asked about in order of time, so sums slide along, and what was summed
 * for one failure is kept for the others of its bucket.
 */
export class Context {
  readonly #windows: Windows;
  readonly #digestOf: (index: number) => Digest | undefined;
  readonly #okBefore = new Sliding<{ ok: number }>(-bucketsBefore, -1, addPeers);
  readonly #okAfter = new Sliding<{ ok: number }>(1, bucketsAfter, addPeers);
  readonly #routes = new Sliding<RouteSum>(-bucketsBefore, bucketsAfter, addRoutes);
  readonly #calm = new Sliding<CalmSum>(-bucketsBefore, -1, addCalm);
  #bucket = Number.NaN;
  readonly #loads = new Map<number, LoadContext>();
  readonly #slowest = new Map<number, number>();

  constructor(windows: Windows) {
    this.#windows = windows;
    this.#digestOf = (index) => windows.at(index);
  }

  peer(bucket: number, peerId: number): PeerContext {
    this.#moveTo(bucket);
    let okNear = 0;
    let failedNear = 0;
    let slowConnectsNear = 0;
    for (let index = bucket - 1; index <= bucket + 1; index++) {
      const counts = this.#windows.at(index)?.peers.get(peerId);
      okNear += counts?.ok ?? 0;
      failedNear += counts?.failed ?? 0;
      slowConnectsNear += counts?.slowConnects ?? 0;
    }
    return {
      okBefore: this.#okBefore.get(peerId)?.ok ?? 0,
      okAfter: this.#okAfter.get(peerId)?.ok ?? 0,
      okNear,
      failedNear,
      everOk: this.#windows.everOk(peerId, (bucket + bucketsAfter + 1) * trafficBucketMs),
      slowConnectsNear,
    };
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
    const sum = this.#routes.get(routeKey(serviceId, routeId));
    if (sum === undefined)
      return { failedHere: 0, okHere: 0, failedElsewhere: 0, okElsewhere: 0, okAround: 0 };
    return {
      failedHere: sum.failed,
      okHere: sum.ok,
      failedElsewhere: sum.serviceFailed - sum.failed,
      okElsewhere: sum.serviceOk - sum.ok,
      okAround: sum.okAround,
    };
  }

  /** Slowest success of a route in the context, ms; 0 without one. */
  slowestOk(bucket: number, serviceId: number, routeId: number): number {
    this.#moveTo(bucket);
    const key = routeKey(serviceId, routeId);
    let slowest = this.#slowest.get(key);
    if (slowest === undefined) {
      slowest = 0;
      for (let index = bucket - bucketsBefore; index <= bucket + bucketsAfter; index++) {
        slowest = Math.max(
          slowest,
          this.#windows.at(index)?.routes.get(serviceId)?.get(routeId)?.slowestOk ?? 0,
        );
      }
      this.#slowest.set(key, slowest);
    }
    return slowest;
  }

  load(bucket: number, serviceId: number): LoadContext {
    this.#moveTo(bucket);
    let found = this.#loads.get(serviceId);
    if (found === undefined) {
      found = { ...this.#busy(bucket, serviceId), ...this.#failing(bucket, serviceId) };
      this.#loads.set(serviceId, found);
    }
    return found;
  }

  #moveTo(bucket: number): void {
    if (bucket === this.#bucket) return;
    this.#bucket = bucket;
    this.#loads.clear();
    this.#slowest.clear();
    for (const sums of [this.#okBefore, this.#okAfter, this.#routes, this.#calm])
      sums.moveTo(bucket, this.#digestOf);
  }

  /** Now is the busier of the failure's bucket and the one before it; before are all calm buckets. */
  #busy(bucket: number, serviceId: number) {
    const inBucket = this.#windows.at(bucket)?.services.get(serviceId);
    const inLast = this.#windows.at(bucket - 1)?.services.get(serviceId);
    const now = busier(inBucket, inLast);
    const calm = this.#calm.get(serviceId);
    const calmBusy = calm === undefined || calm.buckets === 0 ? 0 : calm.busyMs / calm.buckets;
    const calmRequests = calm === undefined || calm.buckets === 0 ? 0 : calm.requests / calm.buckets;
    const busyMs = now?.busyMs ?? 0;
    const medianNow = now === undefined ? undefined : medianMs(now.okDurations);
    const medianBefore = calm === undefined ? undefined : medianMs(calm.okDurations);
    return {
      inFlight: busyMs === 0 ? undefined : busyMs / trafficBucketMs,
      inFlightRatio: calmBusy === 0 || busyMs === 0 ? undefined : busyMs / calmBusy,
      rateRatio: calmRequests === 0 || now === undefined ? 1 : now.requests / calmRequests,
      slowdown: medianNow === undefined || medianBefore === undefined ? undefined : medianNow / medianBefore,
    };
  }

  #failing(bucket: number, serviceId: number) {
    const seen = new Set<number>();
    const failing = new Set<number>();
    let failedNear = 0;
    for (let index = bucket - 1; index <= bucket + 1; index++) {
      const digest = this.#windows.at(index);
      failedNear += digest?.services.get(serviceId)?.failed ?? 0;
      digest?.routes.get(serviceId)?.forEach((counts, route) => {
        seen.add(route);
        if (counts.failed > 0) failing.add(route);
      });
    }
    return { routes: seen.size, routesFailing: seen.size === 0 ? 0 : failing.size / seen.size, failedNear };
  }
}

// `forEach` instead of `for … of`, which would make an array per entry: these run for every bucket of the log.

interface RouteSum {
  failed: number;
  ok: number;
  serviceFailed: number;
  serviceOk: number;
  okAround: number;
}

interface CalmSum {
  buckets: number;
  busyMs: number;
  requests: number;
  readonly okDurations: Uint32Array;
}

/** Routes are at most 2,000 and a name for the rest. */
function routeKey(serviceId: number, routeId: number): number {
  return serviceId * 4_096 + routeId;
}

function addPeers(sums: Map<number, { ok: number }>, digest: Digest, sign: 1 | -1): void {
  digest.peers.forEach(({ ok }, id) => {
    if (ok === 0) return;
    const sum = sums.get(id);
    if (sum === undefined) sums.set(id, { ok });
    else sum.ok += sign * ok;
  });
}

function addRoutes(sums: Map<number, RouteSum>, digest: Digest, sign: 1 | -1): void {
  digest.routes.forEach((routes, serviceId) => {
    const service = digest.services.get(serviceId);
    routes.forEach(({ ok, failed }, routeId) => {
      const key = routeKey(serviceId, routeId);
      let sum = sums.get(key);
      if (sum === undefined) {
        sum = { failed: 0, ok: 0, serviceFailed: 0, serviceOk: 0, okAround: 0 };
        sums.set(key, sum);
      }
      sum.okAround += sign * ok;
      if (failed === 0) return;
      sum.failed += sign * failed;
      sum.ok += sign * ok;
      sum.serviceFailed += sign * (service?.failed ?? 0);
      sum.serviceOk += sign * (service?.ok ?? 0);
    });
  });
}

function addCalm(sums: Map<number, CalmSum>, digest: Digest, sign: 1 | -1): void {
  digest.services.forEach((counts, id) => {
    if (counts.failed * calmShare >= counts.requests) return;
    let sum = sums.get(id);
    if (sum === undefined) {
      sum = { buckets: 0, busyMs: 0, requests: 0, okDurations: new Uint32Array(durationBins) };
      sums.set(id, sum);
    }
    sum.buckets += sign;
    sum.busyMs += sign * counts.busyMs;
    sum.requests += sign * counts.requests;
    for (let bin = 0; bin < durationBins; bin++) sum.okDurations[bin]! += sign * counts.okDurations[bin]!;
  });
}

function busier(a: ServiceCounts | undefined, b: ServiceCounts | undefined): ServiceCounts | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.busyMs >= b.busyMs ? a : b;
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

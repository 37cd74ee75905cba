import { durationBoundsMs, trafficBucketMs } from '@why502/model';
import { durationBins } from './cell-table.ts';
import { addShare, type Digest, type ServiceCounts, type ShareCounts } from './digest.ts';
import { Sliding } from './sliding.ts';
import { bucketsAfter, bucketsBefore, endOf, type Windows } from './windows.ts';

/** The peers of a service within about 10 s. */
export interface PeersContext {
  readonly peers: number;
  readonly failing: number;
  /** Failing without any success. */
  readonly silent: number;
}

export interface Succession {
  readonly newcomers: number;
  readonly gone: boolean;
  readonly stillAsked: boolean;
}

export interface OthersContext {
  readonly others: number;
  /** Those that first answered in the minute before this one ceased, or later, and the log had begun so long before. */
  readonly successors: number;
}

export interface ServiceContext {
  readonly okBefore: number;
  readonly okNear: number;
  readonly okAfter: number;
  readonly failedNear: number;
}

export interface LoadContext {
  readonly inFlight: number | undefined;
  readonly inFlightRatio: number | undefined;
  readonly rateRatio: number;
  readonly slowdown: number | undefined;
  /** Share of the routes that fail, and of those that time out. */
  readonly routesFailing: number;
  readonly routesTimingOut: number;
  readonly routes: number;
  /** Requests that ended in a timeout within about 10 s. */
  readonly timedOutNear: number;
}

/** A peer is new when it first answers this shortly before the failing one fell silent, and the others were known by then. */
const newForMs = 60_000;

/** After so many answers of a service for each of its peers all of them have answered, whoever is asked in turn. */
const answersUntilKnown = 20;

/** From this many buckets behind the failure a peer counts as gone when it is tried no more. */
const goneFrom = 3;

/** A bucket of a service is calm with less than one failure in this many requests. */
const calmShare = 50;

/** What services went through around the bucket that the context is at. */
export class ServiceHistory {
  readonly #windows: Windows;
  readonly #calm = new Sliding<CalmSum>(-bucketsBefore, -1, addCalm);
  readonly #records = new Map<number, ServiceContext>();
  readonly #scopes = new Map<number, PeersContext>();
  readonly #loads = new Map<number, LoadContext>();
  /** By service and peer, of which there are at most 10,000 and a name for the rest. */
  readonly #successions = new Map<number, Succession>();
  #bucket = Number.NaN;

  constructor(windows: Windows) {
    this.#windows = windows;
  }

  moveTo(bucket: number, digestOf: (index: number) => Digest | undefined): void {
    this.#bucket = bucket;
    for (const kept of [this.#records, this.#scopes, this.#loads, this.#successions]) kept.clear();
    this.#calm.moveTo(bucket, digestOf);
  }

  peers(serviceId: number): PeersContext {
    let found = this.#scopes.get(serviceId);
    if (found === undefined) {
      const bucket = this.#bucket;
      const sums = new Map<number, ShareCounts>();
      for (let index = bucket - 1; index <= bucket + 1; index++)
        this.#windows
          .at(index)
          ?.services.get(serviceId)
          ?.peers.forEach((counts, id) => {
            addShare(sums, id, counts, 1);
          });
      const failing = [...sums.values()].filter(({ failed }) => failed > 0);
      found = {
        peers: sums.size,
        failing: failing.length,
        silent: failing.filter(({ ok }) => ok === 0).length,
      };
      this.#scopes.set(serviceId, found);
    }
    return found;
  }

  /** The peers of a service within about 10 s, and whether each of them answered. */
  answersByPeer(serviceId: number): ReadonlyMap<number, boolean> {
    const answers = new Map<number, boolean>();
    for (let index = this.#bucket - 1; index <= this.#bucket + 1; index++)
      this.#windows
        .at(index)
        ?.services.get(serviceId)
        ?.peers.forEach(({ ok }, id) => {
          answers.set(id, ok > 0 || answers.get(id) === true);
        });
    return answers;
  }

  succession(serviceId: number, peerId: number): Succession {
    const key = serviceId * 16_384 + peerId;
    let found = this.#successions.get(key);
    if (found === undefined) {
      found = this.#successionOf(serviceId, peerId);
      this.#successions.set(key, found);
    }
    return found;
  }

  #successionOf(serviceId: number, peerId: number): Succession {
    const bucket = this.#bucket;
    const silentFrom = this.#lastAnswered(serviceId, peerId) * trafficBucketMs;
    const since = Math.max(silentFrom - newForMs, this.#knownFrom(serviceId));
    const newcomers = new Set<number>();
    let goesOn = false;
    let tried = false;
    for (let index = bucket - 1; index <= bucket + bucketsAfter; index++) {
      const peers = this.#windows.at(index)?.services.get(serviceId)?.peers;
      if (peers === undefined) continue;
      peers.forEach(({ ok }, id) => {
        const first = this.#windows.firstOk(id);
        if (ok > 0 && id !== peerId && first >= since && first < endOf(bucket + bucketsAfter))
          newcomers.add(id);
      });
      if (index < bucket + goneFrom) continue;
      goesOn ||= peers.size > 0;
      tried ||= peers.has(peerId);
    }
    return { newcomers: newcomers.size, gone: goesOn && !tried, stillAsked: tried };
  }

  /** The bucket in which the peer answered last, up to this one; this one where it did not in the context. */
  #lastAnswered(serviceId: number, peerId: number): number {
    for (let index = this.#bucket; index >= this.#bucket - bucketsBefore; index--) {
      const share = this.#windows.at(index)?.services.get(serviceId)?.peers.get(peerId);
      if (share !== undefined && share.ok > 0) return index;
    }
    return this.#bucket;
  }

  /** From when on a peer that answers for the first time is a new one: in a young log all are. */
  #knownFrom(serviceId: number): number {
    const { begun } = this.#windows;
    const latest = begun + newForMs / trafficBucketMs;
    let answers = 0;
    const known = new Set<number>();
    for (let index = begun; index < Math.min(latest, this.#bucket); index++) {
      const counts = this.#windows.at(index)?.services.get(serviceId);
      if (counts === undefined) continue;
      answers += counts.ok;
      for (const peerId of counts.peers.keys()) known.add(peerId);
      if (answers >= answersUntilKnown * known.size && known.size > 0) return endOf(index);
    }
    return latest * trafficBucketMs;
  }

  /**
   * The other peers of the service that answer now.
   *
   * @param ceased when this peer last answered, ms since the epoch; undefined where it did not in the context
   */
  others(serviceId: number, peerId: number, ceased: number | undefined): OthersContext {
    const known = this.#windows.begun * trafficBucketMs + newForMs;
    const found = new Set<number>();
    const successors = new Set<number>();
    for (let index = this.#bucket - 1; index <= this.#bucket + 1; index++) {
      this.#windows
        .at(index)
        ?.services.get(serviceId)
        ?.peers.forEach(({ ok }, id) => {
          if (ok === 0 || id === peerId) return;
          found.add(id);
          const first = this.#windows.firstOk(id);
          if (ceased !== undefined && first >= Math.max(ceased - newForMs, known)) successors.add(id);
        });
    }
    return { others: found.size, successors: successors.size };
  }

  record(serviceId: number): ServiceContext {
    let found = this.#records.get(serviceId);
    if (found === undefined) {
      const bucket = this.#bucket;
      const sum = { okBefore: 0, okNear: 0, okAfter: 0, failedNear: 0 };
      for (let index = bucket - bucketsBefore; index <= bucket + bucketsAfter; index++) {
        const counts = this.#windows.at(index)?.services.get(serviceId);
        if (counts === undefined) continue;
        if (index < bucket) sum.okBefore += counts.ok;
        if (index > bucket) sum.okAfter += counts.ok;
        if (Math.abs(index - bucket) > 1) continue;
        sum.okNear += counts.ok;
        sum.failedNear += counts.failed;
      }
      found = sum;
      this.#records.set(serviceId, found);
    }
    return found;
  }

  load(serviceId: number): LoadContext {
    let found = this.#loads.get(serviceId);
    if (found === undefined) {
      found = { ...this.#busy(serviceId), ...this.#failing(serviceId) };
      this.#loads.set(serviceId, found);
    }
    return found;
  }

  /** Now is the busier of the failure's bucket and the one before it; before are all calm buckets. */
  #busy(serviceId: number) {
    const bucket = this.#bucket;
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

  #failing(serviceId: number) {
    const bucket = this.#bucket;
    const seen = new Set<number>();
    const failing = new Set<number>();
    const timingOut = new Set<number>();
    let timedOutNear = 0;
    for (let index = bucket - 1; index <= bucket + 1; index++) {
      const digest = this.#windows.at(index);
      timedOutNear += digest?.services.get(serviceId)?.timedOut ?? 0;
      digest?.routes.get(serviceId)?.forEach((counts, route) => {
        seen.add(route);
        if (counts.failed > 0) failing.add(route);
        if (counts.timedOut > 0) timingOut.add(route);
      });
    }
    const share = (routes: ReadonlySet<number>) => (seen.size === 0 ? 0 : routes.size / seen.size);
    return {
      routes: seen.size,
      routesFailing: share(failing),
      routesTimingOut: share(timingOut),
      timedOutNear,
    };
  }
}

// `forEach` instead of `for … of`, which would make an array per entry: these run for every bucket of the log.

interface CalmSum {
  buckets: number;
  busyMs: number;
  requests: number;
  readonly okDurations: Uint32Array;
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

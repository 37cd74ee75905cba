import {
  type AttemptCounts,
  type Columns,
  type Instant,
  type Names,
  ofNoVisitor,
  type RequestRecord,
  type SourceKind,
  statusGetsVerdict,
  type TrafficRow,
  trafficBucketMs,
} from '@why502/model';
import { isGroupName } from '../group-name.ts';
import { Attempts } from './attempts.ts';
import { CellTable, durationBin, durationBins, slowConnectMs } from './cell-table.ts';
import { type Digest, digest } from './digest.ts';
import { answered, endsByTimer, failed, left, timedOut, unpicked } from './route-outcome.ts';
import { sources, statusBits, TrafficRows } from './traffic-rows.ts';

/** The context of a failure in bucket b is made of the whole buckets from b - 89 to b + 8: inside [t - 15 min, t + 90 s]. */
export const bucketsBefore = 89;
export const bucketsAfter = 8;

/** Of so many peers, the first that came, it is kept in which tenths of a second of a bucket they answered. */
const finePeers = 256;
export const endSlotMs = 100;
const endWords = Math.ceil(trafficBucketMs / endSlotMs / 32);

/** Buckets are forgotten about as fast as new ones open. */
const mostSpare = 8;

/** More buckets than a context has. */
const nearMask = 127;

export function bucketOf(at: number): number {
  return Math.floor(at / trafficBucketMs);
}

/** The end of a bucket, ms since the epoch. */
export function endOf(bucket: number): number {
  return (bucket + 1) * trafficBucketMs;
}

/** Takes the traffic of a bucket that has closed. */
export type EmitTraffic = (rows: readonly TrafficRow[], attempts: AttemptCounts) => unknown;

interface Bucket {
  /** NaN while it waits to serve another. */
  index: number;
  /** host, service, peer, source and status. */
  readonly flows: CellTable;
  /** service, route, outcome (route-outcome.ts), whether a peer is named. */
  readonly routes: CellTable;
  /** Of each peer, a bit per slot in which it answered. */
  readonly ends: Uint32Array;
  /** service, place, outcome: only of rows that tell their place. */
  readonly places: CellTable;
  readonly attempts: Attempts;
  digest: Digest | undefined;
}

/**
 * Counts of all requests in event-time buckets of ten seconds. The only mutable state of the classifier besides open
 * failures; all updates commute, so any order of rows within the lateness bound gives the same counts.
 */
export class Windows {
  readonly #buckets = new Map<number, Bucket>();
  readonly #names: Names;
  readonly #traffic: TrafficRows;
  readonly #emitTraffic: EmitTraffic | undefined;
  /** Per peer id, whether it is the name of a group. */
  readonly #groups: boolean[] = [];
  /** First success per peer id, of all the log. */
  #firstOk = new Float64Array(1_024).fill(Number.POSITIVE_INFINITY);
  readonly #spare: Bucket[] = [];
  /** Buckets asked for lately, each at the end bits of its index: a context is asked about again and again. */
  readonly #near: (Bucket | undefined)[] = new Array(nearMask + 1).fill(undefined);
  #closedBelow = Number.NEGATIVE_INFINITY;
  #oldest = Number.POSITIVE_INFINITY;
  /** The bucket of the latest row, and when it begins; undefined where rows came too late for it. */
  #last: Bucket | undefined;
  #lastFrom = Number.NaN;
  /** Rows that came after their bucket was closed: they count nowhere. */
  late = 0;
  /** The earliest bucket that was ever opened. */
  begun = Number.POSITIVE_INFINITY;

  /** Where no peer could be picked the log names the group (group-name.ts). */
  readonly #isGroup = (peerId: number): boolean => {
    let group = this.#groups[peerId];
    if (group === undefined) {
      group = peerId !== 0 && isGroupName(this.#names.peers.nameOf(peerId));
      this.#groups[peerId] = group;
    }
    return group;
  };

  constructor(names: Names, emitTraffic?: EmitTraffic) {
    this.#names = names;
    this.#traffic = new TrafficRows(names);
    this.#emitTraffic = emitTraffic;
  }

  count(rows: Columns, from: number, to: number, source: SourceKind): void {
    const { at, status, host, service, peer, route, place, duration, connect, flags } = rows;
    const sourceBits = sources.indexOf(source) << statusBits;
    // Looked up once: V8 asks the other module for an imported constant each time.
    const [bucketMs, bins, slowMs] = [trafficBucketMs, durationBins, slowConnectMs];
    const [peersWithEnds, slotMs, words] = [finePeers, endSlotMs, endWords];
    for (let row = from; row < to; row++) {
      if ((flags[row]! & ofNoVisitor) !== 0) continue;
      const when = at[row]!;
      let within = when - this.#lastFrom;
      if (!(within >= 0 && within < bucketMs)) {
        this.#open(bucketOf(when));
        within = when - this.#lastFrom;
      }
      const bucket = this.#last;
      if (bucket === undefined) {
        this.late++;
        continue;
      }
      const code = status[row]!;
      const serviceId = service[row]!;
      const peerId = peer[row]!;
      const ms = duration[row]!;
      const flows = bucket.flows;
      const flow = flows.cell(host[row]!, serviceId, peerId, sourceBits | code);
      flows.requests[flow]!++;
      flows.slots[flow]! |= slotsOf(within | 0);
      if (ms >= 0) {
        flows.durations[flow * bins + durationBin(ms)]!++;
        flows.durationSum[flow]! += ms;
      }
      if (connect[row]! >= slowMs) flows.slowConnects[flow]!++;
      const kind = statusGetsVerdict(code)
        ? code < 500
          ? left
          : this.#isGroup(peerId)
            ? unpicked
            : endsByTimer(code)
              ? timedOut
              : failed
        : answered;
      if (kind === answered && peerId !== 0) {
        while (peerId >= this.#firstOk.length) this.#growFirstOk();
        if (when < this.#firstOk[peerId]!) this.#firstOk[peerId] = when;
        if (peerId < peersWithEnds) {
          const slot = (within / slotMs) | 0;
          bucket.ends[peerId * words + (slot >> 5)]! |= 1 << (slot & 31);
        }
      }
      const routes = bucket.routes;
      const cell = routes.cell(serviceId, route[row]!, kind, peerId === 0 ? 0 : 1);
      routes.requests[cell]!++;
      if (ms > routes.durationMax[cell]!) routes.durationMax[cell] = ms;
      const placeId = place[row]!;
      if (placeId !== 0) {
        const places = bucket.places;
        places.requests[places.cell(serviceId, placeId, kind, 0)]!++;
      }
    }
  }

  /** Takes the attempts of a request that was counted. One that came too late counts nowhere. */
  countAttempts(request: RequestRecord): void {
    const index = bucketOf(request.end);
    if (index >= this.#closedBelow) this.#buckets.get(index)?.attempts.add(request);
  }

  /** The closed counts of one bucket; undefined where no request fell. */
  at(index: number): Digest | undefined {
    let bucket = this.#near[index & nearMask];
    if (bucket === undefined || bucket.index !== index) {
      bucket = this.#buckets.get(index);
      if (bucket === undefined) return undefined;
      this.#near[index & nearMask] = bucket;
    }
    bucket.digest ??= digest(bucket, (1 << statusBits) - 1, this.#isGroup);
    return bucket.digest;
  }

  /** Whether a peer answered in a slot of a bucket; no for peers that are not among the first. */
  endedIn(index: number, peerId: number, slot: number): boolean {
    if (peerId === 0 || peerId >= finePeers) return false;
    const word = this.#buckets.get(index)?.ends[peerId * endWords + (slot >> 5)] ?? 0;
    return ((word >>> (slot & 31)) & 1) === 1;
  }

  /** When the peer first answered, of all the log so far; infinity when it did not. */
  firstOk(peerId: number): number {
    return peerId < this.#firstOk.length ? this.#firstOk[peerId]! : Number.POSITIVE_INFINITY;
  }

  /** When every peer first answered, by name. */
  *firstAnswers(): Iterable<readonly [peer: string, at: number]> {
    for (const [peerId, at] of this.#firstOk.entries())
      if (Number.isFinite(at)) yield [this.#names.peers.nameOf(peerId), at];
  }

  /** A peer answered then, by what an earlier run knew. */
  recall(peer: string, at: number): void {
    const peerId = this.#names.peers.idOf(peer);
    while (peerId >= this.#firstOk.length) this.#growFirstOk();
    if (at < this.#firstOk[peerId]!) this.#firstOk[peerId] = at;
  }

  /** No more rows below the watermark: their buckets are closed and handed out, those no context can reach forgotten. */
  close(watermark: Instant, oldestNeeded: number): void {
    const below = bucketOf(watermark);
    if (below > this.#closedBelow) {
      const closing = [...this.#buckets.keys()].filter(
        (index) => index >= this.#closedBelow && index < below,
      );
      this.#closedBelow = below;
      this.#lastFrom = Number.NaN;
      if (this.#emitTraffic !== undefined) {
        for (const index of closing.sort((a, b) => a - b)) {
          const { flows, routes, attempts } = this.#buckets.get(index)!;
          this.#emitTraffic(this.#traffic.of(index, flows), attempts.counts(routes));
        }
      }
    }
    if (oldestNeeded <= this.#oldest) return;
    for (const index of this.#buckets.keys()) {
      if (index < oldestNeeded && index < this.#closedBelow) this.#forget(index);
    }
    this.#oldest = oldestNeeded;
  }

  /** Ids of names are dense and bounded. */
  #growFirstOk(): void {
    const larger = new Float64Array(this.#firstOk.length * 2).fill(Number.POSITIVE_INFINITY);
    larger.set(this.#firstOk);
    this.#firstOk = larger;
  }

  #open(index: number): void {
    this.#lastFrom = index * trafficBucketMs;
    this.#last = index < this.#closedBelow ? undefined : (this.#buckets.get(index) ?? this.#begin(index));
  }

  #begin(index: number): Bucket {
    const bucket = this.#spare.pop() ?? {
      index,
      flows: new CellTable(durationBins),
      routes: new CellTable(0),
      ends: new Uint32Array(finePeers * endWords),
      places: new CellTable(0),
      attempts: new Attempts(),
      digest: undefined,
    };
    bucket.index = index;
    this.#buckets.set(index, bucket);
    if (index < this.#oldest) this.#oldest = index;
    if (index < this.begun) this.begun = index;
    return bucket;
  }

  /** Tables that have grown to the size of a bucket serve the next one. */
  #forget(index: number): void {
    const bucket = this.#buckets.get(index)!;
    this.#buckets.delete(index);
    bucket.index = Number.NaN;
    if (this.#spare.length >= mostSpare) return;
    bucket.flows.clear();
    bucket.routes.clear();
    bucket.ends.fill(0);
    bucket.places.clear();
    bucket.attempts.clear();
    bucket.digest = undefined;
    this.#spare.push(bucket);
  }
}

/** Half seconds of a bucket as bits; a stamp on a whole second may be of a log that writes no fractions. */
function slotsOf(within: number): number {
  const slot = Math.trunc(within / 500) | 0;
  return within % 1_000 === 0 ? 0b11 << slot : 1 << slot;
}

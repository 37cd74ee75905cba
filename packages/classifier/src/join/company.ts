import type { Symptom } from '@why502/model';
import type { Failure } from '../failure.ts';
import { bucketOf, bucketsAfter } from '../window/windows.ts';

/** A process that goes down resets its connections, then refuses new ones; one that comes up has refused before. */
const refusedAfterMs = 10_000;
const refusedBeforeMs = 2_000;

/** How far back the company of a failure is kept, in buckets of ten seconds. */
export const companyBuckets = 3;

/** How long so many failures of a service took shows as well how long all of a storm did. */
const mostSpans = 5_000;

/** What one bucket of ten seconds holds of failures. */
interface Gathering {
  /** Second → peer → failures. */
  readonly bySecond: Map<number, Map<number, number>>;
  /** Service and phase → how long each such failure took, ms. */
  readonly spans: Map<string, number[]>;
  /** Service → what the hop said of its failures, and how often. */
  readonly said: Map<number, Map<Symptom, number>>;
  /** Service → look-ups of names that led to no peer. */
  readonly lookups: Map<number, Lookups>;
  /** Peer → first and last refused connection. */
  readonly refusals: Map<number, { first: number; last: number }>;
}

/** Look-ups of failures that came to no peer, of those that tell how long they took. */
export interface Lookups {
  count: number;
  timed: number;
  slow: number;
}

/** Name servers nearby answer in milliseconds; a resolver asks again after a second or more (BIND and glibc: 5 s). */
const slowLookupMs = 1_000;

/** Counts of the failures around a failure: in bounded time each, however many there are. */
export class Company {
  readonly #buckets = new Map<number, Gathering>();
  readonly #timers = new Map<string, { sharp: number; count: number }>();
  /** The hop has said of a failure by a code what it was; most hops have none. */
  #saysCodes = false;

  /** An effect of other failures is no company. */
  add({ time, serviceId, peerId, phase, after, attempt, request }: Failure): void {
    if (phase === 'unpicked') return;
    const gathering = this.#gathering(time);
    if (request?.said !== undefined) this.#saysCodes = true;
    if (request?.said !== undefined) addSaid(gathering.said, serviceId, request.said.symptom);
    if (peerId === 0 && attempt?.lookup !== undefined)
      addLookup(gathering.lookups, serviceId, attempt.lookup);
    if (peerId !== 0) {
      const second = Math.floor(time / 1_000);
      let peers = gathering.bySecond.get(second);
      if (peers === undefined) {
        peers = new Map();
        gathering.bySecond.set(second, peers);
      }
      peers.set(peerId, (peers.get(peerId) ?? 0) + 1);
    }
    if (after === undefined) return;
    const key = `${serviceId} ${phase}`;
    const spans = gathering.spans.get(key);
    if (spans === undefined) gathering.spans.set(key, [after]);
    else if (spans.length < mostSpans) spans.push(after);
  }

  /** A connection to the peer was refused. */
  addRefusal(peerId: number, time: number): void {
    const { refusals } = this.#gathering(time);
    const times = refusals.get(peerId);
    if (times === undefined) refusals.set(peerId, { first: time, last: time });
    else {
      times.first = Math.min(times.first, time);
      times.last = Math.max(times.last, time);
    }
  }

  /** Failures of the peer in this second and the ones beside it, and whether it refused connections around then. */
  burst({ peerId, time }: Failure): { count: number; refusedNear: boolean } {
    let count = 0;
    const second = Math.floor(time / 1_000);
    for (let near = second - 1; near <= second + 1; near++) {
      count +=
        this.#buckets
          .get(bucketOf(near * 1_000))
          ?.bySecond.get(near)
          ?.get(peerId) ?? 0;
    }
    const from = time - refusedBeforeMs;
    const to = time + refusedAfterMs;
    for (let bucket = bucketOf(from); bucket <= bucketOf(to); bucket++) {
      const times = this.#buckets.get(bucket)?.refusals.get(peerId);
      if (times !== undefined && times.last >= from && times.first <= to) return { count, refusedNear: true };
    }
    return { count, refusedNear: false };
  }

  /** How many failures of the same service and phase there are within about ten seconds, and how many took as long. */
  timer({ bucket, serviceId, phase }: Failure): { sharp: number; count: number } {
    const key = `${bucket} ${serviceId} ${phase}`;
    let found = this.#timers.get(key);
    if (found === undefined) {
      const spans: number[] = [];
      for (let near = bucket - 1; near <= bucket + 1; near++) {
        for (const span of this.#buckets.get(near)?.spans.get(`${serviceId} ${phase}`) ?? [])
          spans.push(span);
      }
      found = { sharp: largestShareAlike(spans), count: spans.length };
      this.#timers.set(key, found);
    }
    return found;
  }

  /** What the hop said most often of other failures of the service; undefined where it said nothing else. */
  meanwhile({ bucket, serviceId, request }: Failure): { said: Symptom; count: number } | undefined {
    if (!this.#saysCodes) return undefined;
    const own = request?.said?.symptom;
    const sums = new Map<Symptom, number>();
    for (let near = bucket - companyBuckets; near <= bucket + bucketsAfter; near++) {
      const said = this.#buckets.get(near)?.said.get(serviceId);
      for (const [symptom, count] of said ?? [])
        if (symptom !== own) sums.set(symptom, (sums.get(symptom) ?? 0) + count);
    }
    let most: { said: Symptom; count: number } | undefined;
    for (const said of [...sums.keys()].sort()) {
      const count = sums.get(said)!;
      if (most === undefined || count > most.count) most = { said, count };
    }
    return most;
  }

  /** Look-ups of the service that led to no peer within about ten seconds. */
  lookups({ bucket, serviceId }: Failure): Lookups {
    const sum = { count: 0, timed: 0, slow: 0 };
    for (let near = bucket - 1; near <= bucket + 1; near++) {
      const found = this.#buckets.get(near)?.lookups.get(serviceId);
      sum.count += found?.count ?? 0;
      sum.timed += found?.timed ?? 0;
      sum.slow += found?.slow ?? 0;
    }
    return sum;
  }

  forgetBefore(bucket: number): void {
    this.#timers.clear();
    for (const key of this.#buckets.keys()) if (key < bucket) this.#buckets.delete(key);
  }

  #gathering(time: number): Gathering {
    const bucket = bucketOf(time);
    let gathering = this.#buckets.get(bucket);
    if (gathering === undefined) {
      gathering = {
        bySecond: new Map(),
        spans: new Map(),
        said: new Map(),
        lookups: new Map(),
        refusals: new Map(),
      };
      this.#buckets.set(bucket, gathering);
    }
    return gathering;
  }
}

function addSaid(said: Map<number, Map<Symptom, number>>, serviceId: number, symptom: Symptom): void {
  let counts = said.get(serviceId);
  if (counts === undefined) {
    counts = new Map();
    said.set(serviceId, counts);
  }
  counts.set(symptom, (counts.get(symptom) ?? 0) + 1);
}

function addLookup(lookups: Map<number, Lookups>, serviceId: number, took: number): void {
  let sum = lookups.get(serviceId);
  if (sum === undefined) {
    sum = { count: 0, timed: 0, slow: 0 };
    lookups.set(serviceId, sum);
  }
  sum.count++;
  if (took > 0) sum.timed++;
  if (took >= slowLookupMs) sum.slow++;
}

/** The largest share of spans that lie within 10 %, at least 50 ms, above one of them. */
function largestShareAlike(spans: number[]): number {
  spans.sort((a, b) => a - b);
  let most = 0;
  let from = 0;
  for (let to = 0; to < spans.length; to++) {
    while (spans[to]! - spans[from]! > Math.max(50, spans[from]! * 0.1)) from++;
    most = Math.max(most, to - from + 1);
  }
  return spans.length === 0 ? 0 : most / spans.length;
}

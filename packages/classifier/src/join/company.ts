import type { Verdict } from '@why502/model';
import type { Standing } from '../weigh/posterior.ts';
import { bucketOf } from '../window/windows.ts';

/** What is kept of a failure for the sake of its neighbours. */
export interface Companion {
  readonly id: string;
  readonly time: number;
  readonly serviceId: number;
  readonly host: string | undefined;
  readonly peerId: number;
  readonly phase: string;
  readonly afterMs: number | undefined;
  /** It repeats an earlier failure, so it explains none. */
  effect: boolean;
  readonly masked: boolean;
  verdict: Verdict | undefined;
  standings: readonly Standing[] | undefined;
}

/** A process that goes down resets its connections, then refuses new ones; one that comes up has refused before. */
const refusedAfterMs = 10_000;
const refusedBeforeMs = 2_000;

/** How far back companions are kept, in buckets of ten seconds. */
export const companionBuckets = 12;

/** The failures around a failure, by bucket. */
export class Company {
  readonly #buckets = new Map<number, Companion[]>();
  readonly #byId = new Map<string, Companion>();
  readonly #refusals = new Map<number, Map<number, { first: number; last: number }>>();
  readonly #timers = new Map<string, { sharp: number; count: number }>();

  add(companion: Companion): void {
    const bucket = bucketOf(companion.time);
    const list = this.#buckets.get(bucket);
    if (list === undefined) this.#buckets.set(bucket, [companion]);
    else list.push(companion);
    this.#byId.set(companion.id, companion);
  }

  of(id: string): Companion | undefined {
    return this.#byId.get(id);
  }

  /** Visits those within the given span around a moment; a callback, since an iterator allocates for each of them. */
  around(time: number, beforeMs: number, afterMs: number, visit: (one: Companion) => void): void {
    const from = time - beforeMs;
    const to = time + afterMs;
    for (let bucket = bucketOf(from); bucket <= bucketOf(to); bucket++) {
      const list = this.#buckets.get(bucket);
      if (list === undefined) continue;
      for (let index = 0; index < list.length; index++) {
        const one = list[index]!;
        if (one.time >= from && one.time <= to) visit(one);
      }
    }
  }

  /** Those of one bucket of ten seconds. */
  inBucket(bucket: number): readonly Companion[] {
    return this.#buckets.get(bucket) ?? [];
  }

  /** A connection to the peer was refused. */
  addRefusal(peerId: number, time: number): void {
    const bucket = bucketOf(time);
    let peers = this.#refusals.get(bucket);
    if (peers === undefined) {
      peers = new Map();
      this.#refusals.set(bucket, peers);
    }
    const times = peers.get(peerId);
    if (times === undefined) peers.set(peerId, { first: time, last: time });
    else {
      times.first = Math.min(times.first, time);
      times.last = Math.max(times.last, time);
    }
  }

  /** Failures of the peer within a second, and whether it refused connections within seconds of the moment. */
  burst(peerId: number, time: number): { count: number; refusedNear: boolean } {
    let count = 0;
    this.around(time, 1_000, 1_000, (one) => {
      if (one.peerId === peerId && !one.effect) count++;
    });
    let refusedNear = false;
    for (let bucket = bucketOf(time - refusedBeforeMs); bucket <= bucketOf(time + refusedAfterMs); bucket++) {
      const times = this.#refusals.get(bucket)?.get(peerId);
      if (
        times !== undefined &&
        times.last >= time - refusedBeforeMs &&
        times.first <= time + refusedAfterMs
      ) {
        refusedNear = true;
      }
    }
    return { count, refusedNear };
  }

  /** How many failures of the same service and phase in the same ten seconds there are, and how many took the same time. */
  timer(id: string): { sharp: number; count: number } | undefined {
    const own = this.#byId.get(id);
    if (own?.afterMs === undefined) return undefined;
    const bucket = bucketOf(own.time);
    const key = `${bucket} ${own.serviceId} ${own.phase}`;
    let found = this.#timers.get(key);
    if (found === undefined) {
      const spans: number[] = [];
      for (let index = bucket - 1; index <= bucket + 1; index++) {
        for (const one of this.inBucket(index)) {
          if (one.serviceId === own.serviceId && one.phase === own.phase && one.afterMs !== undefined)
            spans.push(one.afterMs);
        }
      }
      found = { sharp: largestShareAlike(spans), count: spans.length };
      this.#timers.set(key, found);
    }
    return found;
  }

  forgetBefore(bucket: number): void {
    this.#timers.clear();
    for (const key of this.#refusals.keys()) if (key < bucket) this.#refusals.delete(key);
    for (const [key, list] of this.#buckets) {
      if (key >= bucket) continue;
      for (const one of list) this.#byId.delete(one.id);
      this.#buckets.delete(key);
    }
  }
}

/** The largest share of spans that lie within 5 %, at least 50 ms, of one of them. */
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

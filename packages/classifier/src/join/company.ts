import type { Symptom } from '@why502/model';
import type { Verdict } from '@why502/model';
import { bucketOf } from '../window/windows.ts';

/** What is kept of a failure for the sake of its neighbours. */
export interface Companion {
  readonly id: string;
  readonly time: number;
  readonly serviceId: number;
  readonly host: string | undefined;
  readonly peerId: number;
  readonly phase: string;
  readonly symptom: Symptom | undefined;
  readonly afterMs: number | undefined;
  /** It repeats an earlier failure, so it explains none. */
  readonly effect: boolean;
  verdict: Verdict | undefined;
}

/** How far back companions are kept, in buckets of ten seconds. */
export const companionBuckets = 12;

/** The failures around a failure, by bucket. */
export class Company {
  readonly #buckets = new Map<number, Companion[]>();
  readonly #byId = new Map<string, Companion>();

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

  /** Those within the given span around a moment. */
  *around(time: number, beforeMs: number, afterMs: number): Iterable<Companion> {
    for (let bucket = bucketOf(time - beforeMs); bucket <= bucketOf(time + afterMs); bucket++) {
      for (const one of this.#buckets.get(bucket) ?? []) {
        if (one.time >= time - beforeMs && one.time <= time + afterMs) yield one;
      }
    }
  }

  /** Those of one bucket of ten seconds. */
  inBucket(bucket: number): readonly Companion[] {
    return this.#buckets.get(bucket) ?? [];
  }

  forgetBefore(bucket: number): void {
    for (const [key, list] of this.#buckets) {
      if (key >= bucket) continue;
      for (const one of list) this.#byId.delete(one.id);
      this.#buckets.delete(key);
    }
  }
}

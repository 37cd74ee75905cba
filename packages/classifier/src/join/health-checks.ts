import type { Symptom } from '@why502/model';
import { bucketOf } from '../window/windows.ts';

/** Checks come every 5 to 300 s, 30 s by default (user guide of Application Load Balancers, "Health checks"). */
const bucketsNear = 4;

/** What checks of a peer's health found around a moment. */
export interface Health {
  readonly passed: number;
  readonly failed: number;
  /** What most of those that failed said; undefined where none did. */
  readonly symptom: Symptom | undefined;
}

/** The checks of a peer in ten seconds, by what came of them. */
type Outcomes = Map<Symptom | 'passed', number>;

/** What a load balancer's own checks say of its peers, kept as long as a context reaches. */
export class HealthChecks {
  readonly #buckets = new Map<number, Map<number, Outcomes>>();

  /** @param failure undefined for a check that passed */
  add(peerId: number, at: number, failure: Symptom | undefined): void {
    const bucket = bucketOf(at);
    let peers = this.#buckets.get(bucket);
    if (peers === undefined) {
      peers = new Map();
      this.#buckets.set(bucket, peers);
    }
    let outcomes = peers.get(peerId);
    if (outcomes === undefined) {
      outcomes = new Map();
      peers.set(peerId, outcomes);
    }
    const outcome = failure ?? 'passed';
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }

  /** Within about 40 s; undefined where the peer was not checked, or no checks are logged. */
  near(peerId: number, bucket: number): Health | undefined {
    const sum: Outcomes = new Map();
    for (let index = bucket - bucketsNear; index <= bucket + bucketsNear; index++) {
      for (const [outcome, count] of this.#buckets.get(index)?.get(peerId) ?? [])
        sum.set(outcome, (sum.get(outcome) ?? 0) + count);
    }
    if (sum.size === 0) return undefined;
    const passed = sum.get('passed') ?? 0;
    sum.delete('passed');
    let symptom: Symptom | undefined;
    let failed = 0;
    for (const [outcome, count] of [...sum].sort(([a], [b]) => (a < b ? -1 : 1))) {
      failed += count;
      if (symptom === undefined || count > sum.get(symptom)!) symptom = outcome as Symptom;
    }
    return { passed, failed, symptom };
  }

  forgetBefore(bucket: number): void {
    for (const index of this.#buckets.keys()) if (index < bucket) this.#buckets.delete(index);
  }
}

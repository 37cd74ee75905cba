import type { Failure } from './failure.ts';
import { bucketsAfter } from './window/windows.ts';

/**
 * With more failures than this open at once, in 100 s, there is a storm: about 5 KiB are kept for each. 200 failures a
 * second may go on for ever.
 */
const mostWaiting = 20_000;

/** Failures that wait for their context to close, by bucket, still without the error lines about them. */
export class WaitingRoom {
  readonly #buckets = new Map<number, Failure[]>();
  #size = 0;

  get isOverfull(): boolean {
    return this.#size > mostWaiting;
  }

  /** The earliest bucket in which one waits; infinity where none does. */
  get oldest(): number {
    return Math.min(Number.POSITIVE_INFINITY, ...this.#buckets.keys());
  }

  enter(failure: Failure): void {
    this.#size++;
    const waiting = this.#buckets.get(failure.bucket);
    if (waiting === undefined) this.#buckets.set(failure.bucket, [failure]);
    else waiting.push(failure);
  }

  in(bucket: number): readonly Failure[] {
    return this.#buckets.get(bucket) ?? [];
  }

  /** Buckets whose context is closed when rows before the bucket `now` no longer come, in order. */
  closedAt(now: number): readonly number[] {
    return [...this.#buckets.keys()]
      .filter((bucket) => bucket + bucketsAfter + 1 <= now)
      .sort((a, b) => a - b);
  }

  /** Those of a bucket, in order of (time, id), which wait no longer. */
  leave(bucket: number): readonly Failure[] {
    const waiting = this.#buckets.get(bucket) ?? [];
    this.#buckets.delete(bucket);
    this.#size -= waiting.length;
    return waiting.sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
  }
}

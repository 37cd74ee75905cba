import type { Digest } from './digest.ts';

/** Adds a bucket to the sums, or with -1 takes it away. */
type Adding<Sum> = (sums: Map<number, Sum>, digest: Digest, sign: 1 | -1) => void;

/**
 * Sums per key over a window of buckets that moves forward: what enters is added, what leaves is taken away. All parts
 * are counts, so a sum does not depend on the way it was reached.
 */
export class Sliding<Sum> {
  readonly #before: number;
  readonly #after: number;
  readonly #add: Adding<Sum>;
  readonly #sums = new Map<number, Sum>();
  /** What is in the sums: the windows may have forgotten a bucket when it leaves. */
  readonly #inside = new Map<number, Digest>();
  #from = 0;
  #to = -1;

  /** The window of bucket b is [b + before, b + after]. */
  constructor(before: number, after: number, add: Adding<Sum>) {
    this.#before = before;
    this.#after = after;
    this.#add = add;
  }

  get(key: number): Sum | undefined {
    return this.#sums.get(key);
  }

  moveTo(bucket: number, digestOf: (index: number) => Digest | undefined): void {
    const from = bucket + this.#before;
    const to = bucket + this.#after;
    if (from > this.#to || from < this.#from) {
      this.#sums.clear();
      this.#inside.clear();
      this.#from = from;
      this.#to = from - 1;
    }
    while (this.#from < from) this.#leave(this.#from++);
    while (this.#to < to) this.#enter(++this.#to, digestOf);
  }

  #enter(index: number, digestOf: (index: number) => Digest | undefined): void {
    const digest = digestOf(index);
    if (digest === undefined) return;
    this.#inside.set(index, digest);
    this.#add(this.#sums, digest, 1);
  }

  #leave(index: number): void {
    const digest = this.#inside.get(index);
    if (digest === undefined) return;
    this.#inside.delete(index);
    this.#add(this.#sums, digest, -1);
  }
}

import { bucketOf } from '../window/windows.ts';

/** So many rows of all hops are read in full, so that logs of this size are joined wholly. */
const wholly = 200_000;

/** Above, the share is halved time and again, down to one bucket in this many: about 1 %. */
const mostHalvings = 7;

/** Rows of ordinary requests that are kept at once, at most: within this they are looked at together. */
const mostKept = 50_000;

/** Rows are kept for about this many buckets. */
const keptBuckets = 60;

/** The rate is that of the latest steps. */
const steps = 30;

/** Seconds of failures in which rows are looked for are kept as the ends of their numbers. */
const secondMs = 1_000;

/**
 * Which ordinary rows are read in full, so that requests can be found at several hops. Slices of time, the same for all
 * hops: a bucket of a smaller share is one of every larger share, so that rows read at different times fit together.
 * Besides, the seconds in which a failure of an outer hop may be found inside.
 */
export class Slices {
  #halvings = 0;
  #counted = 0;
  /** Rows counted in the latest steps. */
  readonly #rates: number[] = [];
  #step = 0;
  /** Buckets of which rows were left out for want of room. */
  readonly #broken = new Set<number>();
  /** Seconds in which a failure of an outer hop may be found inside. */
  readonly #seconds = new Set<number>();

  count(rows: number): void {
    this.#counted += rows;
    this.#step += rows;
  }

  /** @param kept ordinary rows that are kept now */
  wants(at: number, kept: number): boolean {
    if (this.#isChosen(bucketOf(at))) {
      if (kept < mostKept) return true;
      this.#broken.add(bucketOf(at));
      return false;
    }
    return kept < mostKept && this.#seconds.has(Math.floor(at / secondMs));
  }

  /** Rows that ended then may tell what became of a failure. */
  seekAround(from: number, to: number): void {
    const last = Math.min(to, from + mostSoughtMs);
    for (let second = Math.floor(from / secondMs); second <= last / secondMs; second++)
      this.#seconds.add(second);
  }

  /** Whether every row between the two instants was read in full. */
  isWhole(from: number, to: number): boolean {
    for (let bucket = bucketOf(from); bucket <= bucketOf(to); bucket++)
      if (!this.#isChosen(bucket) || this.#broken.has(bucket)) return false;
    return true;
  }

  /** Whether every row that may tell of a failure between the two instants was read, if the failure was known before. */
  isSought(from: number, to: number): boolean {
    if (this.isWhole(from, to)) return true;
    for (let second = Math.floor(from / secondMs); second <= to / secondMs; second++)
      if (!this.#seconds.has(second) || this.#broken.has(bucketOf(second * secondMs))) return false;
    return true;
  }

  /** A step of log time is over: the share follows what has come. */
  advance(oldest: number): void {
    this.#rates.push(this.#step);
    this.#step = 0;
    if (this.#rates.length > steps) this.#rates.shift();
    const rate = this.#rates.reduce((sum, rows) => sum + rows, 0) / steps;
    const needed = Math.max(this.#counted / wholly, (rate * keptBuckets) / mostKept);
    this.#halvings = Math.max(this.#halvings, Math.min(mostHalvings, Math.ceil(Math.log2(needed || 1))));
    for (const bucket of this.#broken) if (bucket < oldest) this.#broken.delete(bucket);
    for (const second of this.#seconds)
      if (bucketOf(second * secondMs) < oldest) this.#seconds.delete(second);
  }

  #isChosen(bucket: number): boolean {
    return (scattered(bucket) & ((1 << this.#halvings) - 1)) === 0;
  }
}

/** Of a request that took longer, only so much is looked through. */
const mostSoughtMs = 120_000;

/** Numbers beside each other become numbers far apart, and what recurs every minute is hit as any other (Knuth's multiplicative hash). */
function scattered(bucket: number): number {
  return Math.imul(bucket, 2_654_435_761) >>> 16;
}

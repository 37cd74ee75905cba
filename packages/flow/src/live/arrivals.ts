/** When rows came, by the buckets of log time that they are from: how long each has waited for its verdicts. */
export class Arrivals {
  readonly #bucketMs: number;
  /** Bucket → monotonic time of the first row of it. */
  readonly #first = new Map<number, number>();

  constructor(bucketMs: number) {
    this.#bucketMs = bucketMs;
  }

  /** A row from this time was handed on. */
  note(at: number, now: number): void {
    const bucket = Math.floor(at / this.#bucketMs);
    if (Number.isFinite(bucket) && !this.#first.has(bucket)) this.#first.set(bucket, now);
  }

  /** When the first of the rows came that still wait; infinity without any. */
  get oldest(): number {
    let least = Number.POSITIVE_INFINITY;
    for (const now of this.#first.values()) least = Math.min(least, now);
    return least;
  }

  /** The end of the latest bucket whose rows came by then. */
  dueBy(now: number): number | undefined {
    let latest = Number.NEGATIVE_INFINITY;
    for (const [bucket, first] of this.#first) if (first <= now) latest = Math.max(latest, bucket);
    return Number.isFinite(latest) ? (latest + 1) * this.#bucketMs : undefined;
  }

  /** Rows from before this time wait no more. */
  forgetBefore(time: number): void {
    for (const bucket of this.#first.keys())
      if ((bucket + 1) * this.#bucketMs <= time) this.#first.delete(bucket);
  }
}

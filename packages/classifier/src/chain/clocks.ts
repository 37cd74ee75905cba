import { type Skew, unlearned } from './nesting.ts';

/** A skew is the median over this many buckets on either side: more than a minute, so that a step shows soon. */
const reach = 3;

/** Fewer differences than this may be chance. */
const fewest = 3;

/** Where no requests tell around a bucket, what was learned up to 15 minutes before still counts. */
const keptBuckets = 90;

/** Per pair of clocks and bucket, so many differences say as much as all. */
const mostVotes = 200;

/** Clocks never agree better than this, and a request takes its time between two hops, ms. */
const leastWithin = 100;

/** Medians lie off by a few of these; 1.5 median deviations are a standard deviation of errors that are normal. */
const deviations = 4.5;

/**
 * By how much clocks of inner hops are ahead of those of outer hops, learned of requests that both logged with the same
 * id. Per bucket of the outer hop's time, so that a clock that is put right shows; of medians, so that ids which only
 * look the same count for nothing.
 */
export class Clocks {
  /** `outer\0inner` → bucket → differences, ms. */
  readonly #votes = new Map<string, Map<number, number[]>>();
  readonly #skews = new Map<string, Skew>();
  /** What was asked for last, until more is learned. */
  readonly #ranges = new Map<string, readonly [number, number]>();
  readonly #largest = new Map<string, number>();

  /** A request of that bucket, seen at both; votes of a bucket come before it is asked about. */
  vote(outer: string, inner: string, bucket: number, ahead: number): void {
    const key = `${outer}\0${inner}`;
    let buckets = this.#votes.get(key);
    if (buckets === undefined) {
      buckets = new Map();
      this.#votes.set(key, buckets);
    }
    const votes = buckets.get(bucket);
    if (votes === undefined) buckets.set(bucket, [ahead]);
    else if (votes.length < mostVotes) votes.push(ahead);
  }

  between(outer: string, inner: string, bucket: number): Skew {
    const key = `${outer}\0${inner}`;
    const buckets = this.#votes.get(key);
    if (buckets === undefined) return unlearned;
    const asked = `${key}\0${bucket}`;
    let skew = this.#skews.get(asked);
    if (skew === undefined) {
      skew = skewOf(buckets, bucket);
      this.#skews.set(asked, skew);
      if (skew.learned && Math.abs(skew.ahead) > Math.abs(this.#largest.get(key) ?? 0))
        this.#largest.set(key, skew.ahead);
    }
    return skew;
  }

  /** What each pair of clocks was found to differ by at most, ms. */
  get largest(): readonly { readonly outer: string; readonly inner: string; readonly ahead: number }[] {
    return [...this.#largest].map(([key, ahead]) => {
      const [outer, inner] = key.split('\0') as [string, string];
      return { outer, inner, ahead };
    });
  }

  /** The clocks of the hop inside that are known to differ from this one. */
  innerOf(outer: string): readonly string[] {
    return [...this.#votes.keys()]
      .filter((key) => key.startsWith(`${outer}\0`))
      .map((key) => key.slice(outer.length + 1));
  }

  /** By how much the clocks inside are behind and ahead of this one at most, as far as is known by now, ms. */
  range(outer: string): readonly [least: number, most: number] {
    let range = this.#ranges.get(outer);
    if (range === undefined) {
      const known = this.innerOf(outer).map((inner) => {
        const buckets = this.#votes.get(`${outer}\0${inner}`)!;
        return skewOf(buckets, Math.max(...buckets.keys())).ahead;
      });
      range = [Math.min(0, ...known), Math.max(0, ...known)];
      this.#ranges.set(outer, range);
    }
    return range;
  }

  forgetBefore(bucket: number): void {
    this.#skews.clear();
    this.#ranges.clear();
    for (const [key, buckets] of this.#votes) {
      for (const index of buckets.keys()) if (index < bucket - keptBuckets) buckets.delete(index);
      if (buckets.size === 0) this.#votes.delete(key);
    }
  }
}

function skewOf(buckets: ReadonlyMap<number, readonly number[]>, bucket: number): Skew {
  const near: number[] = [];
  for (let index = bucket - reach; index <= bucket + reach; index++) near.push(...(buckets.get(index) ?? []));
  for (let index = bucket - reach - 1; near.length < fewest && index >= bucket - keptBuckets; index--)
    near.push(...(buckets.get(index) ?? []));
  if (near.length < fewest) return unlearned;
  const ahead = median(near);
  const deviation = median(near.map((one) => Math.abs(one - ahead)));
  return { ahead, within: Math.min(unlearned.within, leastWithin + deviations * deviation), learned: true };
}

function median(numbers: number[]): number {
  numbers.sort((a, b) => a - b);
  const half = numbers.length >> 1;
  return numbers.length % 2 === 1 ? numbers[half]! : (numbers[half - 1]! + numbers[half]!) / 2;
}

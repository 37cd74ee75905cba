import { type HopJoins, type HopSource, millis } from '@why502/model';
import { apart, type Skew, unlearned } from './nesting.ts';
import type { Passage } from './passage.ts';

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

/** By bucket, differences in ms. */
type Votes = Map<number, number[]>;

/** What is known of a pair of clocks. */
interface Pair {
  /** Of requests with the same id, and of those that only look the same. */
  readonly byId: Votes;
  readonly byLooks: Votes;
  /** The stamps of both are no finer than this, added up, ms. */
  coarse: number;
  readonly hops: Omit<Furthest, 'ahead'>;
}

interface Furthest {
  readonly outer: HopSource;
  readonly inner: HopSource;
  /** A file of the inner clock. */
  readonly file: string;
  readonly ahead: number;
}

/**
 * By how much clocks of inner hops are ahead of those of outer hops, learned of requests that both logged with the same
 * id, or else of those that fit only each other. Per bucket of the outer hop's time, so that a clock that is put right
 * shows; of medians, so that requests which only look the same count for nothing.
 */
export class Clocks {
  /** By `outer\0inner`. */
  readonly #pairs = new Map<string, Pair>();
  readonly #skews = new Map<string, Skew>();
  /** What was asked for last, until more is learned. */
  readonly #ranges = new Map<string, readonly [number, number]>();
  readonly #largest = new Map<string, Furthest>();

  /** A request of that bucket, seen at both; votes of a bucket come before it is asked about. */
  vote(outer: Passage, inner: Passage, by: 'id' | 'looks'): void {
    const key = `${outer.clock}\0${inner.clock}`;
    let pair = this.#pairs.get(key);
    if (pair === undefined) {
      const hops = { outer: outer.hop, inner: inner.hop, file: inner.request.row.file };
      pair = { byId: new Map(), byLooks: new Map(), coarse: 0, hops };
      this.#pairs.set(key, pair);
    }
    pair.coarse = Math.max(pair.coarse, outer.request.resolution + inner.request.resolution);
    const buckets = by === 'id' ? pair.byId : pair.byLooks;
    const votes = buckets.get(outer.bucket);
    const ahead = apart(outer, inner);
    if (votes === undefined) buckets.set(outer.bucket, [ahead]);
    else if (votes.length < mostVotes) votes.push(ahead);
  }

  between(outer: string, inner: string, bucket: number): Skew {
    const key = `${outer}\0${inner}`;
    const pair = this.#pairs.get(key);
    if (pair === undefined) return unlearned;
    const asked = `${key}\0${bucket}`;
    let skew = this.#skews.get(asked);
    if (skew === undefined) {
      skew = skewOf(pair, bucket);
      this.#skews.set(asked, skew);
      const known = this.#largest.get(key);
      if (skew.learned && Math.abs(skew.ahead) > Math.abs(known?.ahead ?? 0))
        this.#largest.set(key, { ...pair.hops, ahead: skew.ahead });
    }
    return skew;
  }

  /** The clock inside that was found to differ most from one outside. */
  largest(outer: HopSource, inner: HopSource): HopJoins['skew'] {
    let most: Furthest | undefined;
    for (const one of this.#largest.values())
      if (one.outer === outer && one.inner === inner && Math.abs(one.ahead) > Math.abs(most?.ahead ?? 0))
        most = one;
    return most === undefined ? undefined : { file: most.file, ahead: millis(Math.round(most.ahead)) };
  }

  /** The clocks of the hop inside that are known to differ from this one. */
  innerOf(outer: string): readonly string[] {
    return [...this.#pairs.keys()]
      .filter((key) => key.startsWith(`${outer}\0`))
      .map((key) => key.slice(outer.length + 1));
  }

  /** By how much the clocks inside are behind and ahead of this one at most, as far as is known by now, ms. */
  range(outer: string): readonly [least: number, most: number] {
    let range = this.#ranges.get(outer);
    if (range === undefined) {
      const known = this.innerOf(outer).map((inner) => {
        const pair = this.#pairs.get(`${outer}\0${inner}`)!;
        return skewOf(pair, Math.max(...pair.byId.keys(), ...pair.byLooks.keys())).ahead;
      });
      range = [Math.min(0, ...known), Math.max(0, ...known)];
      this.#ranges.set(outer, range);
    }
    return range;
  }

  forgetBefore(bucket: number): void {
    this.#skews.clear();
    this.#ranges.clear();
    for (const [key, { byId, byLooks }] of this.#pairs) {
      for (const buckets of [byId, byLooks])
        for (const index of buckets.keys()) if (index < bucket - keptBuckets) buckets.delete(index);
      if (byId.size + byLooks.size === 0) this.#pairs.delete(key);
    }
  }
}

function skewOf({ byId, byLooks, coarse }: Pair, bucket: number): Skew {
  const votes = near(byId, bucket) ?? near(byLooks, bucket);
  if (votes === undefined) return unlearned;
  const ahead = median(votes);
  // Where within its second a stamp belongs is a part of the span of its row.
  const deviation = Math.max(0, median(votes.map((one) => Math.abs(one - ahead))) - coarse / 4);
  return {
    ahead,
    within: Math.min(unlearned.within, leastWithin + deviations * deviation),
    learned: true,
  };
}

function near(buckets: Votes, bucket: number): number[] | undefined {
  const votes: number[] = [];
  for (let index = bucket - reach; index <= bucket + reach; index++)
    votes.push(...(buckets.get(index) ?? []));
  for (let index = bucket - reach - 1; votes.length < fewest && index >= bucket - keptBuckets; index--)
    votes.push(...(buckets.get(index) ?? []));
  return votes.length < fewest ? undefined : votes;
}

function median(numbers: number[]): number {
  numbers.sort((a, b) => a - b);
  const half = numbers.length >> 1;
  return numbers.length % 2 === 1 ? numbers[half]! : (numbers[half - 1]! + numbers[half]!) / 2;
}

import { type HopSource, type Probability, probability } from '@why502/model';
import type { Depth, Passage } from './passage.ts';

/** What is missing from a log is told by the requests of two minutes before and behind. */
const reach = 12;

/** Fewer of them tell nothing. */
export const fewestTelling = 20;

interface Share {
  expected: number;
  matched: number;
}

/**
 * How complete an inner hop's log is: of the requests that it answered, by the log of a hop outside, the share that is
 * found in its own. Load balancers log at best effort and edges in samples, so that a row which is missing means only so much.
 */
export class Completeness {
  readonly #shares = new Map<string, Map<number, Share>>();
  readonly #totals = new Map<string, Share>();

  /** A request that the log of the inner depth must hold. */
  note(outer: Passage, depth: Depth, inner: HopSource): void {
    const isMatched = isFoundAt(outer, depth);
    const key = keyOf(outer, inner);
    let buckets = this.#shares.get(key);
    if (buckets === undefined) {
      buckets = new Map();
      this.#shares.set(key, buckets);
    }
    add(buckets, outer.bucket, isMatched);
    add(this.#totals, `${outer.hop}\0${inner}`, isMatched);
  }

  /** Around the request's time, for its service; undefined where too few tell, or the log is none of this service. */
  around(outer: Passage, inner: HopSource): Probability | undefined {
    const buckets = this.#shares.get(keyOf(outer, inner));
    const sum: Share = { expected: 0, matched: 0 };
    for (let bucket = outer.bucket - reach; bucket <= outer.bucket + reach; bucket++) {
      const share = buckets?.get(bucket);
      sum.expected += share?.expected ?? 0;
      sum.matched += share?.matched ?? 0;
    }
    return sum.expected < fewestTelling || sum.matched === 0
      ? undefined
      : probability(sum.matched / sum.expected);
  }

  total(outer: HopSource, inner: HopSource): Readonly<Share> {
    return this.#totals.get(`${outer}\0${inner}`) ?? { expected: 0, matched: 0 };
  }

  forgetBefore(bucket: number): void {
    for (const [key, buckets] of this.#shares) {
      for (const index of buckets.keys()) if (index < bucket - reach) buckets.delete(index);
      if (buckets.size === 0) this.#shares.delete(key);
    }
  }
}

function isFoundAt(outer: Passage, depth: Depth): boolean {
  for (let one = outer.inner; one !== undefined; one = one.inner) if (one.depth === depth) return true;
  return false;
}

/** Services of one edge may have logs or none. */
function keyOf({ hop, request }: Passage, inner: HopSource): string {
  return `${hop}\0${inner}\0${request.service ?? request.host ?? ''}`;
}

function add<K>(shares: Map<K, Share>, key: K, isMatched: boolean): void {
  const share = shares.get(key) ?? { expected: 0, matched: 0 };
  share.expected++;
  if (isMatched) share.matched++;
  shares.set(key, share);
}

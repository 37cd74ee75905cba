import { type HopJoins, type HopSource, probability, type RequestRecord } from '@why502/model';
import { bucketsAfter } from '../window/windows.ts';
import { Clocks } from './clocks.ts';
import { Completeness, fewestTelling } from './completeness.ts';
import { unlearned } from './nesting.ts';
import { Pairing } from './pairing.ts';
import { asksFurther, type Depth, isOutside, type Passage, passage } from './passage.ts';
import { Passages } from './passages.ts';
import { Slices } from './slices.ts';

/** Clocks are compared once rows of a clock that is 90 s ahead have been read, too. */
const comparedAfter = 5;

/** Rows are kept until no request that is still to be paired can reach back to them. */
const keptBuckets = 30;

/** No log is of another hop, which stands before all of these. */
const depthOf: Readonly<Record<HopSource, Depth>> = {
  other: 'edge',
  cloudflare: 'edge',
  alb: 'balancer',
  nginx: 'server',
};

/** The same requests at several hops: takes the rows that are read in full, and pairs them bucket by bucket. */
export class Chain {
  readonly #hops: readonly HopSource[];
  readonly #passages = new Passages();
  readonly #clocks = new Clocks();
  readonly #pairing = new Pairing(this.#passages, this.#clocks);
  readonly #completeness = new Completeness();
  readonly #slices = new Slices();
  /** First and last row of each hop. */
  readonly #reaches = new Map<HopSource, { from: number; to: number }>();
  #comparedTo = Number.NEGATIVE_INFINITY;
  #pairedTo = Number.NEGATIVE_INFINITY;

  /** @param hops whose logs are given, two at least */
  constructor(hops: ReadonlySet<HopSource>) {
    const outsideIn = [...hops].sort((a, b) => (isOutside(depthOf[a], depthOf[b]) ? -1 : 1));
    this.#hops = outsideIn;
  }

  /** So many rows were counted. */
  count(rows: number): void {
    this.#slices.count(rows);
  }

  /** Whether a row that shows no failure is to be taken. */
  wants(at: number): boolean {
    return this.#slices.wants(at, this.#passages.ordinary);
  }

  /** @returns undefined for a line that was delivered twice */
  take(request: RequestRecord, failure: string | undefined): Passage | undefined {
    const one = passage(request, failure);
    if (!this.#passages.add(one)) return undefined;
    this.#widen(one);
    if (failure !== undefined && one.depth !== 'server' && asksFurther(one)) {
      const { from, to } = this.#behind(one);
      this.#slices.seekAround(from, to);
    }
    return one;
  }

  /** @param now rows of earlier buckets will not come */
  advance(now: number): void {
    const buckets = this.#passages.buckets;
    for (const bucket of buckets) {
      if (bucket <= this.#comparedTo || bucket + comparedAfter > now) continue;
      this.#comparedTo = bucket;
      this.#pairing.compareClocks(bucket);
    }
    for (const bucket of buckets) {
      if (bucket <= this.#pairedTo || bucket + bucketsAfter + 1 > now) continue;
      this.#pairedTo = bucket;
      this.#pairing.pair(bucket);
      this.#noteComplete(bucket);
    }
    this.#slices.advance(now - keptBuckets);
  }

  forgetBefore(bucket: number): void {
    this.#passages.forgetBefore(bucket - keptBuckets);
    this.#clocks.forgetBefore(bucket);
    this.#completeness.forgetBefore(bucket - keptBuckets);
  }

  /**
   * Whether the log of a hop behind the row is at hand and says nothing of the request; undefined where there is no
   * telling, since its rows of that time were not all looked at, or several fit.
   */
  absenceBehind(
    one: Passage,
  ): { readonly source: HopSource; readonly coverage: ReturnType<Completeness['around']> } | undefined {
    const [source] = this.#behindHop(one);
    if (source === undefined || one.inner !== undefined || one.doubted || !asksFurther(one)) return undefined;
    const { from, to } = this.#behind(one);
    const reach = this.#reaches.get(source);
    if (reach === undefined || reach.from > from || reach.to < to || !this.#slices.isSought(from, to))
      return undefined;
    return { source, coverage: this.#completeness.around(one, source) };
  }

  /** The hops whose logs are given between two depths. */
  between(outer: Passage, inner: Passage): readonly HopSource[] {
    return this.#hops.filter(
      (hop) => isOutside(outer.depth, depthOf[hop]) && isOutside(depthOf[hop], inner.depth),
    );
  }

  /** What each two hops have in common, over the whole run. */
  get joins(): readonly HopJoins[] {
    return this.#hops.flatMap((outer, index) =>
      this.#hops.slice(index + 1).map((inner) => this.#joins(outer, inner)),
    );
  }

  #joins(outer: HopSource, inner: HopSource): HopJoins {
    const { expected, matched } = this.#completeness.total(outer, inner);
    return {
      outer,
      inner,
      joined: matched,
      coverage: expected < fewestTelling ? undefined : probability(matched / expected),
      skew: this.#clocks.largest(outer, inner),
    };
  }

  #behindHop({ depth }: Passage): readonly HopSource[] {
    return this.#hops.filter((hop) => isOutside(depth, depthOf[hop]));
  }

  /** When a row of the request ended at a hop behind this one. */
  #behind({ span, clock }: Passage): { from: number; to: number } {
    const [least, most] = this.#clocks.range(clock);
    return { from: span.startFrom + least - unlearned.within, to: span.endTo + most + unlearned.within };
  }

  #widen({ hop, request: { end } }: Passage): void {
    const reach = this.#reaches.get(hop);
    if (reach === undefined) this.#reaches.set(hop, { from: end, to: end });
    else {
      reach.from = Math.min(reach.from, end);
      reach.to = Math.max(reach.to, end);
    }
  }

  /** Of every request that a hop behind answered, whether its log says so. */
  #noteComplete(bucket: number): void {
    for (const depth of ['edge', 'program', 'balancer'] as const)
      for (const one of this.#passages.of(bucket, depth)) {
        if (one.doubted || !isAnswered(one)) continue;
        const { from, to } = this.#behind(one);
        if (!this.#slices.isWhole(from, to)) continue;
        for (const inner of this.#behindHop(one)) {
          const reach = this.#reaches.get(inner);
          if (reach !== undefined && reach.from <= from && reach.to >= to)
            this.#completeness.note(one, depthOf[inner], inner);
        }
      }
  }
}

/** The hop behind gave an answer, so that it must have logged the request; a failure may be that of another one in between. */
function isAnswered({ request }: Passage): boolean {
  return (request.attempts.at(-1)?.status ?? 500) < 500;
}

import { trafficBucketMs } from '@why502/model';
import { endSlotMs, type Windows } from '../window/windows.ts';
import type { Scattered, Stray } from './scattered.ts';

/** After so long without use the peers of a service close a connection. */
export interface IdleGap {
  readonly idleMs: number;
  /** Of so many failures that broke at once, those that came so long after an answer of the peer. */
  readonly count: number;
  readonly fitting: number;
}

/** Nobody closes connections sooner, and later ones are seldom used again; in slots. */
const shortestGap = 1_000 / endSlotMs;
const longestGap = 120_000 / endSlotMs;

const slotsPerBucket = trafficBucketMs / endSlotMs;
const slotsPerSecond = 1_000 / endSlotMs;

/** Fewer failures than this, or a smaller share of them at one distance, are chance. */
const fewestFailures = 5;
const leastShare = 0.7;

/** How much less likely than not a distance must be by chance: as ln of odds, with what is known of it before. */
const beyondDoubt = Math.log(1_000);
const wholeSecond = Math.log(200);
const anyLength = Math.log(3_000);

/** The distances of a failure must be known up to this one for it to count. */
const leastKnown = 30_000 / endSlotMs;

/**
 * Finds the idle timer of peers. A connection that its peer closes for want of use was used last exactly that long ago.
 * Which connection it was no log tells, but an answer of the peer must lie at that distance before every such failure,
 * and at any other distance only as often as the peer is busy.
 */
export class IdleGaps {
  readonly #windows: Windows;
  readonly #scattered: Scattered;
  readonly #found = new Map<number, { slots: number; gap: IdleGap } | undefined>();
  #bucket = Number.NaN;

  constructor(windows: Windows, scattered: Scattered) {
    this.#windows = windows;
    this.#scattered = scattered;
  }

  /** As the failures of the service in the context of the bucket show it; undefined where they do not. */
  of(bucket: number, serviceId: number): IdleGap | undefined {
    return this.#timer(bucket, serviceId)?.gap;
  }

  /** Whether an answer of the peer lies one idle timer before a moment, ms since the epoch. */
  fits(bucket: number, serviceId: number, peerId: number, began: number): boolean {
    const timer = this.#timer(bucket, serviceId);
    return timer !== undefined && this.#answered(peerId, slotOf(began) - timer.slots);
  }

  #timer(bucket: number, serviceId: number): { slots: number; gap: IdleGap } | undefined {
    if (bucket !== this.#bucket) {
      this.#bucket = bucket;
      this.#found.clear();
    }
    if (!this.#found.has(serviceId)) {
      const quick = this.#scattered.around(bucket, serviceId).filter(({ isQuick }) => isQuick);
      this.#found.set(serviceId, this.#shared(quick));
    }
    return this.#found.get(serviceId);
  }

  /** The shortest distance that nearly all have in common, if chance does not explain it. */
  #shared(quick: readonly Stray[]) {
    if (quick.length < fewestFailures) return undefined;
    const fitting = new Uint32Array(longestGap + 1);
    const count = new Uint32Array(longestGap + 1);
    const expected = new Float64Array(longestGap + 1);
    for (const stray of quick) {
      const known = this.#known(stray);
      if (known < leastKnown) continue;
      stray.gaps ??= this.#gapsOf(stray, known);
      const busy = stray.gaps.length / (known - shortestGap + 1);
      for (const gap of stray.gaps) fitting[gap]!++;
      for (let gap = shortestGap; gap <= known; gap++) {
        count[gap]!++;
        expected[gap]! += busy;
      }
    }
    const share = (gap: number) => (count[gap]! < fewestFailures ? 0 : fitting[gap]! / count[gap]!);
    let most = 0;
    for (let gap = shortestGap; gap <= longestGap; gap++) most = Math.max(most, share(gap));
    for (let gap = shortestGap; gap <= longestGap; gap++) {
      if (share(gap) < Math.max(leastShare, 0.9 * most)) continue;
      const slots = summit(gap, share);
      const strength = count[slots]! * divergence(share(slots), expected[slots]! / count[slots]!);
      const doubt = beyondDoubt + (slots % slotsPerSecond === 0 ? wholeSecond : anyLength);
      if (strength < doubt) continue;
      return {
        slots,
        gap: { idleMs: slots * endSlotMs, count: count[slots]!, fitting: fitting[slots]! },
      };
    }
    return undefined;
  }

  /** The longest distance that the log reaches back before a failure, in slots. */
  #known({ began }: Stray): number {
    const begun = this.#windows.begun * slotsPerBucket;
    return Math.min(longestGap, slotOf(began) - begun);
  }

  #gapsOf({ began, peerId }: Stray, known: number): Uint16Array {
    const gaps: number[] = [];
    const from = slotOf(began);
    for (let gap = shortestGap; gap <= known; gap++) if (this.#answered(peerId, from - gap)) gaps.push(gap);
    return Uint16Array.from(gaps);
  }

  #answered(peerId: number, slot: number): boolean {
    const index = Math.floor(slot / slotsPerBucket);
    return this.#windows.endedIn(index, peerId, slot - index * slotsPerBucket);
  }
}

function slotOf(at: number): number {
  return Math.floor(at / endSlotMs);
}

/** Where the share is largest near a distance; of equals the whole second, then the shorter one. */
function summit(gap: number, share: (gap: number) => number): number {
  let best = gap;
  for (let near = gap + 1; near <= Math.min(gap + 2, longestGap); near++) {
    const isRounder = near % slotsPerSecond === 0 && share(near) === share(best);
    if (share(near) > share(best) || isRounder) best = near;
  }
  return best;
}

/** How much a share says against an expected one that is smaller, per case, as ln of odds (Kullback and Leibler). */
function divergence(share: number, expected: number): number {
  if (share <= expected) return 0;
  const rest = share === 1 ? 0 : (1 - share) * Math.log((1 - share) / (1 - expected));
  return share * Math.log(share / expected) + rest;
}

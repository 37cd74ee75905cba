import { trafficBucketMs } from '@why502/model';
import type { Digest, ShareCounts } from './digest.ts';
import { addShare } from './digest.ts';
import { Sliding } from './sliding.ts';
import { bucketOf, bucketsAfter, bucketsBefore, endOf, type Windows } from './windows.ts';

export interface PeerContext {
  readonly okBefore: number;
  readonly okAfter: number;
  readonly okNear: number;
  readonly failedNear: number;
  readonly everOk: boolean;
  readonly failedAround: number;
  readonly episodes: number;
  readonly slowConnectsNear: number;
}

/** Half a second: what `okSlots` tells apart. */
const slotMs = 500;

const slotsPerBucket = trafficBucketMs / slotMs;

/** What single peers did around the bucket that the context is at. */
export class PeerHistory {
  readonly #windows: Windows;
  readonly #before = new Sliding<ShareCounts>(-bucketsBefore, -1, addPeers);
  readonly #after = new Sliding<ShareCounts>(1, bucketsAfter, addPeers);
  readonly #records = new Map<number, PeerContext>();
  #bucket = Number.NaN;

  constructor(windows: Windows) {
    this.#windows = windows;
  }

  moveTo(bucket: number, digestOf: (index: number) => Digest | undefined): void {
    this.#bucket = bucket;
    this.#records.clear();
    this.#before.moveTo(bucket, digestOf);
    this.#after.moveTo(bucket, digestOf);
  }

  record(peerId: number): PeerContext {
    let record = this.#records.get(peerId);
    if (record === undefined) {
      record = this.#recordOf(peerId);
      this.#records.set(peerId, record);
    }
    return record;
  }

  #recordOf(peerId: number): PeerContext {
    const bucket = this.#bucket;
    let okNear = 0;
    let failedNear = 0;
    let slowConnectsNear = 0;
    for (let index = bucket - 1; index <= bucket + 1; index++) {
      const counts = this.#windows.at(index)?.peers.get(peerId);
      okNear += counts?.ok ?? 0;
      failedNear += counts?.failed ?? 0;
      slowConnectsNear += counts?.slowConnects ?? 0;
    }
    const before = this.#before.get(peerId);
    const after = this.#after.get(peerId);
    const failedNow = this.#windows.at(bucket)?.peers.get(peerId)?.failed ?? 0;
    return {
      okBefore: before?.ok ?? 0,
      okAfter: after?.ok ?? 0,
      okNear,
      failedNear,
      everOk: this.#windows.firstOk(peerId) < endOf(bucket + bucketsAfter),
      failedAround: (before?.failed ?? 0) + failedNow + (after?.failed ?? 0),
      episodes: this.#episodesOf(peerId),
      slowConnectsNear,
    };
  }

  /** Half seconds between two moments in which the peer answered, and how many there are. */
  answersWithin(peerId: number, from: number, to: number): { slots: number; answered: number } {
    const first = Math.ceil(from / slotMs);
    const end = Math.floor(to / slotMs);
    let answered = 0;
    for (let slot = first; slot < end; ) {
      const index = Math.floor(slot / slotsPerBucket);
      const inBucket = Math.min(end, (index + 1) * slotsPerBucket);
      const bits = this.#windows.at(index)?.peers.get(peerId)?.okSlots ?? 0;
      for (; slot < inBucket; slot++) answered += (bits >> (slot - index * slotsPerBucket)) & 1;
    }
    const slots = Math.max(0, end - first);
    return { slots, answered };
  }

  /** Ms since the last answer of the peer before a moment; undefined without one in the context. */
  silentFor(peerId: number, moment: number): number | undefined {
    const first = Math.floor(moment / slotMs) - 1;
    for (let index = bucketOf(moment); index >= this.#bucket - bucketsBefore; index--) {
      const bits = this.#windows.at(index)?.peers.get(peerId)?.okSlots ?? 0;
      if (bits === 0) continue;
      const last = Math.min(first, (index + 1) * slotsPerBucket - 1);
      for (let slot = last; slot >= index * slotsPerBucket; slot--) {
        if ((bits >> (slot - index * slotsPerBucket)) & 1) return moment - (slot + 1) * slotMs;
      }
    }
    return undefined;
  }

  /** Ms until the first answer of the peer after a moment; undefined without one in the context. */
  silentUntil(peerId: number, moment: number): number | undefined {
    const first = Math.ceil(moment / slotMs);
    for (let index = bucketOf(moment); index <= this.#bucket + bucketsAfter; index++) {
      const bits = this.#windows.at(index)?.peers.get(peerId)?.okSlots ?? 0;
      if (bits === 0) continue;
      const end = (index + 1) * slotsPerBucket;
      for (let slot = Math.max(first, index * slotsPerBucket); slot < end; slot++) {
        if ((bits >> (slot - index * slotsPerBucket)) & 1) return slot * slotMs - moment;
      }
    }
    return undefined;
  }

  #episodesOf(peerId: number): number {
    let found = 0;
    let failing = false;
    for (let index = this.#bucket - bucketsBefore; index <= this.#bucket + bucketsAfter; index++) {
      const counts = this.#windows.at(index)?.peers.get(peerId);
      if (counts === undefined) continue;
      if (counts.failed > 0 && !failing) found++;
      failing = counts.failed > 0;
    }
    return found;
  }
}

function addPeers(sums: Map<number, ShareCounts>, digest: Digest, sign: 1 | -1): void {
  digest.peers.forEach((counts, id) => {
    addShare(sums, id, counts, sign);
  });
}

import { durationBoundsMs } from '@why502/model';

/** Bins of the duration histogram: one per bound and one for everything above. */
export const durationBins = durationBoundsMs.length + 1;

/** Connects at or above this took at least one repeated SYN: Linux sends it after 1 s (RFC 6298). */
export const slowConnectMs = 900;

/**
 * Counters of one bucket, one cell per combination of four small integers, in open-addressed typed arrays: the hot path
 * allocates only when the table grows. Updates are sums and maxima, so their order does not matter.
 */
export class CellTable {
  size = 0;
  readonly #keyWidth = 4;
  #slots = new Int32Array(128).fill(-1);
  #mask = 127;
  #keys = new Uint32Array(64 * 4);
  requests = new Uint32Array(64);
  durationSum = new Float64Array(64);
  durationMax = new Int32Array(64);
  slowConnects = new Uint32Array(64);
  /** A bit per half second of the bucket in which a request of the cell ended. */
  slots = new Uint32Array(64);
  durations: Uint32Array;
  readonly #bins: number;

  /** @param bins width of the histogram per cell, 0 for none */
  constructor(bins: number) {
    this.#bins = bins;
    this.durations = new Uint32Array(64 * bins);
  }

  /** The cell of a key, made when new. */
  cell(a: number, b: number, c: number, d: number): number {
    let slot = hashOf(a, b, c, d) & this.#mask;
    const keys = this.#keys;
    for (;;) {
      const cell = this.#slots[slot]!;
      if (cell < 0) return this.#add(slot, a, b, c, d);
      const at = cell * 4;
      if (keys[at] === a && keys[at + 1] === b && keys[at + 2] === c && keys[at + 3] === d) return cell;
      slot = (slot + 1) & this.#mask;
    }
  }

  /** One of the four integers of a cell's key. */
  key(cell: number, part: 0 | 1 | 2 | 3): number {
    return this.#keys[cell * this.#keyWidth + part]!;
  }

  /** Forgets all cells and keeps the memory for others. */
  clear(): void {
    this.#slots.fill(-1);
    for (const counters of [
      this.requests,
      this.durationSum,
      this.durationMax,
      this.slowConnects,
      this.slots,
    ]) {
      counters.fill(0, 0, this.size);
    }
    this.durations.fill(0, 0, this.size * this.#bins);
    this.size = 0;
  }

  #add(slot: number, a: number, b: number, c: number, d: number): number {
    const cell = this.size++;
    if (cell >= this.requests.length) this.#grow();
    this.#keys.set([a, b, c, d], cell * 4);
    if (this.size * 2 > this.#slots.length) this.#rehash();
    else this.#slots[slot] = cell;
    return cell;
  }

  #grow(): void {
    this.#keys = twice(this.#keys, Uint32Array);
    this.requests = twice(this.requests, Uint32Array);
    this.durationSum = twice(this.durationSum, Float64Array);
    this.durationMax = twice(this.durationMax, Int32Array);
    this.slowConnects = twice(this.slowConnects, Uint32Array);
    this.slots = twice(this.slots, Uint32Array);
    if (this.#bins > 0) this.durations = twice(this.durations, Uint32Array);
  }

  #rehash(): void {
    const length = this.#slots.length * 2;
    this.#slots = new Int32Array(length).fill(-1);
    this.#mask = length - 1;
    const cells = this.size;
    this.size = 0;
    for (let cell = 0; cell < cells; cell++) {
      const at = cell * 4;
      const keys = this.#keys;
      let slot = hashOf(keys[at]!, keys[at + 1]!, keys[at + 2]!, keys[at + 3]!) & this.#mask;
      while (this.#slots[slot]! >= 0) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = cell;
    }
    this.size = cells;
  }
}

function hashOf(a: number, b: number, c: number, d: number): number {
  const hash =
    Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^ Math.imul(d, 0x27d4eb2f);
  return hash ^ (hash >>> 15);
}

function twice<T extends Uint16Array | Uint32Array | Int32Array | Float64Array>(
  array: T,
  make: new (length: number) => T,
): T {
  const larger = new make(array.length * 2);
  larger.set(array);
  return larger;
}

/** The histogram bin of a duration in whole ms. */
export function durationBin(ms: number): number {
  return ms < binsOfShort.length ? binsOfShort[ms]! : searchedBin(ms);
}

function searchedBin(ms: number): number {
  let bin = 0;
  while (bin < durationBoundsMs.length && ms > durationBoundsMs[bin]!) bin++;
  return bin;
}

/** Most requests take less than a second. */
const binsOfShort = Uint8Array.from({ length: 1_024 }, (_, ms) => searchedBin(ms));

import { type Columns, type Instant, ofRepeat } from '@why502/model';

/** Lines are kept by the minutes of their times. */
const sliceMs = 60_000;
/** A batch that is delivered again may be read so much later than the first time. */
const rememberedSlices = 15;
const firstSlots = 4096;

/**
 * Knows lines that were there before, word for word, in logs that are delivered once or more. A line is known by 64 bits:
 * of a request that has an id, of that and of all that the columns hold of it; of any other, of all its bytes.
 */
export class Repeats {
  readonly #slices = new Map<number, Slice>();
  readonly #hash = new LineHash();
  readonly #most: number;
  #count = 0;

  /** @param most lines that are remembered, 8 bytes for each in tables that are at most half full */
  constructor(most = 4 * 1024 * 1024) {
    this.#most = most;
  }

  /** Flags the rows of [from, to) whose lines were there before, and says how many they are. */
  mark(rows: Columns, from: number, to: number, bytes: Uint8Array): number {
    const { at, flags } = rows;
    const hash = this.#hash;
    let repeated = 0;
    for (let row = from; row < to; row++) {
      if (rows.identity[row] === 0) hash.ofBytes(bytes, rows.from[row]!, rows.to[row]!);
      else hash.ofRow(rows, row);
      if (this.#sliceOf(at[row]!).add(hash.high, hash.low)) {
        this.#count++;
        continue;
      }
      flags[row]! |= ofRepeat;
      repeated++;
    }
    if (this.#count > this.#most) this.#forgetOldest();
    return repeated;
  }

  /** Lets go of lines that are much older than any that will come. */
  forgetBefore(watermark: Instant): void {
    const oldest = Math.floor(watermark / sliceMs) - rememberedSlices;
    for (const key of this.#slices.keys()) if (key < oldest) this.#forget(key);
  }

  #sliceOf(at: number): Slice {
    const key = Math.floor(at / sliceMs);
    let slice = this.#slices.get(key);
    if (slice === undefined) {
      slice = new Slice();
      this.#slices.set(key, slice);
    }
    return slice;
  }

  #forgetOldest(): void {
    const oldestFirst = [...this.#slices.keys()].sort((a, b) => a - b);
    for (const key of oldestFirst) if (this.#count > this.#most / 2) this.#forget(key);
  }

  #forget(key: number): void {
    this.#count -= this.#slices.get(key)!.count;
    this.#slices.delete(key);
  }
}

/** The hashes of the lines of one minute, by open addressing. */
class Slice {
  count = 0;
  /** High and low half of each hash side by side; the low one is 0 where free. */
  #slots = new Uint32Array(2 * firstSlots);
  #mask = firstSlots - 1;

  /** Adds a hash; false where it is there. */
  add(high: number, low: number): boolean {
    const slot = this.#slotOf(high, low);
    const slots = this.#slots;
    if (slots[slot + 1] !== 0) return false;
    slots[slot] = high;
    slots[slot + 1] = low;
    if (++this.count * 2 > this.#mask) this.#grow();
    return true;
  }

  /** Where the hash stands, or would stand. */
  #slotOf(high: number, low: number): number {
    const slots = this.#slots;
    let at = high & this.#mask;
    for (;;) {
      const slot = 2 * at;
      const isThere = slots[slot] === high && slots[slot + 1] === low;
      if (isThere || slots[slot + 1] === 0) return slot;
      at = (at + 1) & this.#mask;
    }
  }

  #grow(): void {
    const slots = this.#slots;
    this.#slots = new Uint32Array(2 * slots.length);
    this.#mask = 2 * this.#mask + 1;
    for (let slot = 0; slot < slots.length; slot += 2) {
      const high = slots[slot]!;
      const low = slots[slot + 1]!;
      if (low === 0) continue;
      const into = this.#slotOf(high, low);
      this.#slots[into] = high;
      this.#slots[into + 1] = low;
    }
  }
}

/** 64 bits of a line, in two lanes that do not wait for each other. */
class LineHash {
  high = 0;
  low = 0;
  #part: Uint8Array | undefined;
  #view: DataView = new DataView(new ArrayBuffer(0));

  /** Of a request by its id, its length and its columns. */
  ofRow(rows: Columns, row: number): void {
    const at = rows.at[row]!;
    let a = Math.imul(rows.identity[row]! ^ (rows.to[row]! - rows.from[row]!), 0x85ebca6b);
    let b = Math.imul(rows.identity[row]! ^ (at % 0x100000000), 0xc2b2ae35);
    a = Math.imul(a ^ (a >>> 15) ^ rows.host[row]!, 0x85ebca6b);
    b = Math.imul(b ^ (b >>> 13) ^ rows.route[row]!, 0xc2b2ae35);
    a = Math.imul(a ^ (a >>> 15) ^ rows.peer[row]!, 0x85ebca6b);
    b = Math.imul(b ^ (b >>> 13) ^ rows.duration[row]!, 0xc2b2ae35);
    a = Math.imul(a ^ (a >>> 15) ^ rows.status[row]!, 0x85ebca6b);
    b = Math.imul(b ^ (b >>> 13) ^ rows.connect[row]! ^ (rows.flags[row]! << 24), 0xc2b2ae35);
    this.#mix(a, b);
  }

  /** Of all bytes of a line, four at a time. */
  ofBytes(bytes: Uint8Array, from: number, to: number): void {
    if (bytes !== this.#part) {
      this.#part = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    const view = this.#view;
    let a = to - from;
    let b = 0x9e3779b1;
    let at = from;
    for (; at + 8 <= to; at += 8) {
      a = Math.imul(a ^ view.getInt32(at, true), 0x85ebca6b);
      a ^= a >>> 15;
      b = Math.imul(b ^ view.getInt32(at + 4, true), 0xc2b2ae35);
      b ^= b >>> 13;
    }
    for (; at < to; at++) {
      a = Math.imul(a ^ view.getUint8(at), 0x01000193);
      b = Math.imul((b << 5) ^ (b >>> 27) ^ view.getUint8(at), 0x27d4eb2f);
    }
    this.#mix(a, b);
  }

  /** Each half depends on both lanes; no line hashes to the mark of a free slot. */
  #mix(a: number, b: number): void {
    this.high = (Math.imul(a, 0x2c1b3c6d) ^ Math.imul(b ^ (b >>> 16), 0x297a2d39)) >>> 0;
    this.low = ((Math.imul(b, 0x7feb352d) ^ Math.imul(a ^ (a >>> 16), 0x846ca68b)) | 1) >>> 0;
  }
}

import { hashBytes, sameBytes } from './words.ts';

/** Strings for which there is room at first: most maps stay small, and there are several for each file that is read. */
const roomAtFirst = 64;

/** Numbers byte strings from 1 in order of arrival, up to a bound. Finding one allocates nothing. */
export class ByteMap {
  readonly #most: number;
  #mask: number;
  /** Open addressing: the number in each slot, 0 where free. At most half of them are taken. */
  #slots: Uint32Array;
  /** By number, from 1. */
  #hashes: Int32Array;
  /** Bytes of all strings end to end; string n lies in [starts[n], starts[n + 1]). */
  #starts: Uint32Array;
  #arena = new Uint8Array(1_024);
  #view = new DataView(this.#arena.buffer);
  size = 0;

  constructor(most: number) {
    const room = Math.min(most, roomAtFirst);
    const slotCount = 1 << Math.ceil(Math.log2(room * 2 + 2));
    this.#most = most;
    this.#mask = slotCount - 1;
    this.#slots = new Uint32Array(slotCount);
    this.#hashes = new Int32Array(room + 1);
    this.#starts = new Uint32Array(room + 2);
  }

  get full(): boolean {
    return this.size >= this.#most;
  }

  /** The number of a string that is there; 0 for one that is not. Who knows a hash gives the same with `add`. */
  find(view: DataView, at: number, length: number, hash: number = hashBytes(view, at, length)): number {
    const slots = this.#slots;
    let slot = hash & this.#mask;
    for (let entry = slots[slot]!; entry !== 0; entry = slots[slot]!) {
      if (this.#hashes[entry] === hash && this.#holds(entry, view, at, length)) return entry;
      slot = (slot + 1) & this.#mask;
    }
    return 0;
  }

  /** Numbers a string that is not there; the map must not be full. */
  add(view: DataView, at: number, length: number, hash: number = hashBytes(view, at, length)): number {
    if (this.size + 1 >= this.#hashes.length) this.#grow();
    const entry = ++this.size;
    this.#seat(entry, hash);
    const start = this.#starts[entry]!;
    this.#reserve(start + length);
    for (let i = 0; i < length; i++) this.#arena[start + i] = view.getUint8(at + i);
    this.#starts[entry + 1] = start + length;
    this.#hashes[entry] = hash;
    return entry;
  }

  /** The bytes of a string, valid until the next is added. */
  bytesOf(entry: number): Uint8Array {
    return this.#arena.subarray(this.#starts[entry], this.#starts[entry + 1]);
  }

  #holds(entry: number, view: DataView, at: number, length: number): boolean {
    const start = this.#starts[entry]!;
    return this.#starts[entry + 1]! - start === length && sameBytes(view, at, this.#view, start, length);
  }

  #seat(entry: number, hash: number): void {
    let slot = hash & this.#mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#mask;
    this.#slots[slot] = entry;
  }

  #grow(): void {
    const room = this.#hashes.length * 2;
    const [hashes, starts] = [new Int32Array(room), new Uint32Array(room + 1)];
    hashes.set(this.#hashes);
    starts.set(this.#starts);
    this.#hashes = hashes;
    this.#starts = starts;
    this.#slots = new Uint32Array(this.#slots.length * 2);
    this.#mask = this.#slots.length - 1;
    for (let entry = 1; entry <= this.size; entry++) this.#seat(entry, hashes[entry]!);
  }

  #reserve(length: number): void {
    if (length <= this.#arena.length) return;
    const larger = new Uint8Array(Math.max(this.#arena.length * 2, length));
    larger.set(this.#arena);
    this.#arena = larger;
    this.#view = new DataView(larger.buffer);
  }
}

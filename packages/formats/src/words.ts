/**
 * The memory that bytes lie in, read by positions from its own start: four bytes at a time, since comparing and hashing
 * byte by byte would be a third of the cost of a line, and without adding where the bytes begin to every position, which
 * would be as much again. V8 compiles `DataView.getInt32` to one unaligned load, with nothing to turn around where the
 * processor is little-endian, too.
 */
export class Memory {
  view: DataView = new DataView(new ArrayBuffer(0));

  /** What is looked at: telling by the object is much cheaper than asking it for its memory. */
  #part: Uint8Array | undefined;
  #base = 0;

  /** Looks at the memory of these bytes from now on, at next to no cost for the bytes of before; says where they begin. */
  over(part: Uint8Array): number {
    if (part === this.#part) return this.#base;
    this.#part = part;
    this.#base = part.byteOffset;
    this.view = new DataView(part.buffer);
    return this.#base;
  }
}

/** Whether `length` bytes at `a` of one view are those at `b` of the other. */
export function sameBytes(view: DataView, a: number, other: DataView, b: number, length: number): boolean {
  if (length < 4) {
    for (let i = 0; i < length; i++) if (view.getUint8(a + i) !== other.getUint8(b + i)) return false;
    return true;
  }
  const last = length - 4;
  for (let i = 0; i < last; i += 4)
    if (view.getInt32(a + i, true) !== other.getInt32(b + i, true)) return false;
  return view.getInt32(a + last, true) === other.getInt32(b + last, true);
}

/** A hash of `length` bytes at `at`, four at a time; the last four may overlap those before. */
export function hashBytes(view: DataView, at: number, length: number): number {
  let hash = Math.imul(length, 0x9e3779b1);
  if (length < 4) {
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ view.getUint8(at + i), 0x01000193);
  } else {
    const last = length - 4;
    for (let i = 0; i < last; i += 4)
      hash = Math.imul(hash ^ view.getInt32(at + i, true), 0x85ebca6b) ^ (hash >>> 15);
    hash = Math.imul(hash ^ view.getInt32(at + last, true), 0xc2b2ae35);
  }
  return hash ^ (hash >>> 13);
}

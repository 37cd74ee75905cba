import { afterBlanks } from '../json/skip.ts';

const quote = 0x22;
const colon = 0x3a;
const comma = 0x2c;
const openingBrace = 0x7b;

/**
 * Finds a key of JSON in bytes by Horspool's search, which looks at one byte in ten. Inside a string the key cannot stand
 * without a backslash in front of its first quote, so that what is found is a key, if perhaps of an object inside the one
 * that is meant.
 */
export class KeySearch {
  readonly field: number;
  readonly #key: Buffer;
  /** How far on the next place is at which the key may end, by the byte at which it might have ended. */
  readonly #shifts: Uint8Array = new Uint8Array(256);

  /** @param key as it stands between its quotes, without them */
  constructor(field: number, key: Uint8Array) {
    this.field = field;
    this.#key = Buffer.concat([Buffer.of(quote), key, Buffer.of(quote)]);
    const last = this.#key.length - 1;
    this.#shifts.fill(Math.min(last + 1, 255));
    for (let at = 0; at < last; at++) this.#shifts[this.#key[at]!] = Math.min(last - at, 255);
  }

  /** Where the value of the key begins; -1 where the key is not in [from, to), which begins behind a brace or a value. */
  valueFrom(bytes: Uint8Array, from: number, to: number): number {
    const shifts = this.#shifts;
    const last = this.#key.length - 1;
    for (let end = from + last; end < to; ) {
      const byte = bytes[end]!;
      if (byte === quote && bytes[end - last] === quote && this.#isAt(bytes, end - last)) {
        const at = valueBehind(bytes, end - last, end + 1, to);
        if (at >= 0) return at;
      }
      end += shifts[byte]!;
    }
    return -1;
  }

  #isAt(bytes: Uint8Array, from: number): boolean {
    const key = this.#key;
    for (let i = key.length - 2; i > 0; i--) if (bytes[from + i] !== key[i]) return false;
    return true;
  }
}

/** Where the value begins of what stands in [from, end), which is a key if a colon follows it; else -1. */
function valueBehind(bytes: Uint8Array, from: number, end: number, to: number): number {
  const before = bytes[from - 1]!;
  if (before !== comma && before !== openingBrace && before > 0x20) return -1;
  const at = afterBlanks(bytes, end, to);
  return at < to && bytes[at] === colon ? afterBlanks(bytes, at + 1, to) : -1;
}

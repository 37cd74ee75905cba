import { afterBlanks } from '../json/skip.ts';
import { sameBytes } from '../words.ts';

const quote = 0x22;
const colon = 0x3a;
const comma = 0x2c;
const openingBrace = 0x7b;

/**
 * Finds a key of JSON in bytes: first as far behind the value before it as it stood last time, then by Horspool's search,
 * which looks at one byte in ten. Inside a string the key cannot stand without a backslash in front of its first quote, so
 * that what is found is a key, if perhaps of an object inside the one that is meant.
 */
export class KeySearch {
  readonly field: number;
  readonly #key: DataView;
  readonly #length: number;
  /** How far on the next place is at which the key may end, by the byte at which it might have ended. */
  readonly #shifts: Uint8Array = new Uint8Array(256);
  /** From the place where the last search began to the key. */
  #gap = 0;

  /** @param key as it stands between its quotes, without them */
  constructor(field: number, key: Uint8Array) {
    const quoted = Uint8Array.of(quote, ...key, quote);
    const last = quoted.length - 1;
    this.field = field;
    this.#length = quoted.length;
    this.#key = new DataView(quoted.buffer);
    this.#shifts.fill(Math.min(last + 1, 255));
    for (let at = 0; at < last; at++) this.#shifts[quoted[at]!] = Math.min(last - at, 255);
  }

  /**
   * Where the value of the key begins; -1 where the key is not in [from, to), which begins behind a brace or a value.
   * `view` and `bytes` are of the same memory.
   */
  valueFrom(view: DataView, bytes: Uint8Array, from: number, to: number): number {
    const length = this.#length;
    const guess = from + this.#gap;
    if (guess + length <= to && sameBytes(view, guess, this.#key, 0, length)) {
      const at = valueBehind(bytes, guess, guess + length, to);
      if (at >= 0) return at;
    }
    return this.#search(view, bytes, from, to);
  }

  #search(view: DataView, bytes: Uint8Array, from: number, to: number): number {
    const shifts = this.#shifts;
    const last = this.#length - 1;
    for (let end = from + last; end < to; ) {
      const byte = bytes[end]!;
      if (byte === quote && sameBytes(view, end - last, this.#key, 0, last)) {
        const at = valueBehind(bytes, end - last, end + 1, to);
        if (at >= 0) {
          this.#gap = end - last - from;
          return at;
        }
      }
      end += shifts[byte]!;
    }
    return -1;
  }
}

/** Where the value begins of what stands in [from, end), which is a key if a colon follows it; else -1. */
function valueBehind(bytes: Uint8Array, from: number, end: number, to: number): number {
  const before = bytes[from - 1]!;
  if (before !== comma && before !== openingBrace && before > 0x20) return -1;
  const at = afterBlanks(bytes, end, to);
  return at < to && bytes[at] === colon ? afterBlanks(bytes, at + 1, to) : -1;
}

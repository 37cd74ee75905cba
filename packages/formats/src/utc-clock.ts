import { isDigit, timeIso } from './time.ts';
import { sameBytes } from './words.ts';

/** Bytes of `2018-07-02T22:23:00`. */
const secondWidth = 19;
const point = 0x2e;
const zulu = 0x5a;

/**
 * Reads times such as `2018-07-02T22:23:00.186641Z`. Neighbouring lines share the second, and only its fraction is read
 * anew.
 */
export class UtcClock {
  readonly #last = new DataView(new ArrayBuffer(secondWidth));
  #second = Number.NaN;

  /** Ms since the epoch, with microseconds as a fraction; NaN for what is no time. `bytes` and `view` are one memory. */
  read(bytes: Uint8Array, view: DataView, from: number, to: number): number {
    if (to - from < secondWidth + 1 || bytes[to - 1] !== zulu) return this.#slowly(bytes, from, to);
    if (!sameBytes(view, from, this.#last, 0, secondWidth)) {
      const time = timeIso(bytes, from, from + secondWidth);
      if (time === undefined) return Number.NaN;
      this.#second = time.at;
      for (let i = 0; i < secondWidth; i++) this.#last.setUint8(i, bytes[from + i]!);
    }
    const fraction = fractionOf(bytes, from + secondWidth, to - 1);
    return fraction < 0 ? this.#slowly(bytes, from, to) : this.#second + fraction;
  }

  /** Times with a zone of their own, or none, which then counts as UTC. */
  #slowly(bytes: Uint8Array, from: number, to: number): number {
    return timeIso(bytes, from, to)?.at ?? Number.NaN;
  }
}

/** `.186641` as ms, cut to microseconds; 0 for nothing, -1 for anything else. */
function fractionOf(bytes: Uint8Array, from: number, to: number): number {
  if (from === to) return 0;
  if (bytes[from] !== point) return -1;
  let micros = 0;
  for (let at = from + 1; at < to; at++) {
    if (!isDigit(bytes[at])) return -1;
    if (at - from <= 6) micros = micros * 10 + bytes[at]! - 0x30;
  }
  for (let digits = to - from - 1; digits < 6; digits++) micros *= 10;
  return micros / 1000;
}

import { ByteMap } from '../byte-map.ts';
import { Memory } from '../words.ts';
import { fieldOfKey } from './fields.ts';

/** Spellings of keys that are remembered; more than these are made up. */
const mostSpellings = 1_024;

/** The fields that keys stand for, found by the bytes of the keys. */
export class KnownKeys {
  readonly #spellings = new ByteMap(mostSpellings);
  readonly #fields = new Int32Array(mostSpellings + 1);
  readonly #memory = new Memory();

  /** The field of the key in [from, to), -1 for a key of something else. */
  fieldOf(bytes: Buffer, from: number, to: number): number {
    const at = this.#memory.over(bytes) + from;
    const { view } = this.#memory;
    const known = this.#spellings.find(view, at, to - from);
    if (known > 0) return this.#fields[known]!;
    const field = fieldOfKey(bytes.toString('latin1', from, to));
    if (!this.#spellings.full) this.#fields[this.#spellings.add(view, at, to - from)] = field;
    return field;
  }
}

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { testFolder } from '../../corpus.ts';

const { randomNumbers }: typeof import('../../random.mjs') = await import(
  pathToFileURL(join(testFolder, 'random.mjs')).href
);

/** Chance that is the same in every run: each user has a stream of its own, so that one does not move another's. */
export class Chance {
  readonly #seed: string;
  readonly #next: () => number;

  constructor(seed: string) {
    this.#seed = seed;
    this.#next = randomNumbers(hash(seed));
  }

  of(name: string): Chance {
    return new Chance(`${this.#seed}/${name}`);
  }

  /** True in `share` of all cases. */
  happens(share: number): boolean {
    return this.#next() < share;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.#next();
  }

  whole(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  pick<One>(all: readonly One[]): One {
    return all[Math.floor(this.#next() * all.length)]!;
  }

  weighted<One extends { readonly weight: number }>(all: readonly One[]): One {
    let left = this.#next() * all.reduce((sum, { weight }) => sum + weight, 0);
    for (const one of all) {
      left -= one.weight;
      if (left < 0) return one;
    }
    return all.at(-1)!;
  }

  /** Time until the next of events that come independently, `mean` apart. */
  gap(mean: number): number {
    return -mean * Math.log(1 - this.#next());
  }

  /** Times of work: half of them are below the median, and a few are far above. */
  around(median: number, spread = 0.45): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.#next())) * Math.cos(2 * Math.PI * this.#next());
    return median * Math.exp(spread * normal);
  }

  hex(digits: number): string {
    let text = '';
    while (text.length < digits) {
      text += Math.floor(this.#next() * 0x10000)
        .toString(16)
        .padStart(4, '0');
    }
    return text.slice(0, digits);
  }

  shuffled<One>(all: readonly One[]): readonly One[] {
    return all
      .map((one) => ({ one, place: this.#next() }))
      .sort((a, b) => a.place - b.place)
      .map(({ one }) => one);
  }
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  }
  return state >>> 0;
}

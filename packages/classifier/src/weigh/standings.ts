import type { Cause, Mechanism } from '@why502/model';

export interface Standing {
  readonly mechanism: Mechanism;
  /** Share of the odds, all mechanisms and "something else" together being 1. */
  readonly posterior: number;
}

export interface CauseStanding {
  readonly cause: Cause;
  /** Of all mechanisms of the cause together. */
  readonly posterior: number;
}

/**
 * How all mechanisms stand after weighing; the rest of 1 is "something else". Kept as numbers, for every failure has
 * one of these, and a failure that others may repeat is remembered for a minute.
 */
export class Standings {
  /** In order of their ids, so that of equals the first is the best. */
  readonly #mechanisms: readonly Mechanism[];
  readonly #posteriors: Float64Array;

  constructor(mechanisms: readonly Mechanism[], posteriors: Float64Array) {
    this.#mechanisms = mechanisms;
    this.#posteriors = posteriors;
  }

  /** The mean of several, of which there must be one. */
  static mean(several: readonly Standings[]): Standings {
    const mechanisms = several[0]!.#mechanisms;
    const posteriors = new Float64Array(mechanisms.length);
    for (const one of several) {
      for (let index = 0; index < posteriors.length; index++) {
        posteriors[index]! += one.#posteriors[index]! / several.length;
      }
    }
    return new Standings(mechanisms, posteriors);
  }

  /** The best, best first, except one. */
  best(count: number, except?: Mechanism): readonly Standing[] {
    const found: Standing[] = [];
    let above = { posterior: Number.POSITIVE_INFINITY, index: -1 };
    while (found.length < count) {
      const next = this.#nextBelow(above, except);
      if (next < 0) break;
      above = { posterior: this.#posteriors[next]!, index: next };
      found.push({ mechanism: this.#mechanisms[next]!, posterior: above.posterior });
    }
    return found;
  }

  /** The best of one cause, of which there must be a mechanism. */
  bestOf(cause: Cause): Standing {
    let best = -1;
    for (let index = 0; index < this.#mechanisms.length; index++) {
      if (this.#mechanisms[index]!.cause !== cause) continue;
      if (best < 0 || this.#posteriors[index]! > this.#posteriors[best]!) best = index;
    }
    return { mechanism: this.#mechanisms[best]!, posterior: this.#posteriors[best]! };
  }

  /** Causes by the sum of their mechanisms, best first. */
  get causes(): readonly CauseStanding[] {
    const sums = new Map<Cause, number>();
    for (let index = 0; index < this.#mechanisms.length; index++) {
      const { cause } = this.#mechanisms[index]!;
      sums.set(cause, (sums.get(cause) ?? 0) + this.#posteriors[index]!);
    }
    const causes: CauseStanding[] = [];
    sums.forEach((posterior, cause) => {
      causes.push({ cause, posterior });
    });
    return causes.sort((a, b) => b.posterior - a.posterior || (a.cause < b.cause ? -1 : 1));
  }

  /** The best behind this one; -1 where there is none. */
  #nextBelow(above: { posterior: number; index: number }, except: Mechanism | undefined): number {
    const posteriors = this.#posteriors;
    let next = -1;
    for (let index = 0; index < posteriors.length; index++) {
      const posterior = posteriors[index]!;
      const isBehind = posterior < above.posterior || (posterior === above.posterior && index > above.index);
      if (!isBehind || (next >= 0 && posterior <= posteriors[next]!)) continue;
      if (this.#mechanisms[index] !== except) next = index;
    }
    return next;
  }
}

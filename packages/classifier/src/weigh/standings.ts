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

/** The mechanisms that are weighed, and their causes. */
export class Roster {
  /** In order of their ids, so that of equals the first is the best. */
  readonly mechanisms: readonly Mechanism[];
  /** In order of their names. */
  readonly causes: readonly Cause[];
  /** Of each mechanism, the place of its cause among them. */
  readonly causeOf: Uint8Array;

  constructor(mechanisms: readonly Mechanism[]) {
    this.mechanisms = [...mechanisms].sort((a, b) => (a.id < b.id ? -1 : 1));
    this.causes = [...new Set(mechanisms.map(({ cause }) => cause))].sort();
    this.causeOf = Uint8Array.from(this.mechanisms, ({ cause }) => this.causes.indexOf(cause));
  }
}

/** Used again for every verdict. There are fewer causes than this. */
const sums = new Float64Array(32);

function standingOf(causes: readonly Cause[], index: number): CauseStanding | undefined {
  return index < 0 ? undefined : { cause: causes[index]!, posterior: sums[index]! };
}

/**
 * How all mechanisms stand after weighing; the rest of 1 is "something else". Kept as numbers, for every failure has
 * one of these, and a failure that others may repeat is remembered for a minute.
 */
export class Standings {
  readonly #roster: Roster;
  readonly #posteriors: Float64Array;

  constructor(roster: Roster, posteriors: Float64Array) {
    this.#roster = roster;
    this.#posteriors = posteriors;
  }

  /** The mean of several, of which there must be one. */
  static mean(several: readonly Standings[]): Standings {
    const roster = several[0]!.#roster;
    const posteriors = new Float64Array(roster.mechanisms.length);
    for (const one of several) {
      for (let index = 0; index < posteriors.length; index++) {
        posteriors[index]! += one.#posteriors[index]! / several.length;
      }
    }
    return new Standings(roster, posteriors);
  }

  /** The best, best first, except one. */
  best(count: number, except?: Mechanism): readonly Standing[] {
    const found: Standing[] = [];
    let above = { posterior: Number.POSITIVE_INFINITY, index: -1 };
    while (found.length < count) {
      const next = this.#nextBelow(above, except);
      if (next < 0) break;
      above = { posterior: this.#posteriors[next]!, index: next };
      found.push({ mechanism: this.#roster.mechanisms[next]!, posterior: above.posterior });
    }
    return found;
  }

  /** The best of one cause, of which there must be a mechanism. */
  bestOf(cause: Cause): Standing {
    let best = -1;
    for (let index = 0; index < this.#roster.mechanisms.length; index++) {
      if (this.#roster.mechanisms[index]!.cause !== cause) continue;
      if (best < 0 || this.#posteriors[index]! > this.#posteriors[best]!) best = index;
    }
    return { mechanism: this.#roster.mechanisms[best]!, posterior: this.#posteriors[best]! };
  }

  /** The two best causes, each by the sum of its mechanisms; of equals the first by name. */
  get causes(): { readonly best: CauseStanding | undefined; readonly second: CauseStanding | undefined } {
    const { causes, causeOf } = this.#roster;
    sums.fill(0);
    for (let index = 0; index < causeOf.length; index++) sums[causeOf[index]!]! += this.#posteriors[index]!;
    let best = -1;
    let second = -1;
    for (let index = 0; index < causes.length; index++) {
      if (best < 0 || sums[index]! > sums[best]!) {
        second = best;
        best = index;
      } else if (second < 0 || sums[index]! > sums[second]!) second = index;
    }
    return { best: standingOf(causes, best), second: standingOf(causes, second) };
  }

  /** The best behind this one; -1 where there is none. */
  #nextBelow(above: { posterior: number; index: number }, except: Mechanism | undefined): number {
    const posteriors = this.#posteriors;
    let next = -1;
    for (let index = 0; index < posteriors.length; index++) {
      const posterior = posteriors[index]!;
      const isBehind = posterior < above.posterior || (posterior === above.posterior && index > above.index);
      if (!isBehind || (next >= 0 && posterior <= posteriors[next]!)) continue;
      if (this.#roster.mechanisms[index] !== except) next = index;
    }
    return next;
  }
}

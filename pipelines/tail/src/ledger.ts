import type { FailureCounts, Verdict } from '@why502/model';

/** A verdict is out before the watermark is so far past its failure: the contexts of all hops, ms. */
const longestWait = 300_000;

/** No earlier run has looked further ahead of its judging: logs of one hop come so much later than those of another, ms. */
const longestLead = 1_800_000;

/**
 * Counts failures from their first looks to their final verdicts, over restarts: what was found is what has its verdict, what
 * waits for it, and what was withdrawn.
 */
export class Ledger {
  /** Failures of which a first look was said, and their times. */
  readonly #waiting = new Map<string, number>();
  /** Of them, those of an earlier run, whose ids nobody knows any more. */
  #unnamed: number;
  /** The earlier run had looked no further than this; known when the first time is. */
  #unnamedUntil: number | undefined;
  #verdicts: number;
  #withdrawn: number;

  /** @param counts of an earlier run */
  constructor(counts: FailureCounts | undefined) {
    this.#unnamed = counts?.waiting ?? 0;
    this.#verdicts = counts?.verdicts ?? 0;
    this.#withdrawn = counts?.withdrawn ?? 0;
  }

  /** A first look was said of it, or is said anew. */
  look({ id, time }: Verdict): void {
    this.#waiting.set(id, time);
  }

  /** It has its final verdict. */
  settle({ id }: Verdict): void {
    this.#verdicts++;
    // Of one of an earlier run there was no first look in this one.
    if (!this.#waiting.delete(id) && this.#unnamed > 0) this.#unnamed--;
  }

  /** Withdraws what had to have its verdict when the judging has come so far. */
  advance(watermark: number): void {
    if (!Number.isFinite(watermark)) return;
    // They were said in the order of their times, by and large.
    for (const [id, time] of this.#waiting) {
      if (time >= watermark - longestWait) break;
      this.#waiting.delete(id);
      this.#withdrawn++;
    }
    this.#unnamedUntil ??= watermark + longestLead;
    if (watermark < this.#unnamedUntil) return;
    this.#withdrawn += this.#unnamed;
    this.#unnamed = 0;
  }

  get counts(): FailureCounts {
    const waiting = this.#waiting.size + this.#unnamed;
    const [verdicts, withdrawn] = [this.#verdicts, this.#withdrawn];
    return { found: verdicts + waiting + withdrawn, verdicts, waiting, withdrawn };
  }
}

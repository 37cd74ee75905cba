import { type Instant, instant, type Millis } from '@why502/model';

/** A log that seems to be further on by more than this must say so in several lines, ms. */
const leapMs = 3_600_000;
const linesThatProveLeap = 8;

/**
 * How far a log has come by its own times. A time counts once the next line agrees with it, that is, is not earlier by
 * more than the disorder that the log may have, and a leap once several do: so lines stamped with a wrong future move
 * nothing.
 */
export class LogClock {
  readonly #disorder: Millis;
  #floor: number;
  #latest = Number.NEGATIVE_INFINITY;
  #previous = Number.NEGATIVE_INFINITY;
  /** Lines in a row that agree with a leap. */
  #agreeing = 0;
  #earliest = Number.POSITIVE_INFINITY;
  /** Lines that came later than the disorder allows. */
  late = 0;

  /** @param start a time that no line comes before, save for the disorder; `undefined` where none is known */
  constructor(disorder: Millis, start: Instant | undefined) {
    this.#disorder = disorder;
    this.#floor = (start ?? Number.NEGATIVE_INFINITY) - disorder;
  }

  /** No line comes before this time, save for the disorder. */
  begin(time: number): void {
    this.#floor = Math.max(this.#floor, time - this.#disorder);
  }

  /** Takes the time of the next line, which may be off by `offBy` for a reason that is no fault of the log. */
  see(at: number, offBy = 0): void {
    // So it is for most lines: many share a second.
    if (at === this.#previous && at === this.#latest) {
      this.#agreeing = 0;
      return;
    }
    const agrees = this.#previous > this.#latest && at >= this.#previous - this.#disorder;
    this.#agreeing = agrees && this.#leaps() ? this.#agreeing + 1 : 0;
    if (agrees && (this.#agreeing === 0 || this.#agreeing === linesThatProveLeap)) {
      this.#latest = this.#previous;
    }
    if (at < this.#latest - this.#disorder - offBy) this.late++;
    if (at < this.#earliest) this.#earliest = at;
    this.#previous = at;
  }

  #leaps(): boolean {
    const known = Math.max(this.#latest, this.#floor);
    return Number.isFinite(known) && this.#previous - known > leapMs;
  }

  /** All times so far were this much off, ms. */
  move(by: number): void {
    this.#floor += by;
    this.#latest += by;
    this.#previous += by;
    this.#earliest += by;
  }

  /** No line that comes is earlier than this, unless it is late; minus infinity while nothing is known. */
  get watermark(): number {
    return Math.max(this.#floor, this.#latest - this.#disorder);
  }

  /** Whether no line that comes is earlier than the limit. Asked at every line, for which a number would be an object. */
  hasReached(limit: number): boolean {
    return this.#floor >= limit || this.#latest - this.#disorder >= limit;
  }

  /** The latest time that counts; minus infinity while none does. */
  get latest(): number {
    return this.#latest;
  }

  /** Time of the earliest line seen. */
  get from(): Instant | undefined {
    return Number.isFinite(this.#earliest) ? instant(this.#earliest) : undefined;
  }

  /** The latest time seen, save those that the line after them denied. */
  get to(): Instant | undefined {
    const latest = Math.max(this.#latest, this.#previous);
    return Number.isFinite(latest) ? instant(latest) : undefined;
  }
}

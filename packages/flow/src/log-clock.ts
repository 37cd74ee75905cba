import { type Instant, instant, type Millis } from '@why502/model';

/**
 * How far a log has come by its own times. A time counts once the next line agrees with it, that is, is not earlier by
 * more than the disorder that the log may have: so one line stamped with a wrong future moves nothing.
 */
export class LogClock {
  readonly #disorder: Millis;
  readonly #floor: number;
  /** The latest time that counts. */
  #latest = Number.NEGATIVE_INFINITY;
  #previous = Number.NEGATIVE_INFINITY;
  #earliest = Number.POSITIVE_INFINITY;
  /** Lines that came later than the disorder allows. */
  late = 0;

  /** @param start a time that no line comes before, save for the disorder; `undefined` where none is known */
  constructor(disorder: Millis, start: Instant | undefined) {
    this.#disorder = disorder;
    this.#floor = (start ?? Number.NEGATIVE_INFINITY) - disorder;
  }

  /** Takes the time of the next line. */
  see(at: number): void {
    if (this.#previous > this.#latest && at >= this.#previous - this.#disorder) this.#latest = this.#previous;
    if (at < this.#latest - this.#disorder) this.late++;
    if (at < this.#earliest) this.#earliest = at;
    this.#previous = at;
  }

  /** No line that comes is earlier than this, unless it is late; minus infinity while nothing is known. */
  get watermark(): number {
    return Math.max(this.#floor, this.#latest - this.#disorder);
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

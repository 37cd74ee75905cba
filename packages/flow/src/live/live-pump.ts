import { type AdvanceReason, type Instant, instant, type Millis } from '@why502/model';
import type { Consumer } from '../input.ts';
import { Arrivals } from './arrivals.ts';
import { type LiveInput, LiveReading } from './live-reading.ts';

/** The watermark rises in steps of this much log time, as in the reading of archives. */
const stepMs = 10_000;

/** Lines from further ahead of the clock on the wall move no watermark. */
const aheadOfWall = 3_600_000;

/** Takes the rows of logs that grow. */
export interface LiveConsumer<I extends LiveInput> extends Omit<Consumer<I>, 'advance'> {
  /** No row earlier than this will come, save late ones. Rises from call to call. */
  advance(watermark: Instant, reason: AdvanceReason): void;
}

/** The clocks of the machine. Log time never comes from them; they say how long to wait for it. */
export interface LiveClock {
  /** ms since some moment; never goes back, and stands still while nobody turns the pump on purpose. */
  monotonic(): number;
  wall(): number;
}

export interface LivePumpOptions {
  /** A row's verdicts are out when the watermark has passed it by so much. */
  readonly settledAfter: Millis;
  /** However the logs go on, a row waits no longer for that by the clock of the machine. */
  readonly maxWait: Millis;
}

/**
 * Carries the rows of logs that grow to the consumer as `pump` does those of archives: merged by log time, so that the
 * consumer sees the same calls. Where a log has nothing to read now the others wait for it, until it counts as idle.
 * Synchronous: whoever brings the bytes turns it.
 */
export class LivePump<I extends LiveInput> {
  readonly #consumer: LiveConsumer<I>;
  readonly #clock: LiveClock;
  readonly #options: LivePumpOptions;
  readonly #open = new Set<LiveReading<I>>();
  readonly #arrivals = new Arrivals(stepMs);
  #reached: number;

  /** @param reached the watermark of an earlier run, which this one begins with */
  constructor(consumer: LiveConsumer<I>, clock: LiveClock, options: LivePumpOptions, reached?: Instant) {
    this.#consumer = consumer;
    this.#clock = clock;
    this.#options = options;
    this.#reached = reached ?? Number.NEGATIVE_INFINITY;
  }

  /** Minus infinity while nothing is known. */
  get watermark(): number {
    return this.#reached;
  }

  open(input: I): LiveReading<I> {
    const reading = new LiveReading(input, this.#clock.monotonic());
    this.#open.add(reading);
    return reading;
  }

  /** Hands on whatever can be handed on now. */
  turn(): void {
    const now = this.#clock.monotonic();
    let moves = true;
    while (moves) moves = this.#step(now);
    this.#forceDue(now);
  }

  /** Says that no bytes will come any more, and hands on all that did. */
  finish(): void {
    for (const reading of this.#open) reading.end();
    this.turn();
  }

  /** ms until there is something to do though no bytes come; infinity where only bytes help. */
  get patience(): number {
    const now = this.#clock.monotonic();
    let least = this.#arrivals.oldest + this.#options.maxWait - now;
    for (const reading of this.#open) least = Math.min(least, reading.nextDue(now) - now);
    return Math.max(0, least);
  }

  /** One round over all inputs; false where nothing came of it. */
  #step(now: number): boolean {
    const waitedFor = [...this.#open].filter((reading) => !reading.isIdle(now));
    const step = Math.floor(lowest(waitedFor) / stepMs) * stepMs;
    const rises = Number.isFinite(step) && step > this.#reached;
    if (rises) this.#advance(step, this.#isHeldByIdle(step, now) ? 'idle' : 'watermark');
    const limit = Number.isFinite(step) ? Math.max(step, this.#reached) + stepMs : -Number.MAX_VALUE;
    return this.#readTo(limit, now) || rises;
  }

  /**
   * Hands on rows up to the limit; false where there were none. What is to be read further than others is waited for by
   * them: its lines tell what to look for in theirs.
   */
  #readTo(limit: number, now: number): boolean {
    const wall = this.#clock.wall() + aheadOfWall;
    let handed = false;
    const consumer: Consumer<I> = {
      rows: (input, rows, from, to, bytes) => {
        handed = true;
        this.#consumer.rows(input, rows, from, to, bytes);
      },
      advance: () => {},
      ended: (input, reading, problem) => this.#consumer.ended(input, reading, problem),
    };
    let moved = false;
    let waitedFor = Number.NEGATIVE_INFINITY;
    for (const reading of [...this.#open].sort((a, b) => b.ahead - a.ahead)) {
      if (reading.ahead < waitedFor) break;
      const to = reading.whole ? Number.POSITIVE_INFINITY : limit + reading.ahead;
      handed = false;
      const before = reading.watermark;
      reading.readOn(to, consumer, wall, now);
      if (handed) this.#noteArrival(reading, wall, now);
      if (reading.ended) this.#open.delete(reading);
      else if (reading.watermark < to && !reading.isIdle(now)) waitedFor = reading.ahead;
      // Its first rows may have told where it begins, and wait for the others.
      moved ||= handed || reading.ended || reading.watermark > before;
    }
    return moved;
  }

  #noteArrival({ latest }: LiveReading<I>, wall: number, now: number): void {
    this.#arrivals.note(latest.seen <= wall ? latest.seen : latest.sure, now);
  }

  /** Whether a log that counts as idle has not come so far. */
  #isHeldByIdle(step: number, now: number): boolean {
    return [...this.#open].some((reading) => reading.watermark < step && reading.isIdle(now));
  }

  /** Rows that have waited for long enough get their verdicts out of what is there. */
  #forceDue(now: number): void {
    const { maxWait, settledAfter } = this.#options;
    const end = this.#arrivals.dueBy(now - maxWait);
    if (end === undefined) return;
    const target = end + settledAfter;
    this.#readTo(target, now);
    if (target > this.#reached) this.#advance(target, 'max_wait');
  }

  #advance(to: number, reason: AdvanceReason): void {
    this.#reached = to;
    this.#arrivals.forgetBefore(to - this.#options.settledAfter);
    this.#consumer.advance(instant(to), reason);
  }
}

/** The watermark of all of them together; infinity without any. */
function lowest(readings: readonly { readonly watermark: number }[]): number {
  return readings.reduce((least, { watermark }) => Math.min(least, watermark), Number.POSITIVE_INFINITY);
}

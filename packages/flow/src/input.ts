import type { Columns, Decoder, Instant, Millis, Problem } from '@why502/model';
import type { Scan } from './scan.ts';

/** A log to be read: its bytes, how its lines are read, and what is known of their times. */
export interface Input {
  readonly decoder: Decoder;
  /** Time of its first lines; `undefined` where unknown, so that it is read from the beginning. */
  readonly start: Instant | undefined;
  /** By how much a line may be earlier than one before it. */
  readonly disorder: Millis;
  /** It is read so much further than inputs without this, and before them: its lines tell what to look for in theirs. */
  readonly ahead?: Millis;
  /**
   * It is read to its end as soon as it is opened: it spans minutes, and lies beside thousands of its kind, which would
   * all be open at once if each waited for the others. Rows that come ahead of their time harm nothing; what waits is
   * the watermark. Default false.
   */
  readonly whole?: boolean;
  /** Added to local times, which makes them instants. May change while the input is read. */
  readonly shift: Millis;
  /** Where its rows come from, if they are not to be scanned out of `chunks` here. */
  readonly scan?: Scan;
  /** @throws Problem for what a user can mend; what came before it counts */
  chunks(): AsyncIterable<Uint8Array>;
}

/** Takes the rows of all inputs, in the order of log time save for each input's disorder. */
export interface Consumer<I extends Input> {
  /** `rows[from, to)` of one input, whose byte ranges lie in `bytes`; all of it is valid during the call only. */
  rows(input: I, rows: Columns, from: number, to: number, bytes: Buffer): void;
  /** No row earlier than this will come, save late ones. Rises from call to call. */
  advance(watermark: Instant): void;
  /** The input has been read to its end, or to where the problem is. */
  ended(input: I, reading: Reading, problem: Problem | undefined): void;
}

/** What the times of one input were. */
export interface Reading {
  readonly from: Instant | undefined;
  readonly to: Instant | undefined;
  /** Lines that came later than the disorder allows. */
  readonly late: number;
}

import type { Fault } from './port.ts';
import type { Problem } from './problem.ts';
import type { HopSource, LoggedField, SourceKind } from './record.ts';
import type { Instant, Millis, Probability } from './units.ts';

/** What was read and what came of it, at the end of a run. */
export interface Summary {
  readonly files: readonly FileSummary[];
  readonly lines: number;
  readonly faults: number;
  /** Requests counted; where several hops logged the same ones, those of the hop that saw most. */
  readonly requests: number;
  /** Verdicts with outcome `failed` or `truncated`. */
  readonly failures: number;
  readonly masked: number;
  readonly byCause: Readonly<Record<string, number>>;
  readonly byMechanism: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly incidents: number;
  /** Error-log lines about requests, and how many found their request. */
  readonly errorLines: number;
  readonly errorLinesJoined: number;
  /** Error lines that a client may have written, which are evidence of nothing. */
  readonly errorLinesSuspect: number;
  /** What requests that several hops logged tell of these logs; absent where one hop is all there is. */
  readonly hops?: readonly HopJoins[];
  /** First and last request by log time; absent without requests. */
  readonly from: Instant | undefined;
  readonly to: Instant | undefined;
  /** Offset of the logs' local time from UTC, minutes, for times that people compare with the lines. Default 0. */
  readonly zoneMin?: number;
  /** What kept the run from being complete; empty when all was read. */
  readonly problems: readonly Problem[];
}

/** Two hops, of which the outer one sends requests to the inner one, by the rows of both that were read in full. */
export interface HopJoins {
  readonly outer: HopSource;
  readonly inner: HopSource;
  /** Requests that the inner hop answered, by the outer one's log, and that were found in its own. */
  readonly joined: number;
  /** These over all that it answered; undefined where too few tell. */
  readonly coverage: Probability | undefined;
  /** By how much an inner clock is ahead of the outer one, negative where it is behind, at the most; undefined if not known. */
  readonly skew: { readonly file: string; readonly ahead: Millis } | undefined;
}

export interface FileSummary {
  readonly file: string;
  /** Name of the format, undefined where none was recognised and nothing was read. */
  readonly format: string | undefined;
  readonly source: SourceKind | undefined;
  readonly sureness: Probability | undefined;
  readonly lines: number;
  readonly faults: number;
  readonly faultSamples: readonly Fault[];
  /** Lines that had been read before, word for word, of a log that is delivered once or more; absent for none. */
  readonly repeated?: number;
  /** The format writes what clients send as it comes (`escape=none`), so that a client can write whole lines. */
  readonly unescaped: boolean;
  /** The log of the same traffic that was read instead of this one. */
  readonly readInstead: string | undefined;
  /** What its request lines can say; absent for logs without any. */
  readonly logged?: ReadonlySet<LoggedField>;
}

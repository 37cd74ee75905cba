import type { HopSource, Mechanism, Names, ProxyConfiguration, Result, Sighting } from '@why502/model';
import type { Resumption } from './memory.ts';
import type { Calibration } from './weigh/calibration.ts';

export interface ClassifierOptions {
  readonly mechanisms: readonly Mechanism[];
  readonly names: Names;
  readonly emit: (result: Result) => void;
  /** Hand out a verdict as well for failures of hops that another hop's verdict stands for, with `mergedInto`. Default false. */
  readonly absorbed?: boolean;
  /** Hand out traffic rows as their buckets close. Default false. */
  readonly traffic?: boolean;
  /** Offset of the error log's local time from UTC, used where no access line states one. Default 0. */
  readonly errorLogZoneMin?: number;
  /** No access log is given: every error line about a request is a failure of its own. Default false. */
  readonly errorLogAlone?: boolean;
  /** An error log is among the inputs, even if it has said nothing yet. Default: whether lines of one came. */
  readonly errorLog?: boolean;
  /**
   * Somebody picked the records, and lines of other programs with them. What a line shows by itself counts also where
   * its request is known; with `errorLogAlone`, every line is a failure, whether or not it names a connection.
   */
  readonly picked?: { readonly sightings: readonly Sighting[] };
  /** Versions of the proxy's configuration, oldest first. Default: none is known. */
  readonly configuration?: readonly ProxyConfiguration[];
  readonly calibration?: Calibration;
  /** Where an earlier run left off, whose last quarter of an hour is read again. Default: there was none. */
  readonly resume?: Resumption | undefined;
  /** Hand out incidents while they grow, as revisions. Default: once, when they can grow no more. */
  readonly growing?: boolean;
  /** The hops whose logs are given: of two or more, the same requests are looked for. Default: none, so that they are not. */
  readonly hops?: ReadonlySet<HopSource>;
}

export interface JoinCounts {
  readonly errorLines: number;
  readonly joined: number;
  /** Error lines that a client may have written: they are evidence of nothing. */
  readonly suspect: number;
  /** Rows that came later than the lateness bound. */
  readonly late: number;
  /** Failures that came so thick that they were judged by their own lines alone. */
  readonly hurried: number;
}

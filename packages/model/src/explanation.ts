import type { Sighting } from './evidence.ts';
import type { PageReading } from './page.ts';
import type { ErrorRecord, RequestRecord } from './record.ts';
import type { RedactedText } from './redaction.ts';
import type { Verdict } from './verdict.ts';

/** What became of lines that somebody pasted, or of a page that somebody saved. */
export interface Explanation {
  /** Undefined for lines. */
  readonly page: PageReading | undefined;
  /** In order of time, as far as it is known. */
  readonly failures: readonly ExplainedFailure[];
  /** The other lines, in the order of the paste. */
  readonly others: readonly OtherLine[];
  /** Lines behind the most that are read. */
  readonly unread: number;
}

/** A failure with what was read about it. */
export interface ExplainedFailure {
  readonly verdict: Verdict;
  /** Lines of the paste, counted from 1; none for a page. */
  readonly lines: readonly LineSpan[];
  /** Absent for lines of an error log alone. */
  readonly request: RequestRecord | undefined;
  /** Nothing but a status was given: the request is made up around it. */
  readonly statusOnly: boolean;
  /** Nothing but a line of another program was given. */
  readonly sighting: Sighting | undefined;
  readonly errors: readonly ErrorRecord[];
  /** A line says when it was written; else `verdict.time` is 0. */
  readonly dated: boolean;
  /** What the proxy was doing, where no line says it and the message mostly means this. */
  readonly assumedAction: string | undefined;
}

/** First and last line of the paste that are one line of a log. */
export interface LineSpan {
  readonly first: number;
  readonly last: number;
}

/**
 * `accompanies`: tells of no failure, beside lines that do. `did_not_fail`: a request that was answered. `sighting`:
 * another program's line, which counted as evidence.
 */
export interface OtherLine extends LineSpan {
  readonly kind: 'accompanies' | 'did_not_fail' | 'sighting' | 'not_understood';
  readonly text: RedactedText;
}

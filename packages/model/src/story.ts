import type { Problem } from './problem.ts';
import type { LogRecord, RequestIdentity, SourceKind } from './record.ts';
import type { Instant } from './units.ts';
import type { Verdict } from './verdict.ts';

/** What the given logs hold of one request that somebody asked for by an id. */
export interface Story {
  readonly asked: readonly RequestIdentity[];
  /** In order of time, the outermost hop first where times are equal. Empty where no hop saw it. */
  readonly rows: readonly StoryRow[];
  /** Rows that have the id beyond those that are told. */
  readonly untold: number;
  /** Of the requests among the rows that failed, in order of time. */
  readonly verdicts: readonly Verdict[];
  readonly logs: readonly SearchedLog[];
  /** What kept the logs from being searched whole. */
  readonly problems: readonly Problem[];
}

/** A row of the story. */
export interface StoryRow {
  readonly record: LogRecord;
  /** When it ended, or was written. */
  readonly at: Instant;
  /**
   * How it came to be here. `asked`: it holds the id. `shared`: it holds another id of a row that does. `joined`: the
   * verdict says that it is about the same request.
   */
  readonly by: 'asked' | 'shared' | 'joined';
}

/** A log that was looked through. */
export interface SearchedLog {
  readonly file: string;
  readonly format: string;
  readonly source: SourceKind;
  /** First and last time in it; undefined without any. */
  readonly from: Instant | undefined;
  readonly to: Instant | undefined;
  /** Whether its lines hold ids of the kind that was asked for, as far as its first lines tell: only then is it known that the request is not in it. */
  readonly holdsSuchIds: boolean;
  readonly found: number;
}

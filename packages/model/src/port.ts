import type { Columns, Names } from './columns.ts';
import type { Incident } from './incident.ts';
import type { LogRecord, RowRef, SourceKind } from './record.ts';
import type { AttemptCounts, TrafficRow } from './traffic.ts';
import type { Instant, Millis, Probability } from './units.ts';
import type { Verdict } from './verdict.ts';

/** Where bytes come from. Reading is asynchronous; everything behind it is not. */
export interface Source {
  /** As shown to users and written to `file`. */
  readonly name: string;
  /** The folder it was found in; absent where it was named itself. A folder may hold more than logs. */
  readonly folder?: string;
  /** The file, for whoever reads it in another thread; absent where it is none. */
  readonly path?: string;
  /** Bytes of it as they lie there, packed or not; absent where nobody can know, as of a stream. */
  readonly size?: number;
  /** It can be read once, and only its beginning again. */
  readonly once?: true;
  /**
   * Chunks in order. A chunk is valid until the next one is asked for.
   * @throws Problem for what a user can mend: absent, unreadable, damaged
   */
  chunks(): AsyncIterable<Uint8Array>;
}

/** A line that does not fit its format: counted and sampled, never thrown. */
export interface Fault {
  readonly row: RowRef;
  readonly reason: FaultReason;
  /** 0-based byte in the line at which reading stopped. */
  readonly column: number;
}

export type FaultReason = 'does_not_fit' | 'bad_time' | 'bad_status' | 'too_long' | 'nul_bytes' | 'not_json';

/** How well a format fits a sample, and what it is. */
export interface Recognition {
  readonly format: Format;
  readonly sureness: Probability;
}

/** A log format: knows its own lines and makes decoders for them. */
export interface Format {
  /** For messages: `nginx combined`, `nginx JSON`, `nginx error log`. */
  readonly name: string;
  readonly source: SourceKind;
  /** Whether it writes what clients send as it comes, line breaks included. Default false. */
  readonly unescaped?: boolean;
  decoder(file: string, names: Names): Decoder;
}

/** Both readings of one file in one format. Holds the line number and the unfinished state of the file, no bytes. */
export interface Decoder {
  /**
   * Adds rows behind those that the columns hold; set `count` to 0 to begin anew. Reads whole lines from `bytes[from, to)` until the columns are full or no whole line is left. With `last`, bytes
   * after the final line break are a line, too. Lines of error logs fill `at` and `flags`.
   * @returns the offset of the first byte not read
   */
  scan(bytes: Buffer, from: number, to: number, last: boolean, into: Columns): number;
  /** The full reading of one line of `scan`, by its byte range and line number. */
  read(bytes: Buffer, from: number, to: number, line: number): LogRecord | Fault;
  /** Lines that did not fit since the start, and the first few of them. */
  readonly faults: { readonly count: number; readonly samples: readonly Fault[] };
  /** Lines seen since the start, faults included. */
  readonly lines: number;
  /** Lines that are blank, tell how the others are laid out, or belong to the record of one before. Every other line is a row or a fault. */
  readonly setAside: number;
}

export type AdvanceReason = 'watermark' | 'idle' | 'max_wait' | 'end_of_input';

/** Records in, verdicts out. Synchronous and pure: never reads a clock, a file or the network. */
export interface Classifier {
  /** Counts every request row of `rows[from, to)` into the windows of `source`. */
  count(rows: Columns, from: number, to: number, source: SourceKind): void;
  /** Whether `seeks` may be true of some request. Mostly not, and to ask it would make an object of each row's time. */
  readonly seeking: boolean;
  /**
   * Whether a request that ended then may have failed though nothing in its own line shows it, so that its record is
   * to be given to `take` all the same: an error line tells of an answer that broke off in its body.
   */
  seeks(at: Instant): boolean;
  /** Takes a row of interest, one that is sought, or an error line. */
  take(record: LogRecord): void;
  /** Promises that no row older than the watermark will come, and lets what waited for that go. */
  advance(watermark: Instant, reason: AdvanceReason): void;
}

/** What a classifier hands out, in order. A verdict of the same id replaces the earlier one. */
export type Result =
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'incident'; readonly incident: Incident }
  | {
      readonly kind: 'traffic';
      /** Of one bucket of one hop, in order of their keys. */
      readonly rows: readonly TrafficRow[];
      /** Absent where nobody counted them. */
      readonly attempts?: AttemptCounts;
    };

/** Results to be delivered together, in the order they came. */
export interface Batch {
  /** The same results have the same token, so that a sink which has seen it may leave a repetition out. */
  readonly token: string;
  readonly results: readonly Result[];
}

/** What became of a batch: a rejected one would be refused again, whole, however often it is tried. */
export type Delivery =
  | { readonly kind: 'stored'; readonly refused?: Refused }
  | { readonly kind: 'retry'; readonly after: Millis; readonly cause: unknown }
  | { readonly kind: 'rejected'; readonly cause: unknown };

/** Results of a stored batch that the sink refuses for good, without saying which; 0 where it only warns. */
export interface Refused {
  readonly results: number;
  readonly cause: unknown;
}

/** Where results go. Retry, batching and counting are decorators of this port. */
export interface Sink {
  readonly name: string;
  /** Results that are worth a delivery. Absent: as many as a table takes well, a thousand. */
  readonly worthwhile?: number;
  deliver(batch: Batch): Promise<Delivery>;
  /** Delivers what is left and lets go of everything. */
  close(): Promise<void>;
}

/** Where results can be asked for again. */
export interface Store extends Sink {
  verdicts(from: Instant, to: Instant): AsyncIterable<Verdict>;
  incidents(from: Instant, to: Instant): AsyncIterable<Incident>;
}

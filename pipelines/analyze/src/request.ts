import type { Calibration } from '@why502/classifier';
import type { NginxConf } from '@why502/formats';
import type { Mechanism, Result, Sink, Source } from '@why502/model';
import type { FormatHint } from './format-choice.ts';

/** What is to be analysed, and where the results go. */
export interface AnalyzeRequest extends FormatHint {
  readonly nginxConf?: readonly NginxConf[];
  readonly sources: readonly Source[];
  /** Offset of the error logs' local time from UTC in minutes. Default: what the logs tell, see `zonesOf`. */
  readonly errorLogZoneMin?: number;
  /** Default: all that why502 knows. */
  readonly mechanisms?: readonly Mechanism[];
  /** How posteriors become confidences. Default: as fitted. */
  readonly calibration?: Calibration;
  readonly sinks?: readonly Sink[];
  /** Threads that work at once; verdicts do not depend on it. Default: 1, this one. */
  readonly jobs?: number;
  /** Called for every result, in order. */
  readonly on?: (result: Result) => void;
  /** Hand out traffic rows as well. Default false. */
  readonly traffic?: boolean;
  /** Called when some more has been read. */
  readonly progress?: (progress: Progress) => void;
}

/** How far a run has come. */
export interface Progress {
  /** Bytes read as they lie there, packed or not. */
  readonly read: number;
  /** Bytes that all sources hold so; undefined where one does not tell. */
  readonly total: number | undefined;
  /** Bytes of text that came out of them. */
  readonly unpacked: number;
  readonly failures: number;
}

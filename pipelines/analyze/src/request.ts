import type { Mechanism, Result, Sink, Source } from '@why502/model';

/** What is to be analysed, and where the results go. */
export interface AnalyzeRequest {
  readonly sources: readonly Source[];
  /** Text of an nginx.conf whose `log_format` directives are candidates for the access logs. */
  readonly nginxConf?: string;
  /** The `log_format` of the access logs, as directive or bare string. */
  readonly logFormat?: string;
  /** Offset of the error logs' local time from UTC in minutes. Default: that of the access logs, else 0. */
  readonly errorLogZoneMin?: number;
  /** Default: all that why502 knows. */
  readonly mechanisms?: readonly Mechanism[];
  readonly sinks?: readonly Sink[];
  /** Called for every result, in order. */
  readonly on?: (result: Result) => void;
  /** Hand out traffic rows as well. Default false. */
  readonly traffic?: boolean;
  /** Called with the number of bytes read since the last call, unpacked. */
  readonly progress?: (bytes: number) => void;
}

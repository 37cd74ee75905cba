import type { Cause } from './cause.ts';
import type { Written } from './configuration.ts';
import type { MechanismId } from './mechanism.ts';
import type { HopSource, LoggedField, SourceKind } from './record.ts';

/**
 * What a log must hold: a field of the log of requests, the error log, its lines of level `warn`, or the log of health
 * checks.
 */
export type Logged = LoggedField | 'error_log' | 'warnings' | 'health_log';

/** The hops whose logging can be changed. */
export type DiagnosedHop = Exclude<HopSource, 'other'>;

/** What the logs of one hop can tell, and what they would tell with more in them. */
export interface Diagnosis {
  readonly hop: DiagnosedHop;
  readonly logs: readonly DiagnosedLog[];
  /** Fields that no access log holds, and error logs that are not there. */
  readonly missing: readonly Logged[];
  readonly traffic: {
    readonly requests: number;
    readonly failures: number;
    /** Failures of which no mechanism could be named. */
    readonly unexplained: number;
  };
  /** What `gains` and `bits` are weighed by: the failures of these logs, or, without any, how common mechanisms are. */
  readonly basis: 'failures' | 'commonness';
  /** Which field to add first, second, …: each with what it buys beside those before it. */
  readonly gains: readonly FieldGain[];
  readonly reach: readonly Reach[];
  readonly findings: readonly SettingFinding[];
  readonly advice: readonly LoggingAdvice[];
}

export interface DiagnosedLog {
  readonly file: string;
  readonly format: string | undefined;
  readonly source: SourceKind | undefined;
  readonly lines: number;
  readonly faults: number;
  /** Of an access log; undefined for others. */
  readonly missing: readonly LoggedField[] | undefined;
}

export interface FieldGain {
  readonly field: Logged;
  /**
   * Information about the mechanism, in bits per failure: the mean rise of log2 of the probability that is given to the
   * true mechanism. Measured on the sample logs of the mechanisms, which are weighed by the basis.
   */
  readonly bits: number;
  /** Those that it helps most. */
  readonly helps: readonly MechanismId[];
}

/** How far a mechanism can be told. */
export interface Reach {
  readonly mechanism: MechanismId;
  readonly cause: Cause;
  readonly title: string;
  /** Share of its sample logs in which it is named, written as these logs are. */
  readonly now: number;
  /** The same with all that is advised. */
  readonly advised: number;
  /** What is missing and would make it rise; undefined where it cannot. */
  readonly needs: Logged | undefined;
  /** Failures of these logs that it was named for. */
  readonly named: number;
}

/** A setting of the configuration that hides something, or lets something false in. */
export interface SettingFinding {
  readonly kind:
    | 'causes_hidden'
    | 'warnings_hidden'
    | 'access_off'
    | 'access_conditional'
    | 'access_buffered'
    | 'escape_none'
    | 'format_poor';
  readonly written: Written | undefined;
}

/**
 * Where lines are to be written: the configuration of nginx, the fields of the delivery of a load balancer's logs, its
 * attributes, the fields of a Logpush job, the fields that it logs beside, or a rule of the edge for requests or answers.
 */
export type AdvicePlace =
  | 'nginx_conf'
  | 'delivery_fields'
  | 'balancer_attributes'
  | 'job_fields'
  | 'job_custom_fields'
  | 'request_header_rule'
  | 'response_header_rule';

/** Lines to write. */
export interface LoggingAdvice {
  readonly place: AdvicePlace;
  /** What they take the place of; undefined where that is not known. */
  readonly written: Written | undefined;
  /** The log whose format they are added to, where its configuration is not known; undefined for lines of their own. */
  readonly addedTo: string | undefined;
  readonly lines: string;
}

/** What a configuration says about logs. */
export interface ConfiguredLogging {
  readonly accessLogs: readonly ConfiguredAccessLog[];
  readonly errorLogs: readonly ConfiguredErrorLog[];
  readonly formats: readonly ConfiguredFormat[];
}

export interface ConfiguredAccessLog {
  /** `off` where nothing is logged. */
  readonly path: string;
  /** Logs of one scope are written for the same requests. */
  readonly scope: number;
  readonly format: string;
  /** Lines are held back until a buffer is full or a time is over. */
  readonly buffered: boolean;
  /** Only some requests are logged. */
  readonly conditional: boolean;
  readonly written: Written;
}

export interface ConfiguredErrorLog {
  readonly path: string;
  readonly level: string;
  readonly written: Written;
}

export interface ConfiguredFormat {
  readonly name: string;
  /** The directive as written, without the `;`. */
  readonly text: string;
  readonly escape: 'default' | 'json' | 'none';
  readonly variables: readonly string[];
  readonly written: Written;
}

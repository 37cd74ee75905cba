import type { Cause } from './cause.ts';
import type { MechanismId, Remedy } from './mechanism.ts';
import type { LoggedField, RowRef, TraceContext } from './record.ts';
import type { RedactedText } from './redaction.ts';
import type { Decibans, HttpStatus, Instant, Millis, Probability } from './units.ts';

/** Why one request failed. Frozen; a better answer is a new revision with the same `id` and `time`. */
export interface Verdict {
  readonly id: string;
  /** 0 for the first, then counting up. */
  readonly revision: number;
  /** No evidence will be added, save rows later than every bound. */
  readonly final: boolean;
  /** End of the request. */
  readonly time: Instant;
  /** The outermost row first. */
  readonly rows: readonly RowRef[];
  readonly requestId: string | undefined;
  /** The trace that a log names for the request. This and `ruleset` are absent in what was judged before there were such fields. */
  readonly trace?: TraceContext | undefined;
  readonly status: HttpStatus | undefined;
  readonly method: string | undefined;
  readonly host: string | undefined;
  readonly path: RedactedText | undefined;
  /** The service: upstream group, target group or host. */
  readonly upstream: string | undefined;
  readonly peer: string | undefined;
  readonly duration: Millis | undefined;
  readonly mergedInto: string | undefined;
  readonly outcome: Outcome;
  readonly generator: Generator;
  readonly hop: Hop;
  readonly decision: Decision;
  readonly cause: Cause;
  /** `undefined` when unexplained. */
  readonly mechanism: MechanismId | undefined;
  /** P(the cause counts as right), calibrated. */
  readonly confidence: Probability;
  readonly mechanismConfidence: Probability;
  readonly certainty: Certainty;
  /** The others, best first, above 1 %. */
  readonly candidates: readonly Candidate[];
  readonly evidence: readonly WeighedEvidence[];
  /** Id of the failure that this one is an effect of. */
  readonly primary: string | undefined;
  readonly remedy: readonly Remedy[];
  /** What, had it been logged, would have told the candidates apart. */
  readonly wouldSettle: readonly Wish[];
  readonly incident: string | undefined;
  /** A name for the mechanisms, weights and calibration that made it. */
  readonly ruleset?: string | undefined;
}

/** `masked`: a retry answered; `truncated`: the body broke off; `not_an_error`: printed, never counted. */
export type Outcome = 'failed' | 'masked' | 'truncated' | 'not_an_error';

/** The role of whoever made the final status, whatever product it was. */
export type Generator = 'proxy' | 'upstream' | 'edge' | 'function' | 'policy' | 'client';

/** Who made the final status. */
export type Hop = 'cloudflare' | 'alb' | 'nginx' | 'app' | 'lambda' | 'worker' | 'client' | 'other';

/**
 * `ambiguous` names its best cause with an honest confidence; `unexplained` names none, since the best posterior is
 * below 0.35 or nothing was seen.
 */
export type Decision = 'attributed' | 'ambiguous' | 'unexplained';

/** `direct`: a line proves it; `corroborated`: imprint and context agree; `contextual`: the neighbourhood only. */
export type Certainty = 'direct' | 'corroborated' | 'contextual' | 'guess';

export interface Candidate {
  readonly cause: Cause;
  readonly mechanism: MechanismId;
  readonly confidence: Probability;
}

export interface WeighedEvidence {
  readonly fact: string;
  /** For the mechanism of the verdict; 0 where it says nothing about it. */
  readonly weight: Decibans;
  readonly text: string;
  readonly row: RowRef | undefined;
}

/**
 * A field or log that was not there. `health_checks`: the load balancer's own log of its checks; `next_hop`: the log of
 * whoever stands behind this hop.
 */
export interface Wish {
  readonly field: LoggedField | 'error_log' | 'health_checks' | 'next_hop';
  readonly text: string;
}

import type { Cause } from './cause.ts';
import type { MechanismId, Remedy } from './mechanism.ts';
import type { RowRef } from './record.ts';
import type { RedactedText } from './redaction.ts';
import type { Instant, Probability } from './units.ts';
import type { Hop } from './verdict.ts';

/** Failures of one mechanism in one scope, close in time. */
export interface Incident {
  /** Hash of mechanism, scope and the id of the first verdict. */
  readonly id: string;
  readonly revision: number;
  readonly mechanism: MechanismId | undefined;
  readonly cause: Cause;
  readonly title: string;
  /** Service, `undefined` where the log names none. */
  readonly upstream: string | undefined;
  readonly started: Instant;
  readonly ended: Instant;
  readonly requests: number;
  /** Of these, effects of others: the proxy had put the peers aside. */
  readonly effects: number;
  readonly masked: number;
  readonly byStatus: Readonly<Record<string, number>>;
  /** Who made these statuses. */
  readonly hops: readonly Counted<Hop>[];
  /** Different client addresses, exact up to 1,000, then "at least". */
  readonly clients: number;
  /** The network of the client that sent at least half of the requests, and how many these are. */
  readonly mainClient: { readonly network: RedactedText; readonly requests: number } | undefined;
  /**
   * Requests of search-engine crawlers that met the failure, by the name that they claim: user agents can be forged. A
   * page that a crawler finds failing again and again loses its rank.
   */
  readonly crawlers: readonly Counted[];
  readonly peers: readonly Counted[];
  /** Methods and routes of the failures themselves, not of the effects, which follow the traffic. */
  readonly methods: readonly Counted[];
  readonly routes: readonly Counted<RedactedText>[];
  /** Mean over the verdicts. */
  readonly confidence: Probability;
  readonly evidence: readonly IncidentEvidence[];
  /** Peers and routes that answered all along, most requests first. */
  readonly notAffected: readonly Counted[];
  readonly firstVerdict: string;
  readonly remedy: readonly Remedy[];
  readonly success: string;
}

export interface Counted<T extends string = string> {
  readonly name: T;
  readonly requests: number;
}

export interface IncidentEvidence {
  readonly fact: string;
  readonly text: string;
  /** Verdicts that rest on it. */
  readonly requests: number;
  /** Where it was seen first; of what was seen around a request, the line of that request. */
  readonly row: RowRef | undefined;
}

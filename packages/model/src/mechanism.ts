import type { Cause } from './cause.ts';
import type { Evidence, Fact, FactKind, FactOf } from './evidence.ts';
import type { LoggedField, Symptom } from './record.ts';
import { type Decibans, decibans } from './units.ts';

/** A mechanism's stable id in snake case; never reused. */
export type MechanismId = string;

/** One piece of what a mechanism knows: how much a fact speaks for or against it. */
export interface Weight {
  readonly kind: FactKind;
  readonly db: Decibans;
  /** True where the fact alone proves the mechanism. */
  readonly proves: boolean;
  readonly why: string;
  applies(fact: Fact): boolean;
}

/** A way in which requests fail. A value: the classifier weighs any list of them and knows none. */
export interface Mechanism {
  readonly id: MechanismId;
  readonly cause: Cause;
  /** What happens, as a sentence without a full stop. */
  readonly title: string;
  /** Two to five sentences: what goes on inside, for someone who meets it for the first time. */
  readonly summary: string;
  /** Only stable mechanisms count in the headline of the accuracy report. */
  readonly status: 'trial' | 'stable' | 'retired';
  /** Odds before any evidence against "something not in the list", in decibans. */
  readonly prior: Decibans;
  readonly weigh: readonly Weight[];
  /** What the logs must hold to tell it from its look-alikes. */
  readonly needs: readonly (LoggedField | 'error_log')[];
  readonly remedy: readonly Remedy[];
  /** How the user will see that the remedy worked. */
  readonly success: string;
  readonly mistakenFor: readonly { readonly id: MechanismId; readonly tell: string }[];
  readonly references: readonly { readonly title: string; readonly url: string }[];
  /** Small logs with the answer. Made when asked for: only tests and the doctor look at them. */
  readonly cases: () => readonly MechanismCase[];
}

export interface Remedy {
  /** Where to change something: `nginx`, `upstream`, `DNS`, `application`, … */
  readonly where: string;
  readonly change: string;
  /** A line of configuration or a command. */
  readonly example?: string;
}

/** Small logs with the answer, of one hop or several, run through the whole classifier by the tests. */
export interface MechanismCase {
  readonly name: string;
  /** Access lines of nginx: combined with a `key=value` tail. */
  readonly access?: string;
  /** Lines of nginx's error log. */
  readonly error?: string;
  /** Lines of ALB's access log, and of its log of health checks. */
  readonly alb?: string;
  readonly albHealth?: string;
  /** Lines of Logpush's `http_requests`, one JSON object each. */
  readonly cloudflare?: string;
  /** Versions of nginx.conf, oldest first. */
  readonly configurations?: readonly string[];
  /** The mechanism that each failure must be given, or must not. */
  readonly expect: { readonly is: MechanismId | 'unknown' } | { readonly isNot: MechanismId };
}

/** A fact that speaks for the mechanism by `db` decibans. */
export function supports<K extends FactKind>(
  kind: K,
  db: number,
  when: (fact: FactOf<K>) => boolean,
  why: string,
): Weight {
  return weight(kind, Math.abs(db), when, why, false);
}

/** A fact that speaks against the mechanism by `db` decibans. */
export function refutes<K extends FactKind>(
  kind: K,
  db: number,
  when: (fact: FactOf<K>) => boolean,
  why: string,
): Weight {
  return weight(kind, -Math.abs(db), when, why, false);
}

/** A fact that settles it. */
export function proves<K extends FactKind>(kind: K, when: (fact: FactOf<K>) => boolean, why: string): Weight {
  return weight(kind, 40, when, why, true);
}

/** For weights of facts that hold the proxy's words, `symptom` above all: whether they are one of these. */
export function says(...words: readonly Symptom[]): (fact: { readonly symptom: Symptom }) => boolean {
  return (fact) => words.includes(fact.symptom);
}

export function always(): boolean {
  return true;
}

function weight<K extends FactKind>(
  kind: K,
  db: number,
  when: (fact: FactOf<K>) => boolean,
  why: string,
  proving: boolean,
): Weight {
  const isKind = (fact: Fact): fact is FactOf<K> => fact.kind === kind;
  return { kind, db: decibans(db), proves: proving, why, applies: (fact) => isKind(fact) && when(fact) };
}

/** A mechanism's weight that applied, and to what. */
export interface Weighed {
  readonly evidence: Evidence;
  readonly weight: Weight;
}

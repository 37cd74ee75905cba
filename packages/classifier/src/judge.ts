import {
  type Candidate,
  type Certainty,
  decibans,
  type Evidence,
  hopOf,
  type LoggedField,
  type Mechanism,
  probability,
  type RequestRecord,
  type Verdict,
  type Weighed,
  type WeighedEvidence,
} from '@why502/model';
import type { Failure } from './failure.ts';
import { type Identity, identityOf } from './identity.ts';
import { type Maker, makerOf } from './maker.ts';
import { shownName } from './shown-name.ts';
import { type ConfidenceMaps, calibrated } from './weigh/calibration.ts';
import { evidenceLevel } from './weigh/evidence-level.ts';
import { weighedUnder } from './weigh/posterior.ts';
import type { Rules } from './weigh/ruleset.ts';
import type { CauseStanding, Standings } from './weigh/standings.ts';
import { type Known, wishes } from './weigh/wishes.ts';

/** Below this the best cause is not named. */
const leastPosterior = 0.35;

/** From here on a verdict asks for no more fields. */
const sureFrom = 0.9;

/** Two causes closer than this are a tie. */
const tie = 0.15;

const nothingLogged: ReadonlySet<LoggedField> = new Set();

export interface Judgement {
  readonly failure: Failure;
  readonly evidence: readonly Evidence[];
  readonly standings: Standings;
  /** Id of the failure that this one repeats. */
  readonly primary: string | undefined;
  readonly final: boolean;
  readonly revision: number;
  /** How the request looked from outside, and who made its status, where several hops may tell. */
  readonly seen?: Seen;
}

export interface Seen {
  /** The outermost of its rows. */
  readonly request: RequestRecord;
  readonly identity: Identity;
  readonly maker: Maker;
}

/** A verdict until it is handed out: what it belongs to is found out by what it says. */
export type Draft = { -readonly [Field in 'incident' | 'mergedInto']: Verdict[Field] } & Omit<
  Verdict,
  'incident' | 'mergedInto'
>;

/** Puts a verdict together from what was seen and how it weighs. */
export function judge(
  judgement: Judgement,
  { calibration, ruleset }: Rules,
): { verdict: Draft; mechanism: Mechanism | undefined } {
  const { failure, evidence, standings, primary, seen } = judgement;
  const { request } = failure;
  const { best, second } = standings.causes;
  const nothingSeen = evidence.length === 0;
  const named = best !== undefined && !nothingSeen && best.posterior >= leastPosterior ? best : undefined;
  const standing = named === undefined ? undefined : standings.bestOf(named.cause);
  const mechanism = standing?.mechanism;
  // What a failure inherits was found without its own evidence.
  const weighed = mechanism === undefined || primary !== undefined ? [] : weighedUnder(mechanism, evidence);
  // A log that has nothing to say about a request is no log that is missing.
  const errorLine = failure.errors.length > 0 || evidence.some(({ fact }) => fact.kind === 'no_words');
  const { attempt } = failure;
  const level = evidenceLevel(evidence, request);
  const maps = calibration(level);
  const confidence = named === undefined ? probability(0) : calibrated(named.posterior, maps.cause, level);
  // Two maps, each fitted by itself: a mechanism is no surer than its cause.
  const mechanismConfidence =
    standing === undefined
      ? probability(0)
      : probability(Math.min(confidence, calibrated(standing.posterior, maps.mechanism, level)));
  const identity = seen?.identity ?? identityOf(failure);
  const { hop, generator } = seen?.maker ?? makerOf(failure);
  // Field by field: an object of so many fields that is made by spreading others is slow, and ten times as large.
  const verdict: Draft = {
    id: identity.id,
    time: identity.time,
    rows: identity.rows,
    requestId: identity.requestId,
    trace: identity.trace,
    status: identity.status,
    method: identity.method,
    host: identity.host,
    path: identity.path,
    duration: identity.duration,
    outcome: identity.outcome,
    hop,
    generator,
    revision: judgement.revision,
    final: judgement.final,
    upstream: shownName(
      request?.service ?? request?.host ?? failure.errors[0]?.host ?? failure.errors[0]?.server,
    ),
    peer: shownName(attempt?.peer ?? failure.errors.findLast((line) => line.peer !== undefined)?.peer),
    mergedInto: undefined,
    decision: named === undefined ? 'unexplained' : isTie(named, second) ? 'ambiguous' : 'attributed',
    cause: named?.cause ?? 'unknown',
    mechanism: mechanism?.id,
    confidence,
    mechanismConfidence,
    certainty: primary === undefined ? certainty(weighed) : mechanism === undefined ? 'guess' : 'contextual',
    candidates: candidates(standings, mechanism, maps, 1 - mechanismConfidence),
    evidence: weighedEvidence(evidence, weighed),
    primary,
    remedy: mechanism?.remedy ?? [],
    wouldSettle: wishesFor(standings, mechanism, {
      hop: hopOf(failure.source),
      logged: request?.logged ?? nothingLogged,
      errorLine,
      evidence,
      sure: (named?.posterior ?? 0) >= sureFrom,
    }),
    incident: undefined,
    ruleset,
  };
  return { verdict, mechanism };
}

function isTie(best: CauseStanding, second: CauseStanding | undefined): boolean {
  return best.posterior < 0.5 || (second !== undefined && best.posterior - second.posterior < tie);
}

function certainty(weighed: readonly Weighed[]): Certainty {
  const speaking = weighed.filter(({ weight }) => weight.db > 0);
  if (speaking.some(({ weight }) => weight.proves)) return 'direct';
  const own = speaking.some(({ evidence }) => evidence.group === 'attempt' || evidence.group === 'retry');
  if (own) return speaking.length > 1 ? 'corroborated' : 'contextual';
  return speaking.length > 0 ? 'contextual' : 'guess';
}

/** @param left what the chosen mechanism leaves of 1: each is calibrated by itself, so together they may claim more */
function candidates(
  standings: Standings,
  chosen: Mechanism | undefined,
  maps: ConfidenceMaps,
  left: number,
): readonly Candidate[] {
  const others = standings
    .best(5, chosen)
    .filter(({ posterior }) => posterior >= 0.01)
    .map(({ mechanism, posterior }) => ({ mechanism, claimed: calibrated(posterior, maps.mechanism) }));
  const claimed = others.reduce((sum, one) => sum + one.claimed, 0);
  const share = Math.min(1, left / claimed);
  return others.map((one) => ({
    cause: one.mechanism.cause,
    mechanism: one.mechanism.id,
    confidence: probability(one.claimed * share),
  }));
}

/** The strongest first. */
function weighedEvidence(
  evidence: readonly Evidence[],
  weighed: readonly Weighed[],
): readonly WeighedEvidence[] {
  return evidence
    .map((item) => ({
      fact: item.name,
      weight: weighed.find((one) => one.evidence === item)?.weight.db ?? decibans(0),
      text: item.text,
      row: item.rows[0],
    }))
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
}

function wishesFor(standings: Standings, chosen: Mechanism | undefined, known: Known) {
  const others = standings.best(chosen === undefined ? 3 : 2, chosen).map(({ mechanism }) => mechanism);
  return wishes(chosen === undefined ? others : [chosen, ...others], known);
}

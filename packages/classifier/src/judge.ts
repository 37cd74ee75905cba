import {
  type Candidate,
  type Cause,
  type Certainty,
  decibans,
  type Evidence,
  type LoggedField,
  type Mechanism,
  probability,
  redactId,
  redactName,
  redactTarget,
  redactText,
  type Verdict,
  type WeighedEvidence,
} from '@why502/model';
import { type Failure, leaves, outcomeOf } from './failure.ts';
import { type Calibration, calibrated } from './weigh/calibration.ts';
import type { Standing } from './weigh/posterior.ts';
import { wishes } from './weigh/wishes.ts';

/** Below this the best cause is not named. */
const leastPosterior = 0.35;

/** Two causes closer than this are a tie. */
const tie = 0.15;

const nothingLogged: ReadonlySet<LoggedField> = new Set();

export interface Judgement {
  readonly failure: Failure;
  readonly evidence: readonly Evidence[];
  readonly standings: readonly Standing[];
  /** Id of the failure that this one repeats. */
  readonly primary: string | undefined;
  readonly final: boolean;
  readonly revision: number;
}

/** Puts a verdict together from what was seen and how it weighs. */
export function judge(
  judgement: Judgement,
  calibration: Calibration,
): { verdict: Verdict; mechanism: Mechanism | undefined } {
  const { failure, evidence, standings, primary } = judgement;
  const { request } = failure;
  const causes = byCause(standings);
  const [best, second] = causes;
  const nothingSeen = evidence.length === 0;
  const named = best !== undefined && !nothingSeen && best.posterior >= leastPosterior ? best : undefined;
  const standing =
    named === undefined ? undefined : standings.find((one) => one.mechanism.cause === named.cause)!;
  const errorLine = failure.errors.length > 0;
  const { attempt } = failure;
  const rows = [...(request === undefined ? [] : [request.row]), ...failure.errors.map((line) => line.row)];
  const verdict: Verdict = {
    id: failure.id,
    revision: judgement.revision,
    final: judgement.final,
    time: failure.time,
    rows,
    requestId: request?.requestId === undefined ? undefined : redactId(request.requestId),
    status: request?.status,
    method: request?.method === undefined ? undefined : redactText(request.method),
    host: shownName(request?.host ?? failure.errors[0]?.host ?? failure.errors[0]?.server),
    path: request?.target === undefined ? pathOf(failure) : redactTarget(request.target),
    upstream: shownName(
      request?.service ?? request?.host ?? failure.errors[0]?.host ?? failure.errors[0]?.server,
    ),
    peer: shownName(attempt?.peer ?? failure.errors.findLast((line) => line.peer !== undefined)?.peer),
    duration: request?.duration,
    mergedInto: undefined,
    outcome: outcomeOf(failure),
    ...maker(failure),
    decision: named === undefined ? 'unexplained' : isTie(named, second) ? 'ambiguous' : 'attributed',
    cause: named?.cause ?? 'unknown',
    mechanism: standing?.mechanism.id,
    confidence: named === undefined ? probability(0) : calibrated(named.posterior, calibration.cause),
    mechanismConfidence:
      standing === undefined ? probability(0) : calibrated(standing.posterior, calibration.mechanism),
    certainty: standing === undefined ? 'guess' : certainty(standing, primary),
    candidates: candidates(standings, standing, calibration),
    evidence: weighedEvidence(evidence, standing),
    primary,
    remedy: standing?.mechanism.remedy ?? [],
    wouldSettle: wishesFor(
      standings,
      standing,
      request?.logged ?? nothingLogged,
      errorLine,
      named?.posterior ?? 0,
    ),
    incident: undefined,
  };
  return { verdict, mechanism: standing?.mechanism };
}

interface CauseStanding {
  readonly cause: Cause;
  readonly posterior: number;
}

function byCause(standings: readonly Standing[]): CauseStanding[] {
  const sums = new Map<Cause, number>();
  for (const { mechanism, posterior } of standings) {
    sums.set(mechanism.cause, (sums.get(mechanism.cause) ?? 0) + posterior);
  }
  return [...sums]
    .map(([cause, posterior]) => ({ cause, posterior }))
    .sort((a, b) => b.posterior - a.posterior || (a.cause < b.cause ? -1 : 1));
}

function isTie(best: CauseStanding, second: CauseStanding | undefined): boolean {
  return best.posterior < 0.5 || (second !== undefined && best.posterior - second.posterior < tie);
}

function certainty(standing: Standing, primary: string | undefined): Certainty {
  if (primary !== undefined) return 'contextual';
  const speaking = standing.weighed.filter(({ weight }) => weight.db > 0);
  if (speaking.some(({ weight }) => weight.proves)) return 'direct';
  const own = speaking.some(({ evidence }) => evidence.group === 'attempt' || evidence.group === 'retry');
  if (own) return speaking.length > 1 ? 'corroborated' : 'contextual';
  return speaking.length > 0 ? 'contextual' : 'guess';
}

function candidates(
  standings: readonly Standing[],
  chosen: Standing | undefined,
  calibration: Calibration,
): readonly Candidate[] {
  return standings
    .filter((one) => one !== chosen && one.posterior >= 0.01)
    .slice(0, 5)
    .map(({ mechanism, posterior }) => ({
      cause: mechanism.cause,
      mechanism: mechanism.id,
      confidence: calibrated(posterior, calibration.mechanism),
    }));
}

function weighedEvidence(
  evidence: readonly Evidence[],
  standing: Standing | undefined,
): readonly WeighedEvidence[] {
  const weights = new Map(standing?.weighed.map(({ evidence: item, weight }) => [item, weight.db]) ?? []);
  return evidence
    .map((item) => ({
      fact: item.name,
      weight: weights.get(item) ?? decibans(0),
      text: item.text,
      row: item.rows[0],
    }))
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
}

/** A sure verdict asks for nothing. */
function wishesFor(
  standings: readonly Standing[],
  chosen: Standing | undefined,
  logged: ReadonlySet<LoggedField>,
  errorLine: boolean,
  posterior: number,
) {
  if (posterior >= 0.9) return [];
  const asked =
    chosen === undefined
      ? standings.slice(0, 3)
      : [chosen, ...standings.filter((one) => one !== chosen).slice(0, 2)];
  return wishes(
    asked.map((one) => one.mechanism),
    logged,
    errorLine,
  );
}

/** Who made the final status: the peer if it was relayed, the client if it left, else the proxy itself. */
function maker(failure: Failure): Pick<Verdict, 'hop' | 'generator'> {
  const { request } = failure;
  if (leaves(request)) return { hop: 'client', generator: 'client' };
  if (failure.imprint?.kind === 'relayed' || outcomeOf(failure) === 'truncated')
    return { hop: 'app', generator: 'upstream' };
  const limited = failure.errors.some(
    (line) => line.symptom === 'requests_limited' || line.symptom === 'connections_limited',
  );
  return { hop: 'nginx', generator: limited ? 'policy' : 'proxy' };
}

function pathOf(failure: Failure) {
  const target = failure.errors[0]?.requestLine?.split(' ')[1];
  return target === undefined ? undefined : redactTarget(target);
}

function shownName(value: string | undefined) {
  return value === undefined || value === '' ? undefined : redactName(value);
}

import type { Answer } from '../corpus.ts';
import type { Match } from './matching.ts';

/** A verdict held against its label. A request without a verdict is judged as one that says `unknown`. */
export interface Judged {
  readonly label: Answer;
  readonly cause: string;
  readonly confidence: number;
  /** A cause is named: the verdict is there and does not say `unknown`. */
  readonly named: boolean;
  /** The label itself. */
  readonly strict: boolean;
  /** The label, or another cause that a fair judge accepts. */
  readonly fair: boolean;
  readonly mechanismConfidence: number;
  readonly mechanismStrict: boolean;
  readonly mechanismFair: boolean;
  /** The hop that is said to have made the status did; undefined where the label does not tell. */
  readonly hop: boolean | undefined;
  /** It is said to be a failure, a masked one, or none, as it was; undefined where the label does not tell. */
  readonly outcome: boolean | undefined;
  /** 1 where requests weigh the same; 1 over the scenario's failures where scenarios do. */
  readonly weight: number;
}

/** Shares between 0 and 1; undefined where there is nothing to take a share of. */
export interface Score extends Honesty {
  readonly failures: number;
  readonly strict: number | undefined;
  readonly fair: number | undefined;
  readonly mechanismStrict: number | undefined;
  readonly mechanismFair: number | undefined;
  readonly hop: number | undefined;
  readonly outcome: number | undefined;
  readonly unknown: number | undefined;
  /** Fair ones of those that name a cause. */
  readonly precision: number | undefined;
}

/** How far confidence can be trusted. */
export interface Honesty {
  /** Named verdicts at confidence 0.9 or above, of all failures. */
  readonly sure: number | undefined;
  /** Wrong ones of those sure ones, by the fair judge. A verdict that says `unknown` is never sure. */
  readonly wrongOfSure: number | undefined;
  /** Expected calibration error of named verdicts against the fair judge, in 15 bins of equal width. */
  readonly calibrationError: number | undefined;
}

/** What a judged verdict claims and whether it holds. */
export type Claimed = Pick<Judged, 'named' | 'confidence' | 'fair' | 'weight'>;

export interface CauseScore {
  readonly cause: string;
  /** Failures whose right answer is this cause. */
  readonly support: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

const sureFrom = 0.9;
const calibrationBins = 15;

export function judge({ truth, verdict }: Match, weight = 1): Judged {
  const right: readonly Answer[] = [truth, ...truth.accept];
  const cause = verdict?.cause ?? 'unknown';
  const mechanism = verdict === undefined ? undefined : (verdict.mechanism ?? 'unknown');
  return {
    label: { cause: truth.cause, mechanism: truth.mechanism },
    cause,
    confidence: verdict?.confidence ?? 0,
    named: cause !== 'unknown',
    strict: cause === truth.cause,
    // Where the label is open to `unknown`, that has to be said.
    fair: verdict !== undefined && right.some((answer) => answer.cause === cause),
    mechanismConfidence: verdict?.mechanism_confidence ?? 0,
    mechanismStrict: mechanism === truth.mechanism,
    mechanismFair: right.some((answer) => answer.mechanism === mechanism),
    hop: agrees(verdict?.hop, truth.hop),
    outcome: agrees(verdict?.outcome, truth.outcome),
    weight,
  };
}

function agrees(said: string | undefined, label: string | undefined): boolean | undefined {
  return label === undefined ? undefined : said === label;
}

/** The judged requests of one scenario, which together weigh as much as any other scenario. */
export function judgeScenario(matches: readonly Match[]): readonly Judged[] {
  return matches.map((one) => judge(one, 1 / matches.length));
}

export function score(judged: readonly Judged[]): Score {
  return {
    failures: judged.length,
    strict: share(judged, (one) => one.strict),
    fair: share(judged, (one) => one.fair),
    mechanismStrict: share(judged, (one) => one.mechanismStrict),
    mechanismFair: share(judged, (one) => one.mechanismFair),
    hop: shareOfTold(judged, (one) => one.hop),
    outcome: shareOfTold(judged, (one) => one.outcome),
    unknown: share(judged, (one) => !one.named),
    precision: share(
      judged.filter((one) => one.named),
      (one) => one.fair,
    ),
    ...honesty(judged),
  };
}

export function honesty(claimed: readonly Claimed[]): Honesty {
  return {
    sure: share(claimed, isSure),
    wrongOfSure: share(claimed.filter(isSure), (one) => !one.fair),
    calibrationError: calibrationError(claimed.filter((one) => one.named)),
  };
}

/**
 * Precision, recall and F1 of each cause that is right or named somewhere, by the fair judge: where an accepted cause
 * is named, that one is the right answer. `unknown` is no cause and only costs recall.
 */
export function scoreCauses(judged: readonly Judged[]): readonly CauseScore[] {
  const answers = judged.map((one) => ({ ...one, right: one.fair ? one.cause : one.label.cause }));
  const present = new Set(answers.flatMap(({ right, cause, named }) => (named ? [right, cause] : [right])));
  present.delete('unknown');
  return [...present].sort().map((cause) => {
    const hits = total(answers.filter((one) => one.right === cause && one.cause === cause));
    const given = total(answers.filter((one) => one.cause === cause));
    const due = answers.filter((one) => one.right === cause);
    const precision = given === 0 ? 0 : hits / given;
    const recall = due.length === 0 ? 0 : hits / total(due);
    const f1 = hits === 0 ? 0 : (2 * precision * recall) / (precision + recall);
    return { cause, support: due.length, precision, recall, f1 };
  });
}

/** Mean F1, each cause weighing the same; undefined without causes. */
export function macroF1(causes: readonly CauseScore[]): number | undefined {
  return causes.length === 0 ? undefined : causes.reduce((sum, { f1 }) => sum + f1, 0) / causes.length;
}

/** Mean distance between confidence and share of right answers over the bins, each as heavy as what falls into it. */
function calibrationError(named: readonly Claimed[]): number | undefined {
  if (named.length === 0) return undefined;
  const gaps = new Float64Array(calibrationBins);
  for (const { confidence, fair, weight } of named) {
    const bin = Math.min(Math.floor(confidence * calibrationBins), calibrationBins - 1);
    gaps[bin]! += (confidence - (fair ? 1 : 0)) * weight;
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / total(named);
}

function isSure({ named, confidence }: Claimed): boolean {
  return named && confidence >= sureFrom;
}

function share<T extends Claimed>(of: readonly T[], counts: (one: T) => boolean): number | undefined {
  return of.length === 0 ? undefined : total(of.filter(counts)) / total(of);
}

function shareOfTold(
  of: readonly Judged[],
  counts: (one: Judged) => boolean | undefined,
): number | undefined {
  return share(
    of.filter((one) => counts(one) !== undefined),
    (one) => counts(one) === true,
  );
}

function total(of: readonly Claimed[]): number {
  return of.reduce((sum, { weight }) => sum + weight, 0);
}

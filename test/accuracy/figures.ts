import { mechanisms } from '@why502/mechanisms';
import type { Scenario } from '../corpus.ts';
import type { Replay } from './replay.ts';
import { type CauseScore, judge, judgeScenario, macroF1, type Score, score, scoreCauses } from './scorer.ts';

/** The figures of one condition over all scenarios. */
export interface Figures {
  readonly byRequest: Score;
  /** Each scenario weighs the same; those without failures have no part in it. */
  readonly byScenario: Score;
  /** `byScenario` over the covered scenarios only. */
  readonly covered: Score;
  readonly coveredScenarios: number;
  readonly causes: readonly CauseScore[];
  readonly macroF1: number | undefined;
  /** Labelled failures that were given no verdict. */
  readonly missing: number;
  readonly surplus: number;
  /** Incidents that were opened where nothing failed. */
  readonly incidentsOnHealthy: number;
}

export function figures(replays: readonly Replay[]): Figures {
  const matches = replays.flatMap(({ matching }) => matching.matches);
  const byScenario = judgeEach(replays);
  const causes = scoreCauses(byScenario);
  const covered = replays.filter(({ scenario }) => isCovered(scenario));
  return {
    byRequest: score(matches.map((one) => judge(one))),
    byScenario: score(byScenario),
    covered: score(judgeEach(covered)),
    coveredScenarios: covered.length,
    causes,
    macroF1: macroF1(causes),
    missing: matches.filter(({ verdict }) => verdict === undefined).length,
    surplus: replays.reduce((sum, { matching }) => sum + matching.surplus.length, 0),
    incidentsOnHealthy: replays
      .filter(({ scenario }) => scenario.truth.length === 0)
      .reduce((sum, { incidents }) => sum + incidents, 0),
  };
}

const stable = new Set(mechanisms.filter(({ status }) => status === 'stable').map(({ id }) => id));

/** For at least half of its failures a stable mechanism is the label or an accepted one. */
export function isCovered({ truth }: Scenario): boolean {
  const within = truth.filter((one) => [one, ...one.accept].some(({ mechanism }) => stable.has(mechanism)));
  return truth.length > 0 && within.length * 2 >= truth.length;
}

function judgeEach(replays: readonly Replay[]) {
  return replays.flatMap(({ matching }) => judgeScenario(matching.matches));
}

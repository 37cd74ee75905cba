import { calibratedMatch, type LeftOut } from './left-out.ts';
import type { Match } from './matching.ts';
import type { Replay } from './replay.ts';
import {
  type CauseScore,
  type Judged,
  judge,
  judgeScenario,
  macroF1,
  type Score,
  score,
  scoreCauses,
} from './scorer.ts';

/** The figures of one condition. */
export interface Figures {
  readonly byRequest: Score;
  /** Each scenario weighs the same; those without failures have no part in it. */
  readonly byScenario: Score;
  readonly scenarios: number;
  readonly causes: readonly CauseScore[];
  readonly macroF1: number | undefined;
  /** Labelled failures that were given no verdict. */
  readonly missing: number;
  readonly surplus: number;
  /** Incidents that were opened where nothing was done to the system. */
  readonly incidentsOnHealthy: number;
}

/** @param calibrations those that make the confidences of each scenario */
export function figures(replays: readonly Replay[], calibrations: LeftOut): Figures {
  const byScenario = replays.flatMap((replay) => judgedBy(replay, calibrations));
  const matches = replays.flatMap((replay) => matchesBy(replay, calibrations));
  const causes = scoreCauses(byScenario);
  return {
    byRequest: score(matches.map((one) => judge(one))),
    byScenario: score(byScenario),
    scenarios: replays.filter(({ matching }) => matching.matches.length > 0).length,
    causes,
    macroF1: macroF1(causes),
    missing: matches.filter(({ verdict }) => verdict === undefined).length,
    surplus: replays.reduce((sum, { matching }) => sum + matching.surplus.length, 0),
    incidentsOnHealthy: replays
      .filter(({ scenario }) => scenario.healthy)
      .reduce((sum, { incidents }) => sum + incidents, 0),
  };
}

/** The failures of a scenario, which together weigh 1. */
export function judgedBy(replay: Replay, calibrations: LeftOut): readonly Judged[] {
  return judgeScenario(matchesBy(replay, calibrations));
}

function matchesBy({ scenario, matching }: Replay, calibrations: LeftOut): readonly Match[] {
  const calibration = calibrations(scenario.name);
  return matching.matches.map((one) => calibratedMatch(one, calibration));
}

import { hash } from 'node:crypto';
import type { Mechanism } from '@why502/model';
import { type Calibration, calibration as fitted } from './calibration.ts';
import { evidenceLevels } from './evidence-level.ts';

/** What turns weights into a verdict, and the name of all the rules that it follows. */
export interface Rules {
  readonly calibration: Calibration;
  readonly ruleset: string;
}

/** Default: calibration as it was fitted. */
export function rulesOf(options: {
  readonly mechanisms: readonly Mechanism[];
  readonly calibration?: Calibration;
}): Rules {
  const { mechanisms, calibration = fitted } = options;
  return { calibration, ruleset: rulesetOf(mechanisms, calibration) };
}

/**
 * A name for what verdicts are made by: the mechanisms with their priors and weights, in their order, which decides a tie, and the
 * maps of calibration. The same rules have the same name on every machine. Of when a weight applies its reason speaks, as code is
 * spelt otherwise by each compiler; titles, remedies and cases decide nothing and are left out.
 */
function rulesetOf(mechanisms: readonly Mechanism[], calibration: Calibration): string {
  const rules = [
    mechanisms.map(({ id, cause, prior, weigh }) => [
      id,
      cause,
      prior,
      weigh.map(({ kind, db, proves, why }) => [kind, db, proves, why]),
    ]),
    evidenceLevels.map((level) => {
      const { cause, mechanism } = calibration(level);
      return [cause, mechanism].map(({ offset, slope, cap }) => [offset, slope, cap]);
    }),
  ];
  return hash('sha256', JSON.stringify(rules), 'hex').slice(0, 12);
}

// `npm run calibrate` fits the calibration map and prints what packages/classifier/src/weigh/calibration.ts should hold.
import { scenarios } from '../corpus.ts';
import { bestCap, type Claim, fit, leaveOneOut, logLoss } from './fit.ts';
import { posteriors } from './posteriors.ts';
import { conditions } from './replay.ts';
import { honesty, type Judged, judge } from './scorer.ts';

const judged = scenarios().flatMap((scenario) =>
  conditions.flatMap((condition) => {
    const named = posteriors(scenario, condition).map((one) =>
      judge(one, 1 / (scenario.truth.length * conditions.length)),
    );
    return named.filter((one) => one.named).map((one) => ({ ...one, scenario: scenario.name }));
  }),
);

report('cause', ({ confidence, fair }) => [confidence, fair]);
report('mechanism', ({ mechanismConfidence, mechanismFair }) => [mechanismConfidence, mechanismFair]);

function report(title: string, claim: (one: Judged) => readonly [posterior: number, right: boolean]): void {
  const claims = judged.map((one): Claim => {
    const [posterior, right] = claim(one);
    return { scenario: one.scenario, posterior, right, weight: one.weight };
  });
  const cap = bestCap(claims);
  const { offset, slope } = fit(claims, cap);
  const scenarioCount = new Set(claims.map(({ scenario }) => scenario)).size;
  console.log(`${title}: { offset: ${offset.toFixed(2)}, slope: ${slope.toFixed(2)}, cap: ${cap} }`);
  console.log(
    `  ${claims.length} verdicts of ${scenarioCount} scenarios under ${conditions.length} conditions`,
  );
  console.log(`  raw:               ${quality(claims)}`);
  console.log(`  scenario left out: ${quality(leaveOneOut(claims, cap))}`);
}

function quality(claims: readonly Claim[]): string {
  const { calibrationError, sure, wrongOfSure } = honesty(
    claims.map(({ posterior, right, weight }) => ({
      named: true,
      confidence: posterior,
      fair: right,
      weight,
    })),
  );
  return [
    `log loss ${logLoss(claims).toFixed(3)}`,
    `calibration error ${share(calibrationError)}`,
    `sure ${share(sure)}`,
    `wrong of sure ${share(wrongOfSure)}`,
  ].join(', ');
}

function share(value: number | undefined): string {
  return value === undefined ? 'none' : value.toFixed(3);
}

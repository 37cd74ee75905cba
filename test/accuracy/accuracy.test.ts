import { beforeAll, describe, expect, it } from 'vitest';
import { type Figures, figures } from './figures.ts';
import { mainCondition, replayAll } from './replay.ts';

describe(`the recordings, given ${mainCondition.name} log`, () => {
  let result: Figures;

  beforeAll(async () => {
    result = figures(await replayAll(mainCondition));
  });

  it('where the mechanisms are known, the cause is fair in 90 of 100, each scenario weighing the same', () => {
    expect(result.coveredScenarios).toBeGreaterThanOrEqual(13);
    expect(result.covered.fair).toBeGreaterThanOrEqual(0.9);
  });

  it('of the verdicts at confidence 0.9 or above at most 3 in 100 are wrong', () => {
    expect(result.byScenario.sure).toBeGreaterThan(0);
    expect(result.byScenario.wrongOfSure).toBeLessThanOrEqual(0.03);
    expect(result.byRequest.wrongOfSure).toBeLessThanOrEqual(0.03);
  });

  it('healthy traffic opens no incident', () => {
    expect(result.incidentsOnHealthy).toBe(0);
  });

  it('every failure gets one verdict, and nothing else does', () => {
    expect(result.missing).toBe(0);
    expect(result.surplus).toBe(0);
  });
});

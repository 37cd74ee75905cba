import { beforeAll, describe, expect, it } from 'vitest';
import { type Column, columns } from './columns.ts';
import { goals } from './goals.ts';
import { Fitting } from './left-out.ts';
import { nginxLevels } from './levels.ts';
import { conditions, replayAll } from './replay.ts';

/** Hundredths that a figure may miss its goal by today. One that is reached leaves this list. */
const short: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'combined + error': { calibrationError: 1.5 },
  'combined alone': { calibrationError: 1.5 },
};

describe('the recordings, each scenario weighing the same and left out of its own calibration', () => {
  let all: readonly Column[];

  beforeAll(async () => {
    const replays = await replayAll();
    all = columns(conditions, replays, new Fitting(replays, nginxLevels).leaveOneOut());
  }, 600_000);

  it('are those of both corpora', () => {
    for (const { figures } of all) expect(figures.scenarios).toBeGreaterThanOrEqual(22 + 64);
  });

  it.each(Object.keys(goals))('given %s, are judged as well as promised', (name) => {
    const { byScenario } = all.find(({ condition }) => condition.name === name)!.figures;
    for (const [figure, goal] of Object.entries(goals[name]!)) {
      const slack = (short[name]?.[figure] ?? 0) / 100;
      const isCeiling = figure === 'calibrationError' || figure === 'wrongOfSure';
      const value = byScenario[figure as keyof typeof byScenario] ?? Number.NaN;
      const missedBy = isCeiling ? value - goal : goal - value;
      expect(missedBy, `${figure} is ${value.toFixed(4)}, the goal is ${goal}`).toBeLessThanOrEqual(slack);
    }
  });

  it('healthy traffic opens no incident', () => {
    for (const { figures } of all) expect(figures.incidentsOnHealthy).toBe(0);
  });

  it('every failure gets a verdict', () => {
    for (const { figures } of all) expect(figures.missing).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { answerTo, postedCases, postedHopCases } from './casebook.ts';

const shared = process.env.WHY502_SHARED;

describe.skipIf(shared === undefined)('lines that people posted (needs WHY502_SHARED)', () => {
  const cases = shared === undefined ? [] : postedCases(shared);

  it('are there', () => {
    expect(cases.length).toBeGreaterThanOrEqual(30);
  });

  it.each(['all', 'nginx'] as const)('are explained as they turned out (%s lines)', (only) => {
    const answers = cases.map((posted) => answerTo(posted, only));
    const fair = answers.filter((one) => one.fair).length / answers.length;
    expect(fair).toBeGreaterThanOrEqual(0.78);
    expect(answers.filter(({ wrongAndSure }) => wrongAndSure.length > 0)).toEqual([]);
  });

  it('of load balancers and of Cloudflare are explained as they turned out', () => {
    const answers = (shared === undefined ? [] : postedHopCases(shared)).map((one) => answerTo(one, 'all'));
    expect(answers.length).toBeGreaterThanOrEqual(30);
    expect(answers.filter((one) => one.fair).length / answers.length).toBeGreaterThanOrEqual(0.7);
    expect(answers.filter(({ wrongAndSure }) => wrongAndSure.length > 0)).toEqual([]);
  });
});

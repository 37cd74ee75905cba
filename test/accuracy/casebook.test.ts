import { describe, expect, it } from 'vitest';
import { answerTo, postedCases } from './casebook.ts';

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
});

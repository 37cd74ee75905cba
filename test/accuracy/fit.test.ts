import { expect, it } from 'vitest';
import { randomNumbers } from '../random.mjs';
import { bestCap, type Claim, fit, leaveOneOut, logLoss, mapped } from './fit.ts';

/** Claims of 40 scenarios that are right as often as `chance` says. */
function claims(seed: number, chance: (posterior: number) => number): readonly Claim[] {
  const random = randomNumbers(seed);
  return Array.from({ length: 4_000 }, (_, index) => {
    const posterior = 0.02 + 0.96 * random();
    return { scenario: `s${index % 40}`, posterior, right: random() < chance(posterior), weight: 1 / 4 };
  });
}

it('honest posteriors are left as they are', () => {
  const map = fit(
    claims(1, (posterior) => posterior),
    1,
  );
  expect(map.offset).toBeCloseTo(0, 0);
  for (const posterior of [0.1, 0.4, 0.7, 0.9])
    expect(Math.abs(mapped(posterior, map) - posterior)).toBeLessThan(0.04);
});

it('posteriors twice as sure as they should be are brought back', () => {
  const honest = (posterior: number) => mapped(posterior, { offset: -0.4, slope: 0.5, cap: 1 });
  const map = fit(claims(2, honest), 1);
  for (const posterior of [0.1, 0.5, 0.8, 0.95]) {
    expect(Math.abs(mapped(posterior, map) - honest(posterior))).toBeLessThan(0.04);
  }
});

it('claims that are all right give a finite map', () => {
  const map = fit(
    claims(3, () => 1),
    0.95,
  );
  expect(Number.isFinite(map.slope)).toBe(true);
  expect(mapped(0.999, map)).toBe(0.95);
});

it('the cap stays below what so few scenarios can promise', () => {
  const few = claims(4, () => 1).map((claim) => ({
    ...claim,
    scenario: `s${Number(claim.scenario.slice(1)) % 8}`,
  }));
  expect(bestCap(few)).toBe(0.9);
});

it('a scenario left out has no say in how its own claims are mapped', () => {
  const all = claims(5, (posterior) => posterior);
  const flipped = all.map((claim) => (claim.scenario === 's0' ? { ...claim, right: !claim.right } : claim));
  const of = (some: readonly Claim[]) =>
    leaveOneOut(some, 1)
      .filter(({ scenario }) => scenario === 's0')
      .map(({ posterior }) => posterior);
  expect(of(flipped)).toEqual(of(all));
});

it('the loss is least for what is true', () => {
  const all = claims(6, (posterior) => posterior);
  const bolder = all.map((claim) => ({
    ...claim,
    posterior: mapped(claim.posterior, { offset: 0, slope: 2, cap: 1 }),
  }));
  expect(logLoss(all)).toBeLessThan(logLoss(bolder));
});

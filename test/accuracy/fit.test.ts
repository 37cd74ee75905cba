import { type CalibrationMap, calibrated } from '@why502/classifier';
import { expect, it } from 'vitest';
import { randomNumbers } from '../random.mjs';
import { type Fitted, fit } from './fit.ts';

/** Claims, together as heavy as so many scenarios, that are right as often as `chance` says. */
function claims(seed: number, chance: (posterior: number) => number, scenarios = 40): readonly Fitted[] {
  const random = randomNumbers(seed);
  return Array.from({ length: 4_000 }, () => {
    const posterior = 0.02 + 0.96 * random();
    return { posterior, right: random() < chance(posterior), weight: scenarios / 4_000 };
  });
}

it('honest posteriors are left as they are', () => {
  const map = fit(claims(1, (posterior) => posterior));
  for (const posterior of [0.1, 0.4, 0.7, 0.9])
    expect(Math.abs(calibrated(posterior, map) - posterior)).toBeLessThan(0.04);
});

it('posteriors twice as sure as they should be are brought back', () => {
  const half: CalibrationMap = { offset: -0.4, slope: 0.5, cap: 1 };
  const map = fit(claims(2, (posterior) => calibrated(posterior, half), 400));
  for (const posterior of [0.1, 0.5, 0.8, 0.95]) {
    expect(Math.abs(calibrated(posterior, map) - calibrated(posterior, half))).toBeLessThan(0.04);
  }
});

it('claims that are all right give a finite map, and promise no more than so many scenarios can', () => {
  const map = fit(claims(3, () => 1));
  expect(Number.isFinite(map.slope)).toBe(true);
  expect(map.cap).toBeGreaterThan(0.97);
  expect(map.cap).toBeLessThan(40.5 / 41);
});

it('so few scenarios that nothing can be sure leave nothing at 0.9', () => {
  expect(fit(claims(4, () => 1, 4)).cap).toBe(0.89);
});

it('the surest claims promise as much as was right of them', () => {
  const map = fit(claims(5, (posterior) => (posterior < 0.9 ? posterior : 0.8)));
  expect(map.cap).toBeLessThan(0.93);
});

it('odds that speak the wrong way are not listened to', () => {
  const map = fit(claims(6, (posterior) => 0.6 - 0.4 * posterior));
  expect(map.slope).toBe(0);
  expect(calibrated(0.9, map)).toBeCloseTo(0.4, 1);
});

it('without claims the map changes nothing but its top', () => {
  expect(fit([])).toEqual({ offset: 0, slope: 1, cap: 0.89 });
});

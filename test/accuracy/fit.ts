import { type CalibrationMap, calibrated } from '@why502/classifier';
import type { Claim } from './claims.ts';

export type Fitted = Pick<Claim, 'posterior' | 'right' | 'weight'>;

/** Beside the logarithm of 0 there is no telling ten million to one from certainty. */
const nearest = 1e-6;

/**
 * Pulls the map towards identity with the weight of one scenario: claims which are all right do not drive the slope
 * to infinity, and where there are few claims there is in effect less than three parameters.
 */
const pull = 1;

/** Newton's method doubles the correct digits with each, once it is near. */
const rounds = 40;

/** Further at once it may overshoot, and never come back. */
const longestStep = 0.5;

/** From here on a verdict counts as sure. */
const top = 0.9;
const justUnsure = 0.89;

/** Offset and slope of the logistic map by penalised likelihood (Newton's method), and its cap. */
export function fit(claims: readonly Fitted[]): CalibrationMap {
  let [offset, slope] = [0, 1];
  for (let round = 0; round < rounds; round++) {
    let [gradientOffset, gradientSlope] = [pull * offset, pull * (slope - 1)];
    let [oo, os, ss] = [pull, 0, pull];
    for (const { posterior, right, weight } of claims) {
      const at = nearness(posterior);
      const share = 1 / (1 + Math.exp(-(offset + slope * at)));
      const miss = weight * (share - (right ? 1 : 0));
      const curve = weight * share * (1 - share);
      gradientOffset += miss;
      gradientSlope += miss * at;
      oo += curve;
      os += curve * at;
      ss += curve * at * at;
    }
    const determinant = oo * ss - os * os;
    offset -= step((ss * gradientOffset - os * gradientSlope) / determinant);
    slope -= step((oo * gradientSlope - os * gradientOffset) / determinant);
  }
  // More odds never mean less: a level at which they tell nothing gets the same for all.
  if (slope < 0) [offset, slope] = [flatOffset(claims), 0];
  return { offset, slope, cap: capOf(claims, { offset, slope, cap: 1 }) };
}

function step(whole: number): number {
  return Math.min(longestStep, Math.max(-longestStep, whole));
}

/** The offset of a map without slope: the logarithm of the odds of being right, with the same pull. */
function flatOffset(claims: readonly Fitted[]): number {
  let offset = 0;
  for (let round = 0; round < rounds; round++) {
    let [gradient, curve] = [pull * offset, pull];
    for (const { right, weight } of claims) {
      const share = 1 / (1 + Math.exp(-offset));
      gradient += weight * (share - (right ? 1 : 0));
      curve += weight * share * (1 - share);
    }
    offset -= gradient / curve;
  }
  return offset;
}

/**
 * What the surest claims can promise: the share of them that was right, with half a scenario more that is right and half
 * a one that is wrong (Jeffreys' prior). 20 scenarios that are all right promise 0.976, and 4 are too few to be sure.
 */
function capOf(claims: readonly Fitted[], uncapped: CalibrationMap): number {
  let [all, right] = [0, 0];
  for (const claim of claims) {
    if (calibrated(claim.posterior, uncapped) < top) continue;
    all += claim.weight;
    if (claim.right) right += claim.weight;
  }
  return Math.max(justUnsure, (right + 0.5) / (all + 1));
}

/** The logarithm of the odds. */
export function nearness(posterior: number): number {
  const inside = Math.min(Math.max(posterior, nearest), 1 - nearest);
  return Math.log(inside / (1 - inside));
}

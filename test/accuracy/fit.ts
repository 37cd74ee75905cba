import type { CalibrationMap } from '@why502/classifier';

/** One verdict: what was claimed, raw, and whether it was right. */
export interface Claim {
  readonly scenario: string;
  readonly posterior: number;
  readonly right: boolean;
  readonly weight: number;
}

/** Beside the logarithm of 0 there is no telling ten million to one from certainty. */
const nearest = 1e-6;

/**
 * Pulls the map towards identity with the weight of a few scenarios, so that claims which are all right do not drive
 * the slope to infinity.
 */
const pull = 2;

/** Newton's method doubles the correct digits with each. */
const rounds = 12;

/** Offset and slope of the logistic map by penalised likelihood (Newton's method), under a given cap. */
export function fit(claims: readonly Claim[], cap: number): CalibrationMap {
  let [offset, slope] = [0, 1];
  for (let round = 0; round < rounds; round++) {
    let [gradientOffset, gradientSlope] = [pull * offset, pull * (slope - 1)];
    let [oo, os, ss] = [pull, 0, pull];
    for (const { posterior, right, weight } of claims) {
      const at = logit(posterior);
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
    offset -= (ss * gradientOffset - os * gradientSlope) / determinant;
    slope -= (oo * gradientSlope - os * gradientOffset) / determinant;
  }
  return { offset, slope, cap };
}

export function mapped(posterior: number, { offset, slope, cap }: CalibrationMap): number {
  return Math.min(cap, 1 / (1 + Math.exp(-(offset + slope * logit(posterior)))));
}

/** Every claim as a map says it that was fitted without the claim's scenario. */
export function leaveOneOut(claims: readonly Claim[], cap: number): readonly Claim[] {
  const names = [...new Set(claims.map(({ scenario }) => scenario))];
  return names.flatMap((name) => {
    const map = fit(
      claims.filter(({ scenario }) => scenario !== name),
      cap,
    );
    return claims
      .filter(({ scenario }) => scenario === name)
      .map((claim) => ({ ...claim, posterior: mapped(claim.posterior, map) }));
  });
}

/** Mean surprise at what was right and wrong, in nats. */
export function logLoss(claims: readonly Claim[]): number {
  let [loss, total] = [0, 0];
  for (const { posterior, right, weight } of claims) {
    loss -= weight * Math.log(Math.max(right ? posterior : 1 - posterior, nearest));
    total += weight;
  }
  return loss / total;
}

/**
 * The cap with the least loss on scenarios left out. It stays below what so many scenarios can promise even if all of
 * them were right: k of k gives (k + 1) / (k + 2), Laplace's rule of succession.
 */
export function bestCap(claims: readonly Claim[]): number {
  const scenarios = new Set(claims.map(({ scenario }) => scenario)).size;
  const most = (scenarios + 1) / (scenarios + 2);
  const uncapped = leaveOneOut(claims, 1);
  const caps = Array.from({ length: 100 }, (_, index) => (index + 1) / 100).filter(
    (cap) => cap >= 0.5 && cap <= most,
  );
  const losses = caps.map((cap) =>
    logLoss(uncapped.map((claim) => ({ ...claim, posterior: Math.min(cap, claim.posterior) }))),
  );
  return caps[losses.indexOf(Math.min(...losses))]!;
}

function logit(posterior: number): number {
  const inside = Math.min(Math.max(posterior, nearest), 1 - nearest);
  return Math.log(inside / (1 - inside));
}

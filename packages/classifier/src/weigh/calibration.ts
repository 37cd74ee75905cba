import { type Probability, probability } from '@why502/model';

/** A map from a raw posterior to the share of such verdicts that are right: logistic in the logit, with a cap. */
export interface CalibrationMap {
  readonly offset: number;
  readonly slope: number;
  readonly cap: number;
}

export interface Calibration {
  readonly cause: CalibrationMap;
  readonly mechanism: CalibrationMap;
}

export const identity: Calibration = {
  cause: { offset: 0, slope: 1, cap: 1 },
  mechanism: { offset: 0, slope: 1, cap: 1 },
};

/**
 * The only numbers of the classifier that may be fitted. With a scenario left out the map that `npm run calibrate` fits
 * was worse than none, so this one changes nothing but the top: nothing is surer than 98 %.
 */
export const calibration: Calibration = {
  cause: { offset: 0, slope: 1, cap: 0.98 },
  mechanism: { offset: 0, slope: 1, cap: 0.98 },
};

export function calibrated(posterior: number, map: CalibrationMap): Probability {
  const inside = Math.min(Math.max(posterior, 1e-6), 1 - 1e-6);
  const logit = Math.log(inside / (1 - inside));
  return probability(Math.min(map.cap, 1 / (1 + Math.exp(-(map.offset + map.slope * logit)))));
}

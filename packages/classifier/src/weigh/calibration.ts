import { type Probability, probability } from '@why502/model';
import type { EvidenceLevel } from './evidence-level.ts';

/** A map from a raw posterior to the share of such verdicts that are right: logistic in the logit, with a cap. */
export interface CalibrationMap {
  readonly offset: number;
  readonly slope: number;
  readonly cap: number;
}

/** The maps for the posteriors of a cause and of a mechanism. */
export interface ConfidenceMaps {
  readonly cause: CalibrationMap;
  readonly mechanism: CalibrationMap;
}

/** The maps for failures that show so much of themselves. */
export type Calibration = (level: EvidenceLevel) => ConfidenceMaps;

/** Leaves posteriors as they are. */
export const identity: Calibration = () => unchanged;

/** As fitted on recordings with known causes. */
export const calibration: Calibration = (level) => fitted[level];

export function calibrated(posterior: number, map: CalibrationMap): Probability {
  const inside = Math.min(Math.max(posterior, 1e-6), 1 - 1e-6);
  const logit = Math.log(inside / (1 - inside));
  return probability(Math.min(map.cap, 1 / (1 + Math.exp(-(map.offset + map.slope * logit)))));
}

const unchanged: ConfidenceMaps = {
  cause: { offset: 0, slope: 1, cap: 1 },
  mechanism: { offset: 0, slope: 1, cap: 1 },
};

/** The only numbers of the classifier that are fitted. `npm run calibrate` writes what stands between the two marks. */
const fitted: Readonly<Record<EvidenceLevel, ConfidenceMaps>> = {
  // fitted: from here
  words_and_attempts: {
    cause: { offset: 0.665, slope: 1.533, cap: 0.989 },
    mechanism: { offset: 1.172, slope: 1.516, cap: 0.99 },
  },
  words: {
    cause: { offset: 0.795, slope: 0.749, cap: 0.943 },
    mechanism: { offset: 0.717, slope: 1.023, cap: 0.967 },
  },
  attempts: {
    cause: { offset: 0.522, slope: 1.473, cap: 0.962 },
    mechanism: { offset: 0.689, slope: 1.454, cap: 0.962 },
  },
  status: {
    cause: { offset: 0.616, slope: 1.616, cap: 0.965 },
    mechanism: { offset: 0.44, slope: 1.138, cap: 0.917 },
  },
  // fitted: to here
};

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

/** From here on people act on a verdict without looking further. */
const sureFrom = 0.9;

/** What a map makes of a posterior that is not sure by itself. */
const almostSure = 0.895;

/**
 * The confidence for a posterior. Where words are all there is, a map makes nothing sure that the weights did not: the
 * same words fit several mechanisms, and on recordings that nobody had seen such maps were wrong where they were sure
 * (docs/accuracy.md, first sight).
 */
export function calibrated(posterior: number, map: CalibrationMap, level?: EvidenceLevel): Probability {
  const inside = Math.min(Math.max(posterior, 1e-6), 1 - 1e-6);
  const logit = Math.log(inside / (1 - inside));
  const cap = level === 'words' && posterior < sureFrom ? Math.min(map.cap, almostSure) : map.cap;
  return probability(Math.min(cap, 1 / (1 + Math.exp(-(map.offset + map.slope * logit)))));
}

const unchanged: ConfidenceMaps = {
  cause: { offset: 0, slope: 1, cap: 1 },
  mechanism: { offset: 0, slope: 1, cap: 1 },
};

/** The only numbers of the classifier that are fitted. `npm run calibrate` writes what stands between the two marks. */
const fitted: Readonly<Record<EvidenceLevel, ConfidenceMaps>> = {
  // fitted: from here
  words_and_attempts: {
    cause: { offset: 0.681, slope: 1.576, cap: 0.991 },
    mechanism: { offset: 1.196, slope: 1.568, cap: 0.991 },
  },
  words: {
    cause: { offset: 0.467, slope: 1.421, cap: 0.957 },
    mechanism: { offset: 0.9, slope: 1.243, cap: 0.967 },
  },
  attempts: {
    cause: { offset: 0.516, slope: 1.471, cap: 0.962 },
    mechanism: { offset: 0.683, slope: 1.452, cap: 0.962 },
  },
  status: {
    cause: { offset: 0.614, slope: 1.607, cap: 0.965 },
    mechanism: { offset: 0.458, slope: 1.123, cap: 0.917 },
  },
  code: {
    cause: { offset: 0.267, slope: 1.141, cap: 0.975 },
    mechanism: { offset: 0.112, slope: 1.451, cap: 0.979 },
  },
  alb: {
    cause: { offset: 0.839, slope: 1.385, cap: 0.955 },
    mechanism: { offset: 0.976, slope: 1.339, cap: 0.949 },
  },
  cloudflare: {
    cause: { offset: 0.266, slope: 1.244, cap: 0.89 },
    mechanism: { offset: 0.073, slope: 1.153, cap: 0.89 },
  },
  passed_on: {
    cause: { offset: -0.53, slope: 0.223, cap: 0.89 },
    mechanism: { offset: -0.53, slope: 0.223, cap: 0.89 },
  },
  // fitted: to here
};

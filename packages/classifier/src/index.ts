export { createClassifier } from './classifier.ts';
export { FirstLook, type FirstLookOptions } from './first-look.ts';
export { type ZoneFinding, ZoneInference } from './join/zone.ts';
export type { Mark, Memory, Resumption } from './memory.ts';
export { accompanies } from './observe/attempt.ts';
export type { ClassifierOptions, JoinCounts } from './options.ts';
export {
  type Calibration,
  type CalibrationMap,
  type ConfidenceMaps,
  calibrated,
  calibration,
  identity,
} from './weigh/calibration.ts';
export { type EvidenceLevel, evidenceLevels } from './weigh/evidence-level.ts';

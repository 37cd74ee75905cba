export { type ClassifierOptions, createClassifier, type JoinCounts } from './classifier.ts';
export { type Calibration, type CalibrationMap, identity } from './weigh/calibration.ts';

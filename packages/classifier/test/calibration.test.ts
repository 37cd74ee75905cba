import { httpStatus, instant, millis, type RequestRecord, says, supports, type Verdict } from '@why502/model';
import { expect, it } from 'vitest';
import {
  type CalibrationMap,
  calibrated,
  calibration,
  createClassifier,
  type EvidenceLevel,
  evidenceLevels,
} from '../src/index.ts';
import { errorLine, mechanism, names, request } from './sample.ts';

const refusal = mechanism('refusal', [
  supports('symptom', 20, says('connect_refused'), 'refused'),
  supports('imprint', 20, () => true, 'the look of a refusal'),
  supports('bare_status', 30, () => true, 'any status'),
]);

const refused = request({
  at: 1_000,
  status: 502,
  duration: 1,
  connection: '12',
  attempts: [{ peer: '192.0.2.10:9000', status: httpStatus(502), response: millis(1) }],
});
const bare: RequestRecord = { ...refused, attempts: [], logged: new Set(['connection']) };
const line = errorLine(refused, 'connect_refused');

/** How much the classifier says that the failure shows. */
function shown(failed: RequestRecord | undefined, error = false): readonly EvidenceLevel[] {
  const levels: EvidenceLevel[] = [];
  const classifier = createClassifier({
    mechanisms: [refusal],
    names: names(),
    emit: () => {},
    errorLogAlone: failed === undefined,
    calibration: (level) => {
      levels.push(level);
      return calibration(level);
    },
  });
  // All levels have a part in the name of the rules.
  levels.length = 0;
  if (error) classifier.take(line);
  if (failed !== undefined) classifier.take(failed);
  classifier.advance(instant(8.64e15), 'end_of_input');
  return levels;
}

it('a failure is mapped by what it shows itself, not by the files that are there', () => {
  expect(shown(refused, true)).toEqual(['words_and_attempts']);
  expect(shown(refused)).toEqual(['attempts']);
  expect(shown(bare, true)).toEqual(['words']);
  expect(shown(undefined, true)).toEqual(['words']);
  expect(shown(bare)).toEqual(['status']);
  expect(shown({ ...refused, connection: '13' }, true)).toEqual(['attempts']);
});

it('what a load balancer or an edge shows has levels of its own', () => {
  const at = (source: 'alb' | 'cloudflare'): RequestRecord => ({
    ...refused,
    row: { ...refused.row, source },
  });
  const said = { symptom: 'connect_refused', code: '521' } as const;
  const unanswered = (one: RequestRecord) => ({
    ...one,
    attempts: one.attempts.map((attempt) => ({ ...attempt, status: undefined })),
  });
  expect(shown(unanswered(at('alb')))).toEqual(['alb']);
  expect(shown(unanswered(at('cloudflare')))).toEqual(['cloudflare']);
  expect(shown(at('alb'))).toEqual(['passed_on']);
  expect(shown(at('cloudflare'))).toEqual(['passed_on']);
  expect(shown({ ...at('cloudflare'), said })).toEqual(['code']);
});

it('a map is logistic in the logit, up to its cap', () => {
  const twice: CalibrationMap = { offset: 0, slope: 2, cap: 0.9 };
  expect(calibrated(0.5, twice)).toBeCloseTo(0.5);
  expect(calibrated(0.6, twice)).toBeCloseTo(0.36 / (0.36 + 0.16));
  expect(calibrated(1, twice)).toBe(0.9);
});

it.each(evidenceLevels)('the maps of the level %s never fall, and promise nothing for certain', (level) => {
  const { cause, mechanism: ofMechanism } = calibration(level);
  for (const map of [cause, ofMechanism]) {
    expect(map.slope).toBeGreaterThanOrEqual(0);
    expect(calibrated(1, map)).toBeLessThan(0.995);
    expect(calibrated(0, map)).toBeGreaterThanOrEqual(0);
  }
});

it('a mechanism is no surer than its cause, whatever the maps say', () => {
  const found: Verdict[] = [];
  const classifier = createClassifier({
    mechanisms: [refusal],
    names: names(),
    emit: (result) => {
      if (result.kind === 'verdict') found.push(result.verdict);
    },
    calibration: () => ({
      cause: { offset: 0, slope: 1, cap: 0.7 },
      mechanism: { offset: 0, slope: 1, cap: 0.95 },
    }),
  });
  classifier.take(line);
  classifier.take(refused);
  classifier.advance(instant(8.64e15), 'end_of_input');
  expect(found[0]).toMatchObject({ confidence: 0.7, mechanismConfidence: 0.7 });
});

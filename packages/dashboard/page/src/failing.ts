import type { Row } from './api.ts';
import { count, text } from './format.ts';

/** What fails in a stretch of time, summed up from its time line. */
export interface Failing {
  readonly failures: number;
  readonly badGateways: number;
  /** The most frequent first. */
  readonly mechanisms: readonly FailingMechanism[];
}

export interface FailingMechanism {
  /** Empty where the logs do not tell. */
  readonly mechanism: string;
  readonly cause: string;
  readonly failures: number;
  readonly meanConfidence: number;
}

/** One answer tells of time and of reasons, so that the store is asked once. */
export function failingIn(timeline: readonly Row[]): Failing {
  const mechanisms = new Map<string, { cause: string; failures: number; confidence: number }>();
  let failures = 0;
  let badGateways = 0;
  for (const row of timeline) {
    const failed = count(row, 'failures');
    failures += failed;
    badGateways += count(row, 'bad_gateways');
    const cause = text(row, 'cause');
    const key = `${cause} ${text(row, 'mechanism')}`;
    const before = mechanisms.get(key) ?? { cause, failures: 0, confidence: 0 };
    before.failures += failed;
    before.confidence += failed * count(row, 'mean_confidence');
    mechanisms.set(key, before);
  }
  return {
    failures,
    badGateways,
    mechanisms: [...mechanisms]
      .map(([key, { cause, failures: failed, confidence }]) => ({
        mechanism: key.slice(cause.length + 1),
        cause,
        failures: failed,
        meanConfidence: confidence / failed,
      }))
      .sort((a, b) => b.failures - a.failures || (a.mechanism < b.mechanism ? -1 : 1)),
  };
}

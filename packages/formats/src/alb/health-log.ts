import type { Symptom } from '@why502/model';
import type { LineFormat } from '../lines.ts';
import { type Entry, neighbourFormat, type Told } from '../neighbour-log.ts';
import { entryLines } from './entries.ts';
import { classic, type Layout } from './layout.ts';

/**
 * Checks of the health of targets. A check that passed is a line as well: that a target was well tells a race for a
 * connection from a target that is down.
 * @param layout undefined for objects of JSON
 */
export function healthFormat(layout: Layout | undefined): LineFormat {
  return neighbourFormat('ALB health check log', 'alb_health', entryLines(layout), told);
}

/** As they are put into a bucket. */
export const healthChecks: LineFormat = healthFormat(classic.health);

/** By the user guide of Application Load Balancers, "Health check logs", and what describe-target-health said before. */
const reasons: readonly (readonly [RegExp, Symptom])[] = [
  [/TimedOut$|Timeout$/i, 'health_check_timed_out'],
  [/^ConnectionReset/i, 'health_check_reset'],
  [/Mismatch$|^GRPC|^TargetError/i, 'health_check_answer_wrong'],
];

function told(entry: Entry): Told | undefined {
  const status = entry.get('status')?.toUpperCase();
  const peer = entry.get('target_addr');
  if ((status !== 'PASS' && status !== 'FAIL') || peer === undefined) return undefined;
  const reason = entry.get('reason_code');
  const seconds = Number(entry.get('latency'));
  const says = [
    ...(reason === undefined ? [] : [reason]),
    ...(entry.has('status_code') ? [`status ${entry.get('status_code')}`] : []),
    ...(seconds >= 0 ? [`after ${seconds.toFixed(3)} s`] : []),
  ].join(', ');
  const passed = status === 'PASS';
  return {
    level: passed ? 'info' : 'error',
    symptom: passed ? 'other' : symptomOf(reason),
    message: `health check of ${peer} ${passed ? 'passed' : 'failed'}${says === '' ? '' : `: ${says}`}`,
    peer,
  };
}

function symptomOf(reason: string | undefined): Symptom {
  return reasons.find(([pattern]) => pattern.test(reason ?? ''))?.[1] ?? 'health_check_failed';
}

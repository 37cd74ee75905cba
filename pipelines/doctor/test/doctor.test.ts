import { configurationOfText } from '@why502/formats';
import { type Diagnosis, httpStatus, instant, type Logged, probability, type Verdict } from '@why502/model';
import { diagnosisLine, diagnosisText } from '@why502/report';
import { describe, expect, test } from 'vitest';
import { createDoctor } from '../src/index.ts';
import { best, debian } from './configurations.ts';

function diagnosed(conf: string): Diagnosis {
  return createDoctor().diagnoses(undefined, configurationOfText(conf, 'nginx.conf').logging)[0]!;
}

function toldNow({ reach }: Diagnosis): number {
  return reach.filter(({ now }) => now === 1).length;
}

const options = { color: false, width: 100 };

describe('the configuration of a fresh Debian', () => {
  const diagnosis = diagnosed(debian);

  test('tells many ways of failing by its error log, and would tell far more', () => {
    const advised = diagnosis.reach.filter((one) => one.advised === 1).length;
    expect(toldNow(diagnosis)).toBeGreaterThan(10);
    expect(advised).toBeGreaterThan(toldNow(diagnosis) + 5);
  });

  test('says where the settings stand that hide something', () => {
    expect(diagnosis.findings).toMatchObject([
      { kind: 'warnings_hidden', written: { file: 'nginx.conf', line: 1 } },
      { kind: 'format_poor', written: { file: 'nginx.conf', line: 4 } },
    ]);
  });

  test('has lines to write for each of them', () => {
    expect(diagnosis.advice.map(({ written, lines }) => [written?.line, lines.split('\n')[0]])).toEqual([
      [undefined, 'log_format why502'],
      [4, 'access_log /var/log/nginx/access.log why502;'],
      [1, 'error_log /var/log/nginx/error.log warn;'],
    ]);
  });

  test('knows that the peers buy most, and that nothing costs information', () => {
    const [first, ...others] = diagnosis.gains;
    expect(first?.field).toBe('attempts');
    for (const { bits } of others) expect(bits).toBeGreaterThan(-0.1);
    expect(new Set(diagnosis.gains.map(({ field }) => field))).toEqual(
      new Set<Logged>([
        'warnings',
        'attempts',
        'attempt_status',
        'attempt_connect',
        'attempt_header',
        'attempt_response',
        'attempt_bytes_received',
        'duration',
        'host',
      ]),
    );
  });

  test('needs a page', () => {
    const lines = diagnosisText(diagnosis, options).split('\n');
    expect(lines.length).toBeLessThan(70);
    expect(lines[0]).toMatch(/^These logs tell \d+ of \d+ ways in which requests fail\./);
  });
});

describe('a configuration with all that is advised', () => {
  const diagnosis = diagnosed(best);

  test('is told that nothing needs to be changed', () => {
    expect(diagnosis).toMatchObject({ missing: [], gains: [], findings: [], advice: [] });
    expect(diagnosisText(diagnosis, options)).toContain('Nothing needs to be changed.');
  });
});

describe('failures in the logs', () => {
  const verdict = (mechanism: string | undefined): Verdict => ({
    id: 'a',
    revision: 0,
    final: true,
    time: instant(0),
    rows: [{ source: 'nginx', file: 'access.log', line: 1 }],
    requestId: undefined,
    status: httpStatus(502),
    method: undefined,
    host: undefined,
    path: undefined,
    upstream: undefined,
    peer: undefined,
    duration: undefined,
    mergedInto: undefined,
    outcome: 'failed',
    generator: 'proxy',
    hop: 'nginx',
    decision: 'attributed',
    cause: 'upstream_fault',
    mechanism,
    confidence: probability(0.9),
    mechanismConfidence: probability(mechanism === undefined ? 0 : 0.9),
    certainty: 'direct',
    candidates: [],
    evidence: [],
    primary: undefined,
    remedy: [],
    wouldSettle: [],
    incident: undefined,
  });

  function after(mechanism: string | undefined): Diagnosis {
    const doctor = createDoctor();
    for (let i = 0; i < 20; i++) doctor.add({ kind: 'verdict', verdict: verdict(mechanism) });
    return doctor.diagnoses(undefined, configurationOfText(debian, 'nginx.conf').logging)[0]!;
  }

  function bitsOf({ gains }: Diagnosis, field: Logged): number {
    return gains.find((gain) => gain.field === field)!.bits;
  }

  test('weigh what a field buys', () => {
    expect(bitsOf(after('application_error'), 'attempts')).not.toBe(
      bitsOf(after('worker_exhaustion'), 'attempts'),
    );
    expect(after('application_error').basis).toBe('failures');
  });

  test('are counted by what they were', () => {
    const { reach, traffic } = after('process_down');
    expect(reach.find(({ mechanism }) => mechanism === 'process_down')?.named).toBe(20);
    expect(traffic).toEqual({ requests: 0, failures: 20, unexplained: 0 });
  });

  test('that nobody can explain are weighed by how common mechanisms are', () => {
    expect(bitsOf(after(undefined), 'attempts')).toBeCloseTo(bitsOf(diagnosed(debian), 'attempts'), 6);
    expect(after(undefined).traffic.unexplained).toBe(20);
  });
});

test('a name of a hostile configuration stays text', () => {
  const conf = debian.replace('/var/log/nginx/access.log', '"/a\u001b]0;owned\u0007.log"');
  const diagnosis = diagnosed(conf);
  expect(diagnosisText(diagnosis, options)).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  expect(diagnosisLine(diagnosis).trimEnd()).not.toMatch(/[\u0000-\u001f]|\\u001b/);
});

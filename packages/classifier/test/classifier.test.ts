import {
  always,
  type ErrorRecord,
  httpStatus,
  type Incident,
  instant,
  type Mechanism,
  millis,
  proves,
  type RequestRecord,
  type Result,
  refutes,
  says,
  supports,
  type TrafficRow,
  type Verdict,
} from '@why502/model';
import { describe, expect, it } from 'vitest';
import { createClassifier, identity } from '../src/index.ts';
import { columnsOf, errorLine, mechanism, names, request } from './sample.ts';

const refusal = mechanism('refusal', [supports('symptom', 20, says('connect_refused'), 'refused')]);
const breakage = mechanism('breakage', [supports('symptom', 20, says('closed_before_header'), 'closed')], {
  cause: 'misconfiguration',
});

interface Outcome {
  readonly verdicts: readonly Verdict[];
  readonly incidents: readonly Incident[];
  readonly traffic: readonly TrafficRow[];
}

function classify(
  requests: readonly RequestRecord[],
  errors: readonly ErrorRecord[] = [],
  mechanisms: readonly Mechanism[] = [refusal, breakage],
  options: { errorLogAlone?: boolean; steps?: readonly number[] } = {},
): Outcome {
  const table = names();
  const results: Result[] = [];
  const classifier = createClassifier({
    mechanisms,
    names: table,
    emit: (result) => results.push(result),
    traffic: true,
    calibration: identity,
    errorLogAlone: options.errorLogAlone ?? false,
  });
  const rows = columnsOf(requests, table);
  classifier.count(rows, 0, rows.count, 'nginx');
  for (const error of errors) classifier.take(error);
  for (const one of requests) {
    if (one.status >= 499 || one.attempts.length > 1 || classifier.seeks(one.end)) classifier.take(one);
  }
  for (const step of options.steps ?? []) classifier.advance(instant(step), 'watermark');
  classifier.advance(instant(8.64e15), 'end_of_input');
  return {
    verdicts: results.flatMap((result) => (result.kind === 'verdict' ? [result.verdict] : [])),
    incidents: results.flatMap((result) => (result.kind === 'incident' ? [result.incident] : [])),
    traffic: results.flatMap((result) => (result.kind === 'traffic' ? result.rows : [])),
  };
}

const refused = (at: number, rest: Partial<Parameters<typeof request>[0]> = {}) =>
  request({
    at,
    status: 502,
    duration: 1,
    attempts: [{ peer: '192.0.2.10:9000', status: httpStatus(502), response: millis(1) }],
    ...rest,
  });

describe('a verdict', () => {
  it('is given to every failure once, in order of time', () => {
    const requests = [refused(30_000), request({ at: 10_000 }), refused(20_000), refused(20_000)];
    const { verdicts } = classify(requests);
    expect(verdicts.map((one) => one.time - requests[1]!.end)).toEqual([10_000, 10_000, 20_000]);
    expect(new Set(verdicts.map((one) => one.id)).size).toBe(3);
  });

  it('names the mechanism that the error line of the same connection speaks for', () => {
    const failed = refused(1_000, { connection: '12' });
    const other = refused(1_000, { connection: '13' });
    const { verdicts } = classify(
      [failed, other],
      [errorLine(failed, 'connect_refused'), errorLine(other, 'closed_before_header')],
    );
    const byLine = new Map(verdicts.map((one) => [one.rows[0]!.line, one.mechanism]));
    expect(byLine.get(failed.row.line)).toBe('refusal');
    expect(byLine.get(other.row.line)).toBe('breakage');
  });

  it('leaves lines about limits to requests of the connection that asked no peer', () => {
    const failed = refused(1_000, { connection: '12' });
    const limited = { ...request({ at: 1_000, status: 503, connection: '12', attempts: [] }) };
    const lines = [errorLine(limited, 'requests_limited'), errorLine(failed, 'connect_refused')];
    const { verdicts } = classify([failed, limited], lines);
    const words = verdicts.map(
      ({ status, evidence }) => `${status} ${evidence.map(({ fact }) => fact).join(' ')}`,
    );
    expect(words.find((one) => one.startsWith('502'))).toContain('connect_refused');
    expect(words.find((one) => one.startsWith('502'))).not.toContain('requests_limited');
    expect(words.find((one) => one.startsWith('503'))).toContain('requests_limited');
  });

  it('is joined by client, request line and time where the access log has no connection', () => {
    const early = refused(1_000);
    const late = refused(60_000);
    const { verdicts } = classify([early, late], [errorLine(late, 'connect_refused', '9')]);
    expect(verdicts.map((one) => one.rows.length)).toEqual([1, 2]);
  });

  it('is given the same of several lines that look alike, in whatever order they come', () => {
    const twins = [0, 100].map((at) => request({ at, status: 502 }));
    const lines = twins.map((one, at) => errorLine(one, 'connect_refused', `${9 + at}`));
    const rowsOf = (errors: readonly ErrorRecord[]) =>
      classify(twins, errors).verdicts.map(({ rows }) => rows);
    expect(rowsOf(lines)).toEqual(twins.map((one, at) => [one.row, lines[at]!.row]));
    expect(rowsOf(lines.toReversed())).toEqual(rowsOf(lines));
  });

  it('is unknown when the words of the proxy are claimed by no mechanism', () => {
    const failed = refused(1_000, { connection: '12' });
    const guess = mechanism('guess', [supports('imprint', 12, always, 'anything')]);
    const { verdicts } = classify([failed], [errorLine(failed, 'connect_no_route')], [guess]);
    expect(verdicts[0]).toMatchObject({ decision: 'unexplained', cause: 'unknown', mechanism: undefined });
  });

  it('counts facts of one group once', () => {
    const both = mechanism('both', [
      supports('symptom', 20, says('connect_refused'), 'words'),
      supports('imprint', 20, always, 'times'),
    ]);
    const failed = refused(1_000, { connection: '12' });
    const { verdicts } = classify([failed], [errorLine(failed, 'connect_refused')], [both]);
    expect(verdicts[0]!.mechanismConfidence).toBeCloseTo(10 / 11, 5);
  });

  it('is direct only when a proving fact was seen', () => {
    const sure = mechanism('sure', [proves('symptom', says('connect_refused'), 'words')]);
    const failed = refused(1_000, { connection: '12' });
    const lines = [errorLine(failed, 'connect_refused')];
    expect(classify([failed], lines, [sure]).verdicts[0]!.certainty).toBe('direct');
    expect(classify([failed], lines, [refusal]).verdicts[0]!.certainty).not.toBe('direct');
  });

  it('says what would have settled it when it is not sure', () => {
    const weak = mechanism('weak', [supports('imprint', 9, always, 'times')], {
      needs: ['error_log', 'attempt_connect'],
    });
    const { verdicts } = classify([refused(1_000)], [], [weak]);
    expect(verdicts[0]!.wouldSettle.map((wish) => wish.field)).toEqual(['error_log']);
  });

  it('is masked when a retry answered', () => {
    const retried = request({
      at: 1_000,
      attempts: [
        { peer: '192.0.2.10:9000', status: httpStatus(502), connect: millis(0), response: millis(1) },
        {
          peer: '192.0.2.10:9000',
          status: httpStatus(200),
          connect: millis(0),
          header: millis(9),
          response: millis(9),
        },
      ],
    });
    const race = mechanism('race', [proves('fresh_retry_answered', always, 'answered')]);
    expect(classify([retried], [], [race]).verdicts[0]).toMatchObject({
      outcome: 'masked',
      mechanism: 'race',
    });
  });

  it('cannot be changed', () => {
    const { verdicts } = classify([refused(1_000)]);
    expect(Object.isFrozen(verdicts[0])).toBe(true);
  });
});

describe('an answer that broke off in its body', () => {
  const broken = (connection: string) => request({ at: 1_000, connection });

  it('is a failure though its status is that of a success', () => {
    const [whole, half] = [broken('12'), broken('13')];
    const { verdicts } = classify([whole, half], [errorLine(half, 'body_closed')]);
    expect(verdicts).toMatchObject([
      { outcome: 'truncated', rows: [{ line: half.row.line }, {}], hop: 'nginx', generator: 'proxy' },
    ]);
  });

  it('is sought around the time of the error line only', () => {
    const half = broken('13');
    const { verdicts } = classify([request({ at: 600_000 }), half], [errorLine(half, 'body_closed')]);
    expect(verdicts).toHaveLength(1);
  });

  it('is no failure where the error line is about another request', () => {
    const [other, half] = [broken('12'), broken('13')];
    const lines = [errorLine(broken('14'), 'body_closed'), errorLine(half, 'body_closed')];
    const { verdicts } = classify([half, other], lines);
    expect(verdicts.map(({ rows }) => rows[0]!.line)).toEqual([half.row.line]);
  });
});

describe('a request whose authentication failed', () => {
  it('keeps the line about the subrequest and the one that says what it came to', () => {
    const failed = refused(1_000, { connection: '12', status: 500, attempts: [] });
    const lines = [
      { ...errorLine(failed, 'connect_refused'), subrequest: '/auth' },
      errorLine(failed, 'auth_subrequest_failed'),
    ];
    const { verdicts } = classify([failed], lines);
    expect(verdicts[0]!.rows).toHaveLength(3);
  });
});

describe('a failure that found no peer', () => {
  const unpicked = (at: number) =>
    request({
      at,
      status: 502,
      duration: 0,
      attempts: [{ peer: 'pool', status: httpStatus(502), response: millis(0) }],
    });

  it('inherits the mechanism of the failure that put the peers aside', () => {
    const first = refused(1_000, { connection: '12' });
    const { verdicts } = classify([first, unpicked(4_000)], [errorLine(first, 'connect_refused')]);
    expect(verdicts[1]).toMatchObject({
      mechanism: 'refusal',
      primary: verdicts[0]!.id,
      certainty: 'contextual',
    });
  });

  it('is unknown without an earlier failure', () => {
    expect(classify([unpicked(4_000)]).verdicts[0]).toMatchObject({ cause: 'unknown', primary: undefined });
  });

  it('does not blame an answer of the application, which puts no peer aside', () => {
    const relayed = request({ at: 1_000, status: 500 });
    expect(classify([relayed, unpicked(2_000)]).verdicts[1]!.primary).toBeUndefined();
  });
});

describe('the context', () => {
  const steady = mechanism('steady', [
    supports('imprint', 25, always, 'failed'),
    refutes('peer_record', 30, (e) => !e.everOk, 'never answered'),
  ]);

  it('reaches 90 s forward and no further', () => {
    const failed = refused(100_000);
    const soon = classify([failed, request({ at: 180_000 })], [], [steady]);
    const late = classify([failed, request({ at: 200_001 })], [], [steady]);
    expect(soon.verdicts[0]!.mechanism).toBe('steady');
    expect(late.verdicts[0]!.mechanism).toBeUndefined();
  });

  it('is the same however often the watermark moved', () => {
    const requests = [request({ at: 0 }), refused(50_000), request({ at: 120_000 }), refused(300_000)];
    const steps = Array.from({ length: 50 }, (_, index) => requests[0]!.end + index * 10_000);
    const once = classify(requests, [], [steady]);
    expect(classify(requests, [], [steady], { steps }).verdicts).toEqual(once.verdicts);
    expect(once.verdicts).toHaveLength(2);
  });
});

describe('traffic', () => {
  it('holds every request once, by ten seconds, host, service, peer and status', () => {
    const { traffic } = classify([
      request({ at: 0 }),
      request({ at: 9_999 }),
      request({ at: 10_000 }),
      refused(10_500),
    ]);
    expect(traffic.map((row) => [row.bucket % 60_000, row.status, row.requests])).toEqual([
      [0, 200, 2],
      [10_000, 200, 1],
      [10_000, 502, 1],
    ]);
    expect(traffic[0]!.durations.reduce((sum, count) => sum + count, 0)).toBe(2);
  });
});

describe('an incident', () => {
  const outage = (at: number) =>
    Array.from({ length: 4 }, (_, i) => refused(at + i * 1_000, { connection: String(at + i) }));

  it('opens at three failures of one mechanism and service and names what was not affected', () => {
    const failed = outage(1_000);
    const fine = request({
      at: 2_000,
      route: '/fine',
      attempts: [{ peer: '192.0.2.11:9000', status: httpStatus(200) }],
    });
    const { incidents, verdicts } = classify(
      [...failed, fine],
      failed.map((one) => errorLine(one, 'connect_refused')),
    );
    expect(incidents).toHaveLength(1);
    expect(incidents[0]).toMatchObject({
      mechanism: 'refusal',
      requests: 4,
      clients: 1,
      firstVerdict: verdicts[0]!.id,
    });
    expect(incidents[0]!.notAffected.map((one) => one.name)).toContain('192.0.2.11:9000');
    expect(verdicts.every((one) => one.incident === incidents[0]!.id)).toBe(true);
  });

  it('does not open for one or two failures', () => {
    expect(classify(outage(1_000).slice(0, 2)).incidents).toEqual([]);
  });

  it('counts the search-engine crawlers that met the failure', () => {
    const failed = outage(1_000).map((one, i) => ({
      ...one,
      userAgent:
        i < 2 ? 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' : 'curl/8.5',
    }));
    const { incidents } = classify(failed);
    expect(incidents[0]!.crawlers).toEqual([{ name: 'Googlebot', requests: 2 }]);
  });

  it('ends after five quiet minutes', () => {
    expect(classify([...outage(1_000), ...outage(1_000_000)]).incidents).toHaveLength(2);
  });
});

describe('an error log alone', () => {
  it('gives one verdict per line about a request', () => {
    const line = errorLine(refused(1_000, { connection: '12' }), 'connect_refused');
    const { verdicts } = classify([], [line], [refusal], { errorLogAlone: true });
    expect(verdicts).toHaveLength(1);
    expect(verdicts[0]).toMatchObject({ mechanism: 'refusal', status: undefined, rows: [line.row] });
  });

  it('proves nothing beside an access log that shows no failure', () => {
    const line = errorLine(refused(1_000, { connection: '12' }), 'connect_refused');
    expect(classify([request({ at: 0 })], [line]).verdicts).toEqual([]);
  });
});

it('a peer that only error lines name is known to have refused after it broke off', () => {
  const unnamed = (at: number) => {
    const asked = request({ at, status: 502, connection: String(at), attempts: [] });
    return { ...asked, logged: new Set([...asked.logged].filter((field) => !field.startsWith('attempt'))) };
  };
  const [broken, later] = [unnamed(1_000), unnamed(9_000)];
  const peer = '192.0.2.10:9000';
  const { verdicts } = classify(
    [broken, later],
    [
      { ...errorLine(broken, 'closed_before_header'), peer },
      { ...errorLine(later, 'connect_refused'), peer },
    ],
  );
  const facts = verdicts[0]?.evidence.map(({ fact }) => fact);
  expect(facts).toContain('peer_unlogged');
  expect(facts).toContain('burst');
});

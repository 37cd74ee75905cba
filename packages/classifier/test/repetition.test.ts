import {
  type ErrorRecord,
  httpStatus,
  instant,
  millis,
  type RequestRecord,
  supports,
  type Verdict,
} from '@why502/model';
import { describe, expect, it } from 'vitest';
import { createClassifier } from '../src/index.ts';
import { columnsOf, errorLine, mechanism, names, request } from './sample.ts';

const breakage = mechanism('breakage', [supports('imprint', 20, () => true, 'it broke')]);

/** What was seen of each failure, by the names of facts. */
function seen(
  requests: readonly RequestRecord[],
  checks: readonly ErrorRecord[] = [],
): readonly Map<string, string>[] {
  const verdicts: Verdict[] = [];
  const table = names();
  const classifier = createClassifier({
    mechanisms: [breakage],
    names: table,
    emit: (result) => {
      if (result.kind === 'verdict') verdicts.push(result.verdict);
    },
  });
  const ordered = requests.toSorted((a, b) => a.end - b.end);
  const rows = columnsOf(ordered, table);
  classifier.count(rows, 0, rows.count, ordered[0]!.row.source);
  for (const check of checks) classifier.take(check);
  for (const one of ordered) if (one.status >= 500) classifier.take(one);
  classifier.advance(instant(8.64e15), 'end_of_input');
  return verdicts.map(({ evidence }) => new Map(evidence.map(({ fact, text }) => [fact, text])));
}

interface Broken {
  readonly at: number;
  readonly route?: string;
  readonly client?: string;
  readonly peer?: string;
  readonly took?: number;
}

/** A failure for which the peer was connected and did not answer. */
function broken({ at, route = '/a', client = '203.0.113.7', peer = '192.0.2.10:9000', took = 1 }: Broken) {
  return request({
    at,
    status: 502,
    route,
    client,
    duration: took,
    attempts: [{ peer, status: httpStatus(502), connect: millis(0), response: millis(took) }],
  });
}

/** A load balancer writes a status for a target only where the target answered. */
function ofLoadBalancer(one: RequestRecord): RequestRecord {
  const attempts = one.attempts.map((attempt) => ({ ...attempt, status: undefined }));
  return { ...one, attempts, row: { ...one.row, source: 'alb' } };
}

/** Moments that look like chance and are always the same ones. */
function moments(count: number, within: number): number[] {
  let state = 7;
  return Array.from({ length: count }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state % within;
  });
}

describe('the idle timer of the peers', () => {
  const answered = moments(900, 300_000);
  const traffic = answered.map((at) => request({ at }));

  it('is the distance at which an answer lies before every failure', () => {
    const failures = answered.slice(0, 12).map((at) => broken({ at: at + 40_000 + 5_003 }));
    const later = answered.slice(0, 12).map((at) => request({ at: at + 40_000 }));
    const found = seen([...traffic, ...later, ...failures]);
    expect(found).toHaveLength(12);
    // The first ones come before there are enough to tell.
    expect(found.at(-1)?.get('idle_gap')).toMatch(/about 5\.0 s: 12 of 12 .* this one too/);
  });

  it('is not found in failures that have nothing in common', () => {
    const failures = moments(24, 290_000).map((at) => broken({ at: at + 7_777 }));
    for (const facts of seen([...traffic, ...failures])) expect(facts.has('idle_gap')).toBe(false);
  });

  it('is not looked for in failures that took time', () => {
    const failures = answered.slice(0, 12).map((at) => broken({ at: at + 45_800, took: 800 }));
    const later = answered.slice(0, 12).map((at) => request({ at: at + 40_000 }));
    for (const facts of seen([...traffic, ...later, ...failures])) expect(facts.has('idle_gap')).toBe(false);
  });
});

describe('the clients of a route', () => {
  it('are counted where the hop has no words of its own', () => {
    const failures = [1, 1, 1, 2, 2].map((client, i) =>
      broken({ at: 15_000 * i, client: `203.0.113.${client}` }),
    );
    const texts = seen(failures.map(ofLoadBalancer)).map((facts) => facts.get('client_scope'));
    expect(texts[0]).toBe('5 such failures of this route were met by 2 clients, 3 of them by this one');
    expect(texts[4]).toBe('5 such failures of this route were met by 2 clients, 2 of them by this one');
  });

  it('tell nothing in a storm', () => {
    const failures = Array.from({ length: 65 }, (_, i) => broken({ at: 100 * i }));
    for (const facts of seen(failures.map(ofLoadBalancer))) expect(facts.has('client_scope')).toBe(false);
  });
});

describe('the checks of a load balancer', () => {
  const failure = ofLoadBalancer(broken({ at: 60_000 }));
  const check = (second: number, symptom: ErrorRecord['symptom']): ErrorRecord => {
    const about = errorLine(request({ at: second * 1_000 }), symptom);
    return { ...about, row: { ...about.row, source: 'alb_health' } };
  };

  it('are found around a failure of the peer', () => {
    const checks = [check(30, 'other'), check(60, 'health_check_timed_out'), check(90, 'other')];
    const [facts] = seen([failure], checks);
    expect(facts?.get('health')).toBe("1 of 3 checks of the peer's health within 40 s failed");
  });

  it('say nothing of another time', () => {
    expect(seen([failure], [check(300, 'other')])[0]?.has('health')).toBe(false);
  });
});

it('other peers are told apart by their ports and networks', () => {
  const peers = ['192.0.2.11:9000', '192.0.2.12:9001', '198.51.100.4:9000'];
  const answers = peers.map((peer, i) =>
    request({ at: 10_000 + i, attempts: [{ peer, status: httpStatus(200), header: millis(1) }] }),
  );
  const silent = broken({ at: 10_200, peer: '192.0.2.13:9000' });
  const failure = broken({ at: 10_100 });
  const [facts] = seen([...answers, silent, failure].map(ofLoadBalancer));
  expect(facts?.get('registration')).toBe(
    '2 other peers answer at this port; of its network 2 others answer and 1 do not, of other networks 1 answer',
  );
});

import {
  always,
  type ErrorRecord,
  httpStatus,
  instant,
  millis,
  type RequestRecord,
  type Result,
  supports,
  type Verdict,
} from '@why502/model';
import { describe, expect, it } from 'vitest';
import { createClassifier, identity } from '../src/index.ts';
import { type Asked, columnsOf, errorLine, mechanism, names, request } from './sample.ts';

const anything = mechanism('anything', [
  supports('symptom', 20, always, 'words'),
  supports('imprint', 20, always, 'a look'),
]);

type EdgeAsked = Asked & Partial<Pick<RequestRecord, 'said' | 'place' | 'asker' | 'host'>> & { ray?: string };

function atEdge({
  said,
  place,
  asker = 'visitor',
  host = 'a.test',
  ray,
  ...asked
}: EdgeAsked): RequestRecord {
  const base = request(asked);
  return {
    ...base,
    row: { ...base.row, source: 'cloudflare' },
    host,
    said,
    place,
    asker,
    trail: { ...base.trail, ids: ray === undefined ? [] : [{ kind: 'ray', value: ray }] },
  };
}

/** A request that the edge came to no origin with. */
function unasked(asked: EdgeAsked, lookup: number): RequestRecord {
  const attempts = [{ lookup: millis(lookup) }];
  return atEdge({ status: 530, said: { symptom: 'origin_unfound', code: '530' }, ...asked, attempts });
}

function connectorLine(at: RequestRecord, symptom: ErrorRecord['symptom'], ray?: string): ErrorRecord {
  const line = errorLine(at, symptom);
  return {
    ...line,
    row: { ...line.row, source: 'cloudflared', file: 'cloudflared.log' },
    wall: at.end,
    zoneOffsetMin: 0,
    connection: undefined,
    requestLine: undefined,
    peer: 'localhost:8080',
    ids: ray === undefined ? [] : [{ kind: 'ray', value: ray }],
  };
}

function judge(
  requests: readonly RequestRecord[],
  lines: readonly ErrorRecord[] = [],
  errorLogAlone = false,
): readonly Verdict[] {
  const table = names();
  const results: Result[] = [];
  const emit = (result: Result) => results.push(result);
  const mechanisms = [anything];
  const classifier = createClassifier({
    mechanisms,
    names: table,
    emit,
    calibration: identity,
    errorLogAlone,
  });
  const rows = columnsOf(requests, table);
  classifier.count(rows, 0, rows.count, 'cloudflare');
  for (const one of [...lines, ...requests]) classifier.take(one);
  classifier.advance(instant(8.64e15), 'end_of_input');
  return results.flatMap((result) => (result.kind === 'verdict' ? [result.verdict] : []));
}

const textOf = (verdict: Verdict | undefined, name: string) =>
  verdict?.evidence.find(({ fact }) => fact === name)?.text;

describe('a failure at an edge', () => {
  it('is compared with the other places of the edge', () => {
    const at = (place: string, status: number) => atEdge({ at: 1_000, place, status });
    const requests = [at('LHR', 502), at('LHR', 502), at('LHR', 200), at('FRA', 200), at('IAD', 200)];
    const [verdict] = judge(requests);
    expect(textOf(verdict, 'place_scope')).toContain('2 of 3 requests failed in this place');
    expect(textOf(verdict, 'place_scope')).toContain('0 of 2 in its others');
  });

  it('is compared with nothing where one place alone is seen, or none is logged', () => {
    const [one] = judge([atEdge({ at: 1_000, place: 'LHR', status: 502 })]);
    const [none] = judge([atEdge({ at: 1_000, status: 502 }), atEdge({ at: 1_000, place: 'FRA' })]);
    expect([textOf(one, 'place_scope'), textOf(none, 'place_scope')]).toEqual([undefined, undefined]);
  });

  it('is passed on where the origin sent the same status, whether or not its times are logged', () => {
    const passed = atEdge({ at: 1_000, status: 502 });
    const logged = new Set([...passed.logged].filter((field) => field !== 'attempt_header'));
    for (const one of [passed, { ...passed, logged }]) {
      const [verdict] = judge([one]);
      expect(verdict).toMatchObject({ hop: 'other', generator: 'upstream' });
      expect(textOf(verdict, 'relayed')).toBe('the upstream itself answered 502');
    }
  });

  it('is made by the edge where the origin had begun with another status', () => {
    const said = { symptom: 'answer_unusable', code: '520' } as const;
    const attempts = [
      { peer: '192.0.2.10', status: httpStatus(503), header: millis(4), response: millis(4) },
    ];
    const [verdict] = judge([atEdge({ at: 1_000, status: 520, said, attempts })]);
    expect(verdict).toMatchObject({ hop: 'cloudflare', generator: 'edge' });
    expect(textOf(verdict, 'imprint')).toContain('had begun to answer');
  });

  it('tells how long its like looked their name up, and whether the route has named an address', () => {
    const requests = [
      unasked({ at: 1_000 }, 0),
      unasked({ at: 2_000 }, 12),
      unasked({ at: 3_000 }, 4_000),
      atEdge({ at: 4_000 }),
      atEdge({ at: 5_000, attempts: [{ status: httpStatus(200) }] }),
    ];
    const [verdict] = judge(requests);
    expect(textOf(verdict, 'lookup')).toContain(
      'of 3 failures without a peer 2 took time for it, 1 a second',
    );
    expect(textOf(verdict, 'naming')).toContain('of 2 answers of the same route 1 name');
  });

  it('is made by a load balancer behind where only such a one makes its status', () => {
    const [verdict] = judge([atEdge({ at: 1_000, status: 464 })]);
    expect(verdict).toMatchObject({ hop: 'alb', generator: 'proxy' });
    expect(textOf(verdict, 'relayed')).toBe('the upstream itself answered 464');
  });

  it('tells what else failed at the service about then, and not what failed like itself', () => {
    const refused = { symptom: 'connect_refused', code: '521' } as const;
    const late = { symptom: 'header_timed_out', code: '524' } as const;
    const requests = [
      atEdge({ at: 60_000, status: 521, said: refused, attempts: [{ peer: '192.0.2.10' }] }),
      atEdge({ at: 61_000, status: 521, said: refused, attempts: [{ peer: '192.0.2.10' }] }),
      atEdge({ at: 140_000, status: 524, said: late, attempts: [{ peer: '192.0.2.10' }] }),
      atEdge({ at: 60_000, status: 524, said: late, host: 'b.test', attempts: [{ peer: '192.0.2.20' }] }),
    ];
    const texts = judge(requests).map((verdict) => textOf(verdict, 'meanwhile'));
    const waited = 'most other failures of the service about then: the answer did not begin in time (1)';
    expect(texts.filter((text) => text === waited)).toHaveLength(2);
    expect(texts.filter((text) => text === undefined)).toHaveLength(2);
  });

  it('is compared with other addresses of the name, and those that came in place of this one', () => {
    const said = { symptom: 'connect_refused', code: '521' } as const;
    const answer = (at: number, peer: string) =>
      atEdge({ at, attempts: [{ peer, status: httpStatus(200), header: millis(9), response: millis(9) }] });
    const requests = [
      ...Array.from({ length: 20 }, (_, i) => answer(10_000 * i, '192.0.2.10')),
      ...Array.from({ length: 20 }, (_, i) => answer(10_000 * i, '192.0.2.11')),
      ...Array.from({ length: 6 }, (_, i) => answer(190_000 + 10_000 * i, '192.0.2.12')),
      atEdge({ at: 205_000, status: 521, said, attempts: [{ peer: '192.0.2.10' }] }),
    ];
    const [verdict] = judge(requests);
    expect(textOf(verdict, 'addresses')).toContain('2 other addresses of the name answered');
    expect(textOf(verdict, 'addresses')).toContain('1 of them for the first time since this one');
  });

  it('is compared with what its route was before, where a timer ended it', () => {
    const said = { symptom: 'header_timed_out', code: '524' } as const;
    const requests = [
      ...Array.from({ length: 20 }, (_, i) => atEdge({ at: 10_000 * i, duration: 40 })),
      ...Array.from({ length: 9 }, (_, i) =>
        atEdge({ at: 210_000 + i, status: 524, said, duration: 100_000, attempts: [{ peer: '192.0.2.10' }] }),
      ),
    ];
    const [verdict] = judge(requests);
    expect(textOf(verdict, 'route_pace')).toBe(
      'the requests of the route that end about now are 3.0 times as many as before, and took up to 40 ms in quiet times',
    );
  });

  it("is nobody's where the edge asked for itself", () => {
    const [verdict] = judge([atEdge({ at: 1_000, status: 504, attempts: [], asker: 'internal' })]);
    expect(verdict?.outcome).toBe('not_an_error');
    expect(textOf(verdict, 'own_request')).toBe('the hop asked for itself, for no visitor');
  });
});

describe('a line of the connector of a tunnel', () => {
  const failed = atEdge({ at: 60_000, status: 502, ray: '8a00000000000001', attempts: [] });

  it('is given to the request with its ray, and tells more than the edge', () => {
    const other = atEdge({ at: 60_000, status: 502, ray: '8a00000000000002', attempts: [] });
    const verdicts = judge([failed, other], [connectorLine(failed, 'connect_refused', '8a00000000000001')]);
    const byLine = new Map(verdicts.map((one) => [one.rows[0]!.line, one]));
    expect(byLine.get(failed.row.line)?.rows).toHaveLength(2);
    expect(byLine.get(failed.row.line)).toMatchObject({ hop: 'cloudflare', generator: 'proxy' });
    expect(textOf(byLine.get(failed.row.line), 'connect_refused')).toBe(
      'cloudflared says: connection refused',
    );
    expect(byLine.get(other.row.line)?.rows).toHaveLength(1);
  });

  it('is not given to a ray of another time', () => {
    const late = atEdge({ at: 600_000, status: 502, ray: '8a00000000000001', attempts: [] });
    const [verdict] = judge([late], [connectorLine(failed, 'connect_refused', '8a00000000000001')]);
    expect(verdict?.rows).toHaveLength(1);
  });

  it('is given by host and time where it names no ray, once', () => {
    const twin = atEdge({ at: 60_100, status: 502, attempts: [] });
    const elsewhere = atEdge({ at: 60_000, status: 502, host: 'b.test', attempts: [] });
    const verdicts = judge([failed, twin, elsewhere], [connectorLine(failed, 'connect_refused')]);
    expect(verdicts.map((one) => one.rows.length).sort()).toEqual([1, 1, 2]);
    expect(verdicts.find((one) => one.rows.length === 2)?.host).toBe('a.test');
  });

  it('is a failure of its own where no request is logged, if it is about one', () => {
    const noise = { ...connectorLine(failed, 'connect_refused'), host: undefined };
    const verdicts = judge([], [connectorLine(failed, 'connect_refused', '8a00000000000001'), noise], true);
    expect(verdicts).toHaveLength(1);
    expect(verdicts[0]).toMatchObject({ hop: 'cloudflare', generator: 'proxy', peer: 'localhost:8080' });
  });
});

import { columns, type LogRecord, ofInterest, ofNoVisitor, type RequestRecord } from '@why502/model';
import { describe, expect, test } from 'vitest';
import { createNames, lacksColumnNames, recognise } from '../src/index.ts';

const served = {
  ClientIP: '203.0.113.7',
  ClientRequestHost: 'shop.example.com',
  ClientRequestMethod: 'GET',
  ClientRequestURI: '/products/17?size=4',
  ClientRequestProtocol: 'HTTP/2',
  ClientRequestUserAgent: 'curl/8.5.0',
  ClientRequestSource: 'eyeball',
  EdgeColoCode: 'FRA',
  EdgeStartTimestamp: '2026-11-23T06:58:45Z',
  EdgeEndTimestamp: '2026-11-23T06:58:46Z',
  EdgeResponseStatus: 200,
  EdgeResponseBytes: 4_321,
  EdgePathingSrc: 'bic',
  EdgePathingOp: 'wl',
  EdgePathingStatus: 'nr',
  CacheCacheStatus: 'dynamic',
  OriginIP: '198.51.100.20',
  OriginResponseStatus: 200,
  RayID: '84aadad7d753ca2f',
  ParentRayID: '00',
  WorkerStatus: 'unknown',
  OriginDNSResponseTimeMs: 3,
  OriginTCPHandshakeDurationMs: 11,
  OriginTLSHandshakeDurationMs: 24,
  OriginResponseHeaderReceiveDurationMs: 111,
  OriginResponseDurationMs: 146,
  EdgeTimeToFirstByteMs: 150,
  EdgeServerIP: '172.70.251.36',
};
/** What the edge answers by itself. */
const unanswered = {
  ...served,
  OriginResponseStatus: 0,
  OriginTCPHandshakeDurationMs: 0,
  OriginTLSHandshakeDurationMs: 0,
  OriginResponseHeaderReceiveDurationMs: 0,
  OriginResponseDurationMs: 0,
};
const untried = { ...unanswered, OriginIP: '', EdgeServerIP: '' };

/** The lines as records, and as rows with their flags. */
function readLines(text: string) {
  const bytes = Buffer.from(text);
  const found = recognise(bytes);
  if (found === undefined) throw new Error('no format is recognised');
  const decoder = found.format.decoder('f', createNames());
  const rows = columns(100);
  decoder.scan(bytes, 0, bytes.length, true, rows);
  const records: LogRecord[] = [];
  for (let row = 0; row < rows.count; row++) {
    const record = decoder.read(bytes, rows.from[row]!, rows.to[row]!, rows.line[row]!);
    if (!('kind' in record)) throw new Error(`line ${rows.line[row]} is scanned, but not read`);
    records.push(record);
  }
  return { records, flags: [...rows.flags.subarray(0, rows.count)], decoder };
}

function recordOf(line: object): RequestRecord {
  return readLines(`${JSON.stringify(line)}\n`).records[0] as RequestRecord;
}

test('a line is a request that went to one origin', () => {
  expect(recordOf({ ...served, EdgeResponseStatus: 502, OriginResponseStatus: 502 })).toMatchObject({
    row: { source: 'cloudflare', file: 'f', line: 1 },
    end: Date.UTC(2026, 10, 23, 6, 58, 46),
    start: Date.UTC(2026, 10, 23, 6, 58, 45),
    resolution: 1_000,
    duration: 150,
    zoneOffsetMin: undefined,
    status: 502,
    method: 'GET',
    target: '/products/17?size=4',
    requestLine: 'GET /products/17?size=4 HTTP/2',
    route: '/products/*',
    host: 'shop.example.com',
    service: 'shop.example.com',
    client: '203.0.113.7',
    userAgent: 'curl/8.5.0',
    responseBytes: 4_321,
    place: 'FRA',
    asker: 'visitor',
    cached: false,
    said: undefined,
    attempts: [{ peer: '198.51.100.20', status: 502, lookup: 3, connect: 35, header: 111, response: 146 }],
    trail: {
      ids: [{ kind: 'ray', value: '84aadad7d753ca2f' }],
      forwardedFor: undefined,
      egress: '172.70.251.36',
    },
  });
});

describe('what the edge says', () => {
  test.each([
    [520, 'answer_unusable'],
    [521, 'connect_refused'],
    [522, 'connect_timed_out'],
    [523, 'connect_no_route'],
    [524, 'header_timed_out'],
    [525, 'tls_refused'],
    [526, 'tls_certificate_unverified'],
    [530, 'origin_unfound'],
  ])('by status %d', (status, symptom) => {
    expect(recordOf({ ...unanswered, EdgeResponseStatus: status }).said).toEqual({
      symptom,
      code: String(status),
    });
  });

  test.each([
    [530, '1016', 'name_not_found'],
    [530, '1033', 'tunnel_down'],
    [500, '1101', 'function_failed'],
    [503, '1200', 'requests_queued'],
  ])('by status %d with the error type %s', (status, code, symptom) => {
    const line = { ...untried, EdgeResponseStatus: status, ResponseHeaders: { 'cf-error-type': code } };
    expect(recordOf(line).said).toEqual({ symptom, code });
    expect(recordOf(line).logged.has('code')).toBe(true);
  });

  test('by the status where the error type says no more', () => {
    const line = { ...untried, EdgeResponseStatus: 530, ResponseHeaders: { 'cf-error-type': '5xx' } };
    expect(recordOf(line).said).toEqual({ symptom: 'origin_unfound', code: '530' });
    expect(recordOf(line).logged.has('code')).toBe(false);
  });

  test.each([
    [
      503,
      { EdgePathingSrc: 'user', EdgePathingOp: 'ban', EdgePathingStatus: 'rate_limit' },
      'requests_limited',
    ],
    [503, { EdgePathingSrc: 'protect', EdgePathingOp: 'x', EdgePathingStatus: 'l7ddos' }, 'answered_by_rule'],
    [
      530,
      { EdgePathingSrc: 'err', EdgePathingOp: 'err_host', EdgePathingStatus: 'dns_err' },
      'name_not_found',
    ],
    [503, { EdgePathingSrc: 'err', EdgePathingOp: 'errHost', EdgePathingStatus: 'cyclic' }, 'request_loop'],
    [500, { WorkerStatus: 'exception' }, 'function_failed'],
    [502, {}, 'hop_failed'],
    [504, {}, 'hop_failed'],
  ])('by status %d with %o', (status, fields, symptom) => {
    expect(recordOf({ ...untried, EdgeResponseStatus: status, ...fields }).said?.symptom).toBe(symptom);
  });

  test.each([
    ['an answer of the origin', { ...served, EdgeResponseStatus: 502, OriginResponseStatus: 502 }],
    [
      'a status of the edge that an origin sent',
      { ...served, EdgeResponseStatus: 521, OriginResponseStatus: 521 },
    ],
    [
      'a 502 without a word about the origin',
      { ...untried, EdgeResponseStatus: 502, OriginResponseStatus: null },
    ],
    ['a 502 that a Worker passed on', { ...untried, EdgeResponseStatus: 502, WorkerStatus: 'ok' }],
    [
      "a tunnel's page",
      { ...untried, EdgeResponseStatus: 502, ResponseHeaders: { 'cf-cloudflared-response-meta': '{}' } },
    ],
  ])('is nothing of %s', (_, line) => {
    expect(recordOf(line).said).toBeUndefined();
  });
});

test('who was asked: an origin that did not answer, none for an answer out of the cache, none by a Worker', () => {
  const attempts = (line: object) => recordOf(line).attempts;
  expect(attempts({ ...unanswered, EdgeResponseStatus: 521 })).toMatchObject([
    { peer: '198.51.100.20', status: undefined, connect: undefined, header: undefined, response: undefined },
  ]);
  expect(
    attempts({ ...unanswered, EdgeResponseStatus: 524, OriginResponseDurationMs: 100_000 }),
  ).toMatchObject([{ connect: 0, header: undefined, response: 100_000 }]);
  const stale = { ...unanswered, CacheCacheStatus: 'stale' };
  expect(attempts(stale)).toEqual([]);
  expect(recordOf(stale).cached).toBe(true);
  expect(attempts({ ...untried, EdgeResponseStatus: 500, WorkerStatus: 'exception' })).toEqual([]);
});

test('what is absent or null is not 0', () => {
  const { OriginIP, OriginResponseStatus, OriginTCPHandshakeDurationMs, ...rest } = served;
  const record = recordOf({ ...rest, EdgeResponseStatus: 502, OriginResponseDurationMs: null });
  expect(record.attempts).toEqual([]);
  const logged = ['attempts', 'attempt_status', 'attempt_connect'] as const;
  expect(logged.filter((field) => record.logged.has(field))).toEqual([]);
  expect(record.said).toBeUndefined();
});

test('whose request it is stands by name or number', () => {
  const lines = [
    ...['eyeball', 'edgeWorkerFetch', 'healthcheck', 'earlyHintsCache', '1', 5, 4, 11, 'something new'],
  ].map((source) => ({ ...untried, EdgeResponseStatus: 504, ClientRequestSource: source }));
  const { records, flags } = readLines(lines.map((line) => JSON.stringify(line)).join('\n'));
  expect(records.map((record) => (record as RequestRecord).asker)).toEqual([
    ...[
      'visitor',
      'subrequest',
      'probe',
      'internal',
      'visitor',
      'subrequest',
      'probe',
      'internal',
      'visitor',
    ],
  ]);
  expect(flags.map((bits) => (bits & ofNoVisitor) !== 0)).toEqual([
    ...[false, false, true, true, false, false, true, true, false],
  ]);
  const { ClientRequestSource, ...old } = untried;
  expect(recordOf({ ...old, WorkerSubrequest: true }).asker).toBe('subrequest');
});

test('a refusal to fetch ahead is of no visitor, where the log says that it was one', () => {
  const refused = { ...untried, EdgeResponseStatus: 503 };
  const ahead = { RequestHeaders: { 'sec-purpose': 'prefetch' } };
  const lines = [refused, { ...refused, ...ahead }, { ...refused, ...ahead, OriginResponseStatus: 503 }];
  const { records } = readLines(lines.map((line) => JSON.stringify(line)).join('\n'));
  expect(records.map((record) => (record as RequestRecord).asker)).toEqual([
    'visitor',
    'internal',
    'visitor',
  ]);
});

test('an answer that hides a failure of the origin is of interest', () => {
  const { flags } = readLines(JSON.stringify({ ...served, OriginResponseStatus: 503 }));
  expect(flags).toEqual([ofInterest]);
});

test('ids of headers that were chosen to be logged tie the request to other hops', () => {
  const record = recordOf({
    ...served,
    ParentRayID: '84AADAD7D753CA20',
    RequestHeaders: {
      'X-Request-ID': 'r-1',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      'x-amzn-trace-id': 'Root=1-67891233-abcdef012345678912345678',
    },
  });
  expect(record.requestId).toBe('r-1');
  expect(record.trail.ids).toEqual([
    { kind: 'ray', value: '84aadad7d753ca2f' },
    { kind: 'parent_ray', value: '84aadad7d753ca20' },
    { kind: 'request', value: 'r-1' },
    { kind: 'traceparent', value: '4bf92f3577b34da6a3ce929d0e0e4736' },
    { kind: 'trace_root', value: '1-67891233-abcdef012345678912345678' },
  ]);
});

describe('times are exact', () => {
  const at = (end: string | number, start: string | number = end) => {
    // Numbers beyond 2^53 stand in the text as they are.
    const line = JSON.stringify({ ...served, EdgeEndTimestamp: 0, EdgeStartTimestamp: 1 })
      .replace('"EdgeEndTimestamp":0', `"EdgeEndTimestamp":${end}`)
      .replace('"EdgeStartTimestamp":1', `"EdgeStartTimestamp":${start}`);
    return readLines(line).records[0] as RequestRecord;
  };

  test.each([
    ['1764115126999999999', 1_764_115_126_999, 1],
    ['1764115127000000000', 1_764_115_127_000, 1],
    ['1764115126999999', 1_764_115_126_999, 1],
    ['1764115126999', 1_764_115_126_999, 1],
    ['1764115126', 1_764_115_126_000, 1_000],
    ['1764115126.75', 1_764_115_126_750, 1],
    ['"1764115126999999999"', 1_764_115_126_999, 1],
    ['"2025-11-25T23:58:46Z"', 1_764_115_126_000, 1_000],
    ['"2025-11-25T23:58:46.999999999Z"', 1_764_115_126_999, 1],
    ['"2025-11-26T01:58:46+02:00"', 1_764_115_126_000, 1_000],
    ['"2025-11-25 23:58:46"', 1_764_115_126_000, 1_000],
  ])('%s', (text, end, resolution) => {
    expect(at(text)).toMatchObject({ end, start: end, resolution });
  });

  test('also one after another, in days of their own', () => {
    const stamps = ['2026-11-23T23:59:59Z', '2026-11-24T00:00:00Z', '2026-11-23T23:59:58Z'];
    const { records } = readLines(
      stamps.map((stamp) => JSON.stringify({ ...served, EdgeEndTimestamp: stamp })).join('\n'),
    );
    expect(records.map((record) => new Date((record as RequestRecord).end).toISOString())).toEqual([
      ...['2026-11-23T23:59:59.000Z', '2026-11-24T00:00:00.000Z'],
      '2026-11-23T23:59:58.000Z',
    ]);
  });

  test('a duration of whole seconds is told by the first byte, where they agree', () => {
    expect(at('"2026-11-23T06:58:46Z"', '"2026-11-23T06:58:45Z"').duration).toBe(150);
    expect(at('"2026-11-23T06:59:45Z"', '"2026-11-23T06:58:45Z"').duration).toBe(60_000);
    expect(at('1764115126999999999', '1764115126000000000').duration).toBe(999);
  });
});

describe('a CSV', () => {
  const names =
    'ClientIP,ClientRequestHost,ClientRequestURI,EdgeStartTimestamp,EdgeEndTimestamp,EdgeResponseStatus';
  const row =
    '"203.0.113.7","shop.example.com","/a ""b"", c?d=1",1764115126000000000,1764115126999999999,502';

  test('is read by its row of names, which may come again and is no request', () => {
    const { records, decoder } = readLines(`${names}\n${row}\n${names}\n${row.replace('502', '200')}\n`);
    expect(records).toMatchObject([
      {
        row: { line: 2 },
        client: '203.0.113.7',
        host: 'shop.example.com',
        target: '/a "b", c?d=1',
        route: '/a',
        end: 1_764_115_126_999,
        status: 502,
      },
      { row: { line: 4 }, status: 200 },
    ]);
    expect([decoder.lines, decoder.setAside, decoder.faults.count]).toEqual([4, 2, 0]);
  });

  test.each([
    [';', '"a;b"'],
    ['\t', '"a\tb"'],
    ['|', '"a|b"'],
  ])('may be delimited by %j', (delimiter, host) => {
    const text = `"EdgeResponseStatus"${delimiter}ClientRequestHost${delimiter}Own${delimiter}EdgeEndTimestamp\n503${delimiter}${host}${delimiter}${delimiter}"2025-11-25T23:58:46Z"\n`;
    expect(readLines(text).records).toMatchObject([
      { status: 503, host: host.slice(1, -1), end: 1_764_115_126_000 },
    ]);
  });

  test('holds a value where the cell is not empty, and names what the line lacks by its column', () => {
    const { records } = readLines(`${names},OriginIP,OriginResponseStatus\n${row},"",0\n${row},,\n`);
    expect(records).toMatchObject([
      { said: { symptom: 'hop_failed' }, attempts: [] },
      { said: undefined, attempts: [] },
    ]);
    expect((records[1] as RequestRecord).logged.has('attempts')).toBe(true);
  });

  test('has faults where a line is cut, or its quotes do not match', () => {
    const { records, decoder } = readLines(`${names}\n${row}\n${row.slice(0, 60)}\n"${row}\n`);
    expect([records.length, decoder.faults.count]).toEqual([1, 2]);
  });

  test('without a row of names is not guessed at', () => {
    const nameless = `"203.0.113.7","shop.example.com",1764115126000000000,1764115126999999999,502,"84aadad7d753ca2f"\n`;
    expect(recognise(Buffer.from(nameless.repeat(3)))).toBeUndefined();
    expect(lacksColumnNames(Buffer.from(nameless.repeat(3)))).toBe(true);
    expect(lacksColumnNames(Buffer.from(`${names}\n${row}\n`))).toBe(false);
  });
});

describe('among lines of JSON', () => {
  const line = JSON.stringify({ ...served, EdgeResponseStatus: 502 });

  test('a row of names, damage and other lines are no requests, and are counted', () => {
    const { records, decoder } = readLines(
      [line, Object.keys(served).join(','), line.slice(0, 300), '', '{"level":"info"}', line].join('\n'),
    );
    expect(records.map(({ row }) => row.line)).toEqual([1, 6]);
    expect([decoder.setAside, decoder.faults.count]).toEqual([2, 2]);
    expect(decoder.faults.samples.map(({ reason }) => reason)).toEqual(['not_json', 'bad_time']);
  });

  test('the order of the keys, their spelling and what stands around them may change', () => {
    const entries = Object.entries({ ...served, EdgeResponseStatus: 502, OriginResponseStatus: 502 });
    const spelled = (how: (key: string) => string) =>
      JSON.stringify(Object.fromEntries(entries.map(([key, value]) => [how(key), value])));
    const snake = (key: string) => key.replaceAll(/([a-z])(?=[A-Z])/g, '$1_').toLowerCase();
    const lines = [
      spelled((key) => key),
      JSON.stringify(Object.fromEntries(entries.toReversed())),
      `  {  ${entries.map(([key, value]) => `"${key}" :\t${JSON.stringify(value)}`).join(' , ')} }  `,
      spelled(snake),
      JSON.stringify({ More: { EdgeResponseStatus: 200, OriginIP: 'x' }, ...Object.fromEntries(entries) }),
      JSON.stringify({
        ...Object.fromEntries(entries),
        ClientRequestUserAgent: '"EdgeResponseStatus":200,{',
      }),
    ];
    const { records } = readLines(lines.join('\n'));
    expect(records).toHaveLength(lines.length);
    for (const record of records) {
      const { attempts, host, place, end } = records[0] as RequestRecord;
      expect(record).toMatchObject({ status: 502, attempts, host, place, end });
    }
  });

  test.each([
    ['a template', (text: string) => `{"event":${text}}`],
    ['a template with more', (text: string) => `{"source":"cf","event":${text},"tags":["a"]}`],
    ['several objects', (text: string) => `{"cloudflare":{"http":${text}}}`],
  ])('the record may stand in %s', (_, around) => {
    const { records, decoder } = readLines(`${around(line)}\n${around(line.replace('502', '503'))}\n`);
    expect(records.map((record) => (record as RequestRecord).status)).toEqual([502, 503]);
    expect(decoder.faults.count).toBe(0);
  });

  test('keys of prototypes, depth and number of keys harm nothing', () => {
    const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;
    const many = Array.from({ length: 100_000 }, (_, index) => `"k${index}":1`).join(',');
    const polluting = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},';
    const lines = [
      line.replace('{', polluting),
      line.replace('{', `{"deep":${deep},`),
      line.replace('{', `{${many},`),
      line.replace('}', `,"ResponseHeaders":{"__proto__":"x","cf-error-type":"1016"}}`),
      line.replace('}', ',"EdgeResponseStatus":200}'),
    ];
    const { records, decoder } = readLines([line, ...lines].join('\n'));
    expect(records.map(({ row }) => row.line)).toEqual([1, 2, 5, 6]);
    expect(decoder.faults.count).toBe(2);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    // Of a key that stands twice the first counts.
    expect((records[3] as RequestRecord).status).toBe(502);
  });
});

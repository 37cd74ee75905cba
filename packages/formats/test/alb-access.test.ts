import { columns, type RequestRecord } from '@why502/model';
import { describe, expect, test } from 'vitest';
import { createNames, recognise } from '../src/index.ts';
import { type fields, line } from './alb-sample.ts';

const key =
  '123441103820_elasticloadbalancing_us-east-1_app.iot-api.54bb61a258b9832d_20261006T0925Z_10.0.0.142_5ac1.log.gz';

function read(text: string | Buffer, file = 'alb.log'): RequestRecord {
  const bytes = Buffer.from(text);
  const decoder = recognise(Buffer.from(line({}, 34)))!.format.decoder(file, createNames());
  const rows = columns(10);
  decoder.scan(bytes, 0, bytes.length, true, rows);
  expect([rows.count, decoder.faults.count]).toEqual([1, 0]);
  const record = decoder.read(bytes, rows.from[0]!, rows.to[0]!, rows.line[0]!);
  if (!('kind' in record) || record.kind !== 'request') throw new Error('no request');
  return record;
}

describe('a line of an access log', () => {
  test('is recognised by itself', () => {
    const found = recognise(Buffer.from(`${line()}\n`));
    expect([found?.format.name, found?.format.source, found?.sureness]).toEqual(['ALB access log', 'alb', 1]);
  });

  test('becomes a request with one attempt towards its target', () => {
    const second = Date.UTC(2026, 9, 6, 9, 20, 30);
    expect(read(line({}, 34))).toMatchObject({
      end: second + 21.784,
      start: second + 20.994,
      duration: 0.79,
      status: 502,
      method: 'POST',
      target: '/v1/orders?a=1',
      requestLine: 'POST /v1/orders?a=1 HTTP/1.1',
      route: '/*/orders',
      host: 'iot.example.com',
      client: '198.18.10.121',
      service: 'tg-api',
      responseBytes: 292,
      said: undefined,
      place: '10.0.0.31',
      asker: 'visitor',
      attempts: [
        { peer: '10.0.11.31:8080', status: undefined, connect: 0, header: undefined, response: 0.79 },
      ],
      trail: {
        ids: [
          { kind: 'trace_root', value: '1-6ac4bd5e-d55e019bc5b6e618e6fc6302' },
          { kind: 'connection', value: 'TID_11bc991f3ef31644ab135859aeff9a3a' },
        ],
        egress: '10.0.0.31',
      },
    });
  });

  test('has a time of each phase where the target answered', () => {
    const { duration, attempts } = read(line({ after: '0.002', status: '200', targetStatus: '200' }));
    expect(duration).toBe(3);
    expect(attempts[0]).toMatchObject({ status: 200, connect: 0, header: 1, response: 0.79 });
  });

  test('has the time since its creation for a duration where one of the three is missing', () => {
    const times = { before: '-1', inTarget: '-1', after: '-1', status: '504' };
    const late = read(line({ ...times, created: '2026-10-06T09:20:20.000000Z' }));
    expect(late.duration).toBe(10_021.784);
    expect(late.attempts).toMatchObject([{ connect: undefined, header: undefined, response: 10_021.784 }]);
    expect(read(line({ ...times, created: '2026-10-06T09:20:31.000000Z' })).duration).toBeUndefined();
  });

  test('of any age is read, and says what it can say', () => {
    for (const count of [12, 17, 18, 20, 21, 22, 25, 27, 29, 30, 33, 34]) {
      const record = read(line({}, count));
      expect([count, record.status, record.attempts[0]?.peer]).toEqual([count, 502, '10.0.11.31:8080']);
      expect(record.logged.has('service')).toBe(count >= 17);
      expect(record.logged.has('trail')).toBe(count >= 18);
      expect(record.logged.has('attempt_response')).toBe(count >= 22);
      expect(record.logged.has('code')).toBe(count >= 23);
      expect(record.place).toBe(count >= 34 ? '10.0.0.31' : undefined);
    }
  });

  test('may have fields behind those that are known, a bare dash, or a space at its end', () => {
    for (const more of [' -', ' ', ' - -', ' target_reset "a b" c d e f "g\\"', ' "']) {
      expect(read(line({}, 34) + more)).toMatchObject({ status: 502, place: '10.0.0.31', service: 'tg-api' });
    }
    expect(read(`${line({}, 25)} `)).toMatchObject({ service: 'tg-api' });
  });

  test('may hold spaces and escaped quotes where clients choose the text', () => {
    const hostile = read(
      line({
        request: String.raw`"GET https://iot.example.com:443/a b?q=\"x\" y HTTP/1.1"`,
        agent: String.raw`"Optional(\"Mozilla/5.0 (a; b)\") \\"`,
      }),
    );
    expect(hostile).toMatchObject({
      target: '/a b?q="x" y',
      userAgent: 'Optional("Mozilla/5.0 (a; b)") \\',
      service: 'tg-api',
      said: undefined,
    });
    const bare = read(line({ request: '"GET https://h:443/?q="a b" c HTTP/1.1"', agent: '"a"b" c"' }));
    expect(bare).toMatchObject({ target: '/?q="a b" c', host: 'h', status: 502 });
  });

  test('may hold bytes beyond ASCII, raw and written out', () => {
    const record = read(line({ agent: String.raw`"café \xc3\xa9 \x5C"` }));
    expect(record.userAgent).toBe('café é \\');
    const broken = Buffer.concat([
      Buffer.from(line().slice(0, 40)),
      Buffer.of(0xff, 0xc3),
      Buffer.from(line().slice(42)),
    ]);
    expect(() => recognise(broken)).not.toThrow();
  });

  test('may be of a request that never was whole', () => {
    const nothing = read(
      line({
        client: '192.0.2.7:1',
        target: '-',
        before: '-1',
        inTarget: '-1',
        status: '400',
        request: '"- http://iot-api-1.elb.amazonaws.com:80- -"',
        agent: '"-"',
        group: '-',
        actions: '"-"',
      }),
    );
    expect(nothing).toMatchObject({
      method: undefined,
      target: undefined,
      requestLine: undefined,
      route: undefined,
      host: 'iot-api-1.elb.amazonaws.com',
      userAgent: undefined,
      service: undefined,
      attempts: [],
    });
    for (const [request, asked] of [
      ['"- - - "', { method: undefined, target: undefined, host: 'iot.example.com' }],
      ['"-"', { method: undefined, target: undefined, host: 'iot.example.com' }],
      ['" https://h:443/x HTTP/1.1"', { method: undefined, target: '/x', host: 'h' }],
      ['"https://h:443/x HTTP/1.1"', { method: undefined, target: '/x', host: 'h' }],
      ['"GET https://[2001:db8::1]:443/x HTTP/2.0"', { method: 'GET', target: '/x', host: '[2001:db8::1]' }],
      ['"GET /x HTTP/1.0"', { method: 'GET', target: '/x', host: 'iot.example.com' }],
      ['"GET http://h:80/x -"', { method: 'GET', target: '/x', host: 'h' }],
      ['"OPTIONS http://h:80* HTTP/1.1"', { method: 'OPTIONS', target: undefined, host: 'h' }],
    ] as const)
      expect(read(line({ request })), request).toMatchObject(asked);
  });

  test('may come from an address of version 6, in brackets or bare', () => {
    expect(read(line({ client: '[2001:db8::4c0]:43671' })).client).toBe('2001:db8::4c0');
    expect(read(line({ client: '2001:db8::4c0:43671' })).client).toBe('2001:db8::4c0');
    expect(read(line({ client: '-' })).client).toBeUndefined();
    expect(read(line({ target: '[2001:db8::1]:80' })).attempts[0]?.peer).toBe('[2001:db8::1]:80');
  });

  test('is of any kind of connection', () => {
    for (const type of ['http', 'https', 'h2', 'grpcs', 'ws', 'wss', 'h3']) {
      const bytes = Buffer.from(line({ type, status: '101' }));
      expect([type, recognise(bytes)?.format.source]).toEqual([type, 'alb']);
      expect(read(bytes).status).toBe(101);
    }
  });

  test('of a function has an attempt without a peer', () => {
    const ofFunction = { target: '-', before: '0.001', inTarget: '0.059', targets: '"-"' };
    expect(read(line({ ...ofFunction, reason: '"LambdaUnhandled"' }))).toMatchObject({
      attempts: [{ peer: undefined, status: undefined, connect: 1 }],
      said: { symptom: 'function_failed', code: 'LambdaUnhandled' },
    });
    const answered = { ...ofFunction, after: '0.000', status: '500', targetStatus: '500' };
    expect(read(line(answered)).attempts).toMatchObject([{ peer: undefined, status: 500, header: 59 }]);
  });

  test('tells the node by the name of its file, and the private one by which it goes on', () => {
    expect(read(line(), `AWSLogs/1/elasticloadbalancing/eu-west-1/2026/10/06/${key}`)).toMatchObject({
      place: '10.0.0.142',
      trail: { egress: '10.0.0.142' },
    });
    const outward = read(line(), key.replace('10.0.0.142', '203.0.113.111'));
    expect([outward.place, outward.trail.egress]).toEqual(['203.0.113.111', undefined]);
  });

  test('tells the ray of an edge that was sent on with the trace', () => {
    const trace =
      '"Self=1-67891233-12456789abcdef012345678;Root=1-67891233-abcdef012345678912345678;CFRay=84079bbcbf18d314-LHR"';
    expect(read(line({ trace })).trail.ids).toContainEqual({ kind: 'ray', value: '84079bbcbf18d314' });
  });

  test('without a time or a status is a fault that says where', () => {
    for (const [text, reason, column] of [
      [line({ time: '2026-13-06T09:20:30Z' }), 'bad_time', 6],
      [line({ status: '5022' }), 'bad_status', line().indexOf(' 502 ') + 1],
      [line({}, 11), 'does_not_fit', line({}, 11).length],
      ['https', 'does_not_fit', 5],
    ] as const) {
      const decoder = recognise(Buffer.from(line()))!.format.decoder('f', createNames());
      const bytes = Buffer.from(text);
      decoder.scan(bytes, 0, bytes.length, true, columns(2));
      expect(decoder.faults.samples, text).toMatchObject([{ reason, column }]);
    }
  });
});

describe('what a load balancer says by a code', () => {
  const noTarget = { target: '-', before: '-1', inTarget: '-1' };
  test.each([
    [{ ...noTarget, status: '503' }, 'no_peer_registered', '503'],
    [
      { ...noTarget, status: '503', actions: '"fixed-response"', group: '-' },
      'answered_by_rule',
      'fixed-response',
    ],
    [{ ...noTarget, status: '302', actions: '"waf,redirect"' }, 'answered_by_rule', 'redirect'],
    [{ ...noTarget, status: '403', actions: '"waf"' }, 'answered_by_rule', 'waf'],
    [{ ...noTarget, status: '500', actions: '"waf-failed"' }, 'hop_failed', 'waf-failed'],
    [{ status: '460' }, 'client_closed', '460'],
    [{ ...noTarget, status: '463' }, 'request_loop', '463'],
    [{ ...noTarget, status: '464' }, 'protocol_version_refused', '464'],
    [{ ...noTarget, status: '561', actions: '"authenticate"' }, 'login_service_failed', '561'],
    [{ ...noTarget, status: '000' }, 'client_invalid', '000'],
    [{ ...noTarget, status: '-' }, 'client_invalid', '000'],
    [
      { ...noTarget, status: '400', classification: '"Severe"', classificationReason: '"BadUri"' },
      'client_invalid',
      'BadUri',
    ],
    [
      { ...noTarget, status: '500', transformStatus: '"TransformInvalidPath"' },
      'rewrite_failed',
      'TransformInvalidPath',
    ],
    ...[
      ['LambdaThrottling', 'function_throttled'],
      ['LambdaENILimitReached', 'function_throttled'],
      ['LambdaEC2ThrottledException', 'function_throttled'],
      ['LambdaInvalidResponse', 'function_answer_invalid'],
      ['LambdaResponseTooLarge', 'function_answer_invalid'],
      ['LambdaAccessDenied', 'function_set_up_wrong'],
      ['LambdaKMSDisabledException', 'function_set_up_wrong'],
      ['LambdaRequestTooLarge', 'client_invalid'],
      ['LambdaServiceException', 'function_unreachable'],
      ['LambdaConnectionTimeout', 'function_unreachable'],
      ['LambdaSomethingNew', 'function_failed'],
      ['AuthTokenEpRequestTimeout', 'login_service_failed'],
      ['AuthSomethingNew', 'login_service_failed'],
      ['AuthInvalidCookie', 'login_refused'],
      ['AuthMissingStateParam', 'login_refused'],
      ['WAFConnectionTimeout', 'hop_failed'],
      ['WAFSomethingNew', 'hop_failed'],
      ['WeightedTargetGroupsUnhandledException', 'hop_failed'],
      ['AWSALBTGCookieInvalid', 'client_invalid'],
      ['TransformSomethingNew', 'rewrite_failed'],
    ].map(([reason, symptom]) => [{ ...noTarget, reason: `"${reason}"` }, symptom, reason] as const),
  ] as const)('%o', (changes, symptom, code) => {
    expect(read(line(changes as Partial<typeof fields>)).said).toEqual({ symptom, code });
  });

  test('is nothing where it only passed on or failed to connect', () => {
    for (const changes of [
      {},
      { status: '503', targetStatus: '503' },
      { ...noTarget, status: '504' },
      { classification: '"Severe"', classificationReason: '"BadUri"' },
      { transformStatus: '"TransformSuccess"' },
      { reason: '"Unheard"' },
    ])
      expect(read(line(changes)).said).toBeUndefined();
  });
});

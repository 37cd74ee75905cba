import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { patient, sparing } from '@why502/flow';
import { httpStatus, instant, millis, type Problem, type Result, type Verdict } from '@why502/model';
import { eventSink, openMetrics, sending, serveMetrics } from '@why502/otel';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { incident, trafficRow, verdict } from '../contracts/results.ts';
import { Collector, valuesOf } from './collector.ts';

let collector: Collector;

beforeEach(async () => {
  collector = new Collector();
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = await collector.open();
  process.env.OTEL_RESOURCE_ATTRIBUTES = 'deployment.environment.name=test';
});

afterEach(async () => {
  delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
  delete process.env.OTEL_RESOURCE_ATTRIBUTES;
  await collector.close();
});

function told(change: Partial<Verdict> = {}): Result {
  return { kind: 'verdict', verdict: verdict(change) };
}

function batch(...results: Result[]) {
  return { token: 'token', results };
}

describe('a verdict as an event', () => {
  it('says what is known of the failure, by the names of the conventions', async () => {
    const sink = eventSink({ titles: new Map([['process_down', 'The process behind the peer is down']]) });
    expect(await sink.deliver(batch(told(), { kind: 'incident', incident: incident() }))).toEqual({
      kind: 'stored',
    });
    await sink.close();
    const [event, ...others] = collector.events;
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      severityNumber: 17,
      timeUnixNano: `${verdict().time}000000`,
      body: {
        stringValue:
          'Status 502: The process behind the peer is down (10.0.0.7:8080); upstream_fault, 94 % sure',
      },
    });
    // Field 12 of a log record, which the definitions at hand do not know yet: length and text.
    expect(collector.bytes.includes('\x62\x0ewhy502.verdict')).toBe(true);
    expect(valuesOf(event!.attributes)).toMatchObject({
      'http.response.status_code': 502,
      'http.request.method': 'GET',
      'network.peer.address': '10.0.0.7',
      'network.peer.port': 8080,
      'error.type': 'process_down',
      'why502.cause': 'upstream_fault',
      'why502.source': 'nginx',
      'why502.verdict.id': 'v1',
      'why502.ruleset': '0123456789ab',
      'why502.evidence': ['nginx was refused the connection', 'the peer answered nothing for 11 s'],
      'log.file.path': 'access.log',
      'why502.log.line': 1043,
    });
    expect(valuesOf(collector.resources[0]!)).toMatchObject({
      'service.name': 'why502',
      'deployment.environment.name': 'test',
    });
  });

  it('belongs to the trace and span of the request, as far as a log names them', async () => {
    const sink = eventSink();
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const spanId = '00f067aa0ba902b7';
    await sink.deliver(
      batch(
        told({ trace: { traceId, spanId } }),
        told({ id: 'v2', trace: { traceId, spanId: undefined } }),
        told({ id: 'v3' }),
      ),
    );
    await sink.close();
    const hex = (bytes: Uint8Array = new Uint8Array()) => Buffer.from(bytes).toString('hex');
    expect(collector.events.map((event) => [hex(event.traceId), hex(event.spanId)])).toEqual([
      [traceId, spanId],
      [traceId, ''],
      ['', ''],
    ]);
  });

  it('holds no client, no query, and no value that is absent', async () => {
    const sink = eventSink();
    await sink.deliver(batch(told({ peer: undefined, mechanism: undefined, requestId: undefined })));
    await sink.close();
    const values = valuesOf(collector.events[0]!.attributes);
    expect(JSON.stringify(values)).not.toMatch(/customer/);
    expect(Object.values(values)).not.toContain(undefined);
    expect(Object.keys(values)).not.toContain('network.peer.address');
    expect(values['error.type']).toBe('_OTHER');
  });
});

describe('a collector', () => {
  const quick = { longest: millis(60_000), wait: async () => {}, random: () => 0 };

  it('that is busy gets the same batch again', async () => {
    // The exporter itself asks five times where it is told to come again; what it leaves is tried by the sink's decorator.
    collector.answer = () => (collector.asked < 2 ? 502 : 200);
    const sink = patient(eventSink(), quick);
    expect(await sink.deliver(batch(told(), told({ id: 'v2' })))).toEqual({ kind: 'stored' });
    await sink.close();
    expect(collector.events.map(({ attributes }) => valuesOf(attributes)['why502.verdict.id'])).toEqual([
      'v1',
      'v2',
    ]);
  }, 60_000);

  it('that refuses one event keeps out no other', async () => {
    const isBad = (event: { attributes: Parameters<typeof valuesOf>[0] }) =>
      valuesOf(event.attributes)['why502.verdict.id'] === 'v7';
    collector.answer = (events) => (events.some(isBad) ? 413 : 200);
    const aside: Result[] = [];
    const sink = sparing(patient(eventSink(), quick), async (result) => {
      aside.push(result);
    });
    await sink.deliver(batch(...Array.from({ length: 20 }, (_, i) => told({ id: `v${i}` }))));
    await sink.close();
    expect(collector.events).toHaveLength(19);
    expect(aside).toMatchObject([{ verdict: { id: 'v7' } }]);
  });

  it('that takes all but some is asked for none again, and what it refused is counted and told', async () => {
    collector.answer = () => ({ rejected: 3, message: 'too old' });
    const sink = sparing(patient(eventSink(), quick), async () => {});
    const delivery = await sink.deliver(
      batch(...Array.from({ length: 20 }, (_, i) => told({ id: `v${i}` }))),
    );
    expect(delivery).toMatchObject({
      kind: 'stored',
      refused: {
        results: 3,
        cause: { code: 'W502_OTEL_PARTIAL', details: { excerpt: '3 of 20 refused: too old' } },
      },
    });
    expect(collector.asked).toBe(1);
    // A warning refuses nothing, and the next answer says nothing of it.
    collector.answer = () => ({ rejected: 0, message: 'attributes were cut' });
    expect(await sink.deliver(batch(told()))).toMatchObject({ kind: 'stored', refused: { results: 0 } });
    collector.answer = () => 200;
    expect(await sink.deliver(batch(told()))).toEqual({ kind: 'stored' });
    // It cannot refuse more than it was sent.
    collector.answer = () => ({ rejected: 9 });
    expect(await sink.deliver(batch(told()))).toMatchObject({ refused: { results: 1 } });
    await sink.close();
  });

  it('that refuses one event and some more of each part refuses the sum', async () => {
    const isBad = (event: { attributes: Parameters<typeof valuesOf>[0] }) =>
      valuesOf(event.attributes)['why502.verdict.id'] === 'v7';
    let partly = 0;
    collector.answer = (events) => {
      if (events.some(isBad)) return 413;
      partly++;
      return { rejected: 1 };
    };
    const sink = sparing(patient(eventSink(), quick), async () => {});
    const delivery = await sink.deliver(
      batch(...Array.from({ length: 20 }, (_, i) => told({ id: `v${i}` }))),
    );
    await sink.close();
    expect(partly).toBeGreaterThan(1);
    expect(delivery).toMatchObject({ kind: 'stored', refused: { results: partly } });
    expect(collector.events.length).toBe(19 - partly);
  });

  it('that is not there, or wants a login, is told of', async () => {
    collector.answer = () => 401;
    const sink = eventSink();
    // Read when something is to be said of it; a query may be a token.
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT += '/?token=of-nobody-else';
    const delivery = await sink.deliver(batch(told()));
    expect(delivery).toMatchObject({ kind: 'retry', cause: { code: 'W502_OTEL_REFUSED' } });
    expect(JSON.stringify(delivery)).not.toContain('of-nobody-else');
    expect(JSON.stringify((delivery as { cause: { details: unknown } }).cause.details)).not.toContain(
      'token',
    );
    await sink.close();
  });
});

describe('the variables of the environment', () => {
  it.each([
    [{}, { metrics: true, events: true }],
    [{ OTEL_SDK_DISABLED: 'TRUE' }, { metrics: false, events: false }],
    [{ OTEL_METRICS_EXPORTER: 'none' }, { metrics: false, events: true }],
    [{ OTEL_LOGS_EXPORTER: 'none' }, { metrics: true, events: false }],
    [
      { OTEL_LOGS_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' },
      { metrics: true, events: true },
    ],
    [
      { OTEL_SDK_DISABLED: 'true', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      { metrics: false, events: false },
    ],
  ])('%j say what is sent', (environment, sent) => expect(sending(environment)).toEqual(sent));

  it.each([
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
    ['OTEL_EXPORTER_OTLP_LOGS_PROTOCOL', 'http/json'],
    ['OTEL_METRICS_EXPORTER', 'console'],
    ['OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', 'delta'],
  ])('%s=%s is refused, and named', (name, value) => {
    expect(() => sending({ [name]: value })).toThrow(
      expect.objectContaining({
        code: 'W502_OTEL_SETTING',
        details: expect.objectContaining({ where: name, excerpt: value }),
      }),
    );
  });
});

describe('a collector of metrics', () => {
  it('that takes none is told of, each time', async () => {
    collector.answerToMetrics = 400;
    process.env.OTEL_METRIC_EXPORT_INTERVAL = '100';
    process.env.OTEL_METRIC_EXPORT_TIMEOUT = '80';
    const troubles: string[] = [];
    const metrics = openMetrics({ send: true, onFailure: ({ code }) => troubles.push(code) });
    metrics.add(told());
    await vi.waitFor(() => expect(troubles.length).toBeGreaterThan(1), 5_000);
    await metrics.close();
    delete process.env.OTEL_METRIC_EXPORT_INTERVAL;
    delete process.env.OTEL_METRIC_EXPORT_TIMEOUT;
    expect(new Set(troubles)).toEqual(new Set(['W502_OTEL_REFUSED']));
  });

  it('that refuses some points is told of, and they are counted', async () => {
    collector.answerToMetrics = { rejected: 2, message: 'out of order' };
    process.env.OTEL_METRIC_EXPORT_INTERVAL = '100';
    process.env.OTEL_METRIC_EXPORT_TIMEOUT = '80';
    const [partly, failures]: [Problem[], Problem[]] = [[], []];
    const metrics = openMetrics({
      send: true,
      onFailure: (problem) => failures.push(problem),
      onPartly: (problem) => partly.push(problem),
    });
    metrics.add(told());
    const counted = () =>
      collector.metrics
        .findLast(({ name }) => name === 'why502.data_points.refused')
        ?.sum?.dataPoints.map(({ asDouble, asInt }) => Number(asDouble ?? asInt));
    await vi.waitFor(() => expect(counted()?.[0]).toBeGreaterThan(2), 5_000);
    await metrics.close();
    delete process.env.OTEL_METRIC_EXPORT_INTERVAL;
    delete process.env.OTEL_METRIC_EXPORT_TIMEOUT;
    expect(failures).toEqual([]);
    expect(partly[0]).toMatchObject({
      code: 'W502_OTEL_PARTIAL',
      details: { excerpt: expect.stringMatching(/^[12] of \d+ refused: out of order$/) },
    });
  });

  it('that never answers holds up no end for longer than two seconds', async () => {
    collector.answer = () => 'silence';
    collector.answerToMetrics = 'silence';
    const metrics = openMetrics({ send: true });
    metrics.add(told());
    const sink = eventSink();
    void sink.deliver(batch(told()));
    const began = performance.now();
    await Promise.all([metrics.close(), sink.close()]);
    expect(performance.now() - began).toBeLessThan(2_500);
  });
});

describe('metrics', () => {
  async function scraped(results: readonly Result[], by: ('peer' | 'host')[] = []): Promise<string> {
    const metrics = openMetrics({ send: true, by, now: () => Date.UTC(2026, 10, 23, 7, 26) });
    for (const result of results) metrics.add(result);
    metrics.read({
      files: [
        { source: 'nginx', lines: 10, faults: 1 },
        { source: 'nginx', lines: 5, faults: 0 },
      ],
      latest: new Map([
        ['nginx', instant(Date.UTC(2026, 10, 23, 7, 25))],
        ['alb', instant(Date.UTC(2026, 10, 23, 7, 20))],
      ]),
      gaps: 2,
    });
    const server = await serveMetrics({ host: '127.0.0.1', port: 0 }, metrics.scrape, () => ({
      ok: true,
      details: {},
    }));
    const text = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
    await server.close();
    await metrics.close();
    return text;
  }

  function sum(text: string, name: string): number {
    const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`));
    return lines.reduce((total, line) => total + Number(line.split(' ').at(-1)), 0);
  }

  it('count a failure once, when its verdict is final, and what it says of itself', async () => {
    const text = await scraped([
      told({ final: false, revision: 0, cause: 'network' }),
      told(),
      told({ id: 'm', outcome: 'masked' }),
      told({ id: 'n', outcome: 'not_an_error' }),
      told({ id: 'o', mergedInto: 'v1' }),
      { kind: 'incident', incident: incident({ revision: 0 }) },
      { kind: 'incident', incident: incident({ revision: 1 }) },
      {
        kind: 'traffic',
        rows: [trafficRow({ requests: 40 }), trafficRow({ requests: 2, status: httpStatus(502) })],
        attempts: { ok: 40, failed: 3, left: 0 },
      },
    ]);
    expect(sum(text, 'why502_failures_total')).toBe(1);
    expect(text).toMatch(
      /why502_failures_total\{.*why502_cause="upstream_fault",error_type="process_down".*\} 1\n/,
    );
    expect(sum(text, 'why502_masked_total')).toBe(1);
    expect(sum(text, 'why502_incidents_total')).toBe(1);
    expect(sum(text, 'why502_requests_total')).toBe(42);
    expect(sum(text, 'why502_upstream_attempts_total')).toBe(43);
    expect(text).toMatch(/^why502_upstream_attempts_total\{.*why502_source="nginx",result="failed".*\} 3$/m);
    expect(text).not.toContain('result="left"');
    expect(sum(text, 'why502_lines_total')).toBe(15);
    expect(text).toMatch(/^why502_gaps_total(\{.*\})? 2$/m);
    expect(text).toMatch(/^why502_lag_seconds\{.*why502_source="nginx".*\} 60$/m);
    expect(text).toMatch(/^why502_lag_seconds\{.*why502_source="alb".*\} 360$/m);
    expect(text).toMatch(/^why502_request_duration_seconds_bucket\{.*le="\+Inf".*\} \d+$/m);
  });

  it('say by OTLP what they say to be scraped', async () => {
    const rows = [trafficRow({ requests: 40 })];
    await scraped([told(), { kind: 'traffic', rows }]);
    const names = new Set(collector.metrics.map(({ name }) => name));
    for (const name of ['requests', 'failures', 'lines', 'lag', 'request.duration'])
      expect(names).toContain(`why502.${name}`);
    const [failures] = collector.metrics.filter(({ name }) => name === 'why502.failures');
    expect(failures).toMatchObject({ unit: '{request}', sum: { isMonotonic: true } });
    expect(failures!.sum!.dataPoints).toHaveLength(1);
    const [durations] = collector.metrics.filter(({ name }) => name === 'why502.request.duration');
    const counted = rows[0]!.durations.reduce((total, count) => total + count, 0);
    expect(Number(durations!.histogram!.dataPoints[0]!.count)).toBe(counted);
  });

  it('tell a hundred peers apart and lose none of ten thousand', async () => {
    const results = Array.from({ length: 10_000 }, (_, i) =>
      told({ id: `v${i}`, peer: `10.0.${i >> 8}.${i & 255}:80` }),
    );
    const text = await scraped(results, ['peer']);
    const peers = new Set([...text.matchAll(/network_peer_address="([^"]*)"/g)].map(([, peer]) => peer));
    expect(peers.size).toBe(101);
    expect(peers).toContain('_OTHER');
    expect(sum(text, 'why502_failures_total')).toBe(10_000);
  });

  it('hold nothing of a request, nor what could end a line', async () => {
    const text = await scraped(
      [told({ peer: 'a"} 1\nwhy502_forged_total 1', host: 'h\\"', requestId: 'secret-id' })],
      ['peer', 'host'],
    );
    expect(text).not.toMatch(/^why502_forged/m);
    expect(text).not.toMatch(/secret-id|\/v1\/orders/);
  });
});

describe('the server of metrics', () => {
  it('answers what it has, refuses the rest, and says when it is stuck', async () => {
    let ok = true;
    const server = await serveMetrics(
      { host: '127.0.0.1', port: 0 },
      (_, response) => response.end('metrics'),
      () => ({ ok, details: { clickhouse: 'delayed' } }),
    );
    const at = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${server.port}${path}`, { method });
    expect(await (await at('/metrics')).text()).toBe('metrics');
    expect((await at('/healthz')).status).toBe(200);
    ok = false;
    expect(await (await at('/healthz')).json()).toEqual({ status: 'stuck', clickhouse: 'delayed' });
    expect((await at('/healthz')).status).toBe(503);
    expect((await at('/etc/passwd')).status).toBe(404);
    expect((await at('/metrics', 'POST')).status).toBe(405);
    await server.close();
  });

  it('answers to no foreign name on loopback, to which a page may have its own name lead', async () => {
    const server = await serveMetrics(
      { host: '127.0.0.1', port: 0 },
      (_, response) => response.end('metrics'),
      () => ({ ok: true, details: {} }),
    );
    const statusFor = (host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const { port } = server;
        get({ host: '127.0.0.1', port, path: '/metrics', headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).on('error', reject);
      });
    for (const host of ['localhost', `localhost:${server.port}`, '127.0.0.1:9502', '[::1]:9502'])
      expect(await statusFor(host)).toBe(200);
    for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:9502'])
      expect(await statusFor(host)).toBe(421);
    await server.close();
  });

  it('says where it cannot listen', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const listening = serveMetrics(
      { host: '127.0.0.1', port },
      () => {},
      () => ({ ok: true, details: {} }),
    );
    await expect(listening).rejects.toMatchObject({ code: 'W502_LISTEN' });
    other.close();
  });
});

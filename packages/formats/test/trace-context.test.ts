import type { RequestRecord } from '@why502/model';
import { describe, expect, test } from 'vitest';
import { createNames, recognise, textFormat } from '../src/index.ts';
import { contextOfTraceparent, traceContext } from '../src/trace-context.ts';
import { amazonTrace } from '../src/trail.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';
const zeros = '0'.repeat(32);

describe('a traceparent', () => {
  test('names trace and span, in lower case', () => {
    const told = { traceId, spanId };
    expect(contextOfTraceparent(`00-${traceId}-${spanId}-01`)).toEqual(told);
    expect(contextOfTraceparent(`00-${traceId.toUpperCase()}-${spanId.toUpperCase()}-00`)).toEqual(told);
    expect(contextOfTraceparent(`cc-${traceId}-${spanId}-01-what-the-future-will-be-like`)).toEqual(told);
  });

  test.each([
    ['a trace of zeros', `00-${zeros}-${spanId}-01`],
    ['a span of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
    ['a trace that is too short', `00-${traceId.slice(1)}-${spanId}-01`],
    ['a span that is too long', `00-${traceId}-${spanId}0-01`],
    ['the version that is none', `ff-${traceId}-${spanId}-01`],
    ['no header', undefined],
  ])('with %s is none', (_, text) => {
    expect(contextOfTraceparent(text)).toBeUndefined();
  });
});

test('a span that is no span leaves the trace', () => {
  expect(traceContext(traceId, '-')).toEqual({ traceId, spanId: undefined });
  expect(traceContext(zeros, spanId)).toBeUndefined();
});

test('X-Amzn-Trace-Id is a trace id without its version and hyphens', () => {
  const root = 'Root=1-5759e988-bd862e3fe1be46a994272793';
  const trace = '5759e988bd862e3fe1be46a994272793';
  expect(amazonTrace(root)).toEqual({ traceId: trace, spanId: undefined });
  expect(amazonTrace(`Self=1-67891234-12456789abcdef012345678;${root}`)?.traceId).toBe(trace);
  expect(amazonTrace(`${root};Parent=53995c3f42cd8ad8;Sampled=1`)?.spanId).toBe('53995c3f42cd8ad8');
  expect(amazonTrace('Root=1-5759e988-bd862e3f')).toBeUndefined();
  expect(amazonTrace('Self=1-67891234-12456789abcdef012345678')).toBeUndefined();
});

describe('a line of nginx', () => {
  function read(format: string, text: string): RequestRecord {
    const line = Buffer.from(text);
    return textFormat(format)
      .decoder('access.log', createNames())
      .read(line, 0, line.length, 1) as RequestRecord;
  }

  test('holds its own trace and span, or those that it was sent', () => {
    const sent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const all = '$msec $status $otel_trace_id $otel_span_id "$http_traceparent" "$http_x_amzn_trace_id"';
    const amazon = 'Root=1-5759e988-bd862e3fe1be46a994272793';
    const own = read(all, `1795417125.440 502 ${traceId} ${spanId} "${sent}" "${amazon}"`).trail;
    expect(own.trace).toEqual({ traceId, spanId });
    expect(own.ids.map(({ kind, value }) => `${kind} ${value}`)).toEqual([
      'trace_root 1-5759e988-bd862e3fe1be46a994272793',
      `traceparent ${traceId}`,
      `traceparent ${'a'.repeat(32)}`,
    ]);
    const passed = read(all, `1795417125.440 502 - - "${sent}" "${amazon}"`).trail;
    expect(passed.trace).toEqual({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) });
    const last = read(all, `1795417125.440 502 - - "-" "${amazon}"`).trail;
    expect(last.trace).toEqual({ traceId: '5759e988bd862e3fe1be46a994272793', spanId: undefined });
    const none = read(all, '1795417125.440 502 - - "-" "-"').trail;
    expect([none.trace, none.ids]).toEqual([undefined, []]);
  });

  test.each(['otel', 'opentelemetry'])('is found by the variables of %s', (module) => {
    const { logged, trail } = read(
      `$msec $status $${module}_trace_id $${module}_span_id`,
      `1795417125.440 502 ${traceId} ${spanId}`,
    );
    expect(trail.trace).toEqual({ traceId, spanId });
    expect(logged.has('trail')).toBe(true);
  });
});

test('a tail as it is advised is recognised', () => {
  const line = Buffer.from(
    '192.0.2.1 - - [23/Nov/2026:07:24:51 +0000] "GET /a HTTP/1.1" 502 157 "-" "curl/8.5.0" rt=0.004 ua="192.0.2.10:9000" us="502" ' +
      `rid=${'d'.repeat(32)} conn=7 ts=1795417125.440 trace="${traceId}" span="${spanId}"`,
  );
  const { format } = recognise(Buffer.concat([line, Buffer.from('\n')]))!;
  const record = format.decoder('f', createNames()).read(line, 0, line.length, 1) as RequestRecord;
  expect([record.trail.trace, record.requestId]).toEqual([{ traceId, spanId }, 'd'.repeat(32)]);
});

describe('keys of JSON', () => {
  function found(fields: Record<string, unknown>): RequestRecord {
    const line = Buffer.from(
      JSON.stringify({
        time: '2026-11-23T07:24:51+00:00',
        status: 502,
        request: 'GET /a HTTP/1.1',
        remote_addr: '192.0.2.1',
        ...fields,
      }),
    );
    const { format } = recognise(Buffer.concat([line, Buffer.from('\n')]))!;
    return format.decoder('f', createNames()).read(line, 0, line.length, 1) as RequestRecord;
  }

  test('of a trace stand beside a span', () => {
    const { trail, requestId } = found({ trace_id: traceId, span_id: spanId });
    expect([trail.trace, requestId]).toEqual([{ traceId, spanId }, undefined]);
  });

  test('that stand alone are ids of requests, as they were', () => {
    const { trail, requestId } = found({ trace_id: traceId });
    expect([trail.trace, requestId]).toEqual([undefined, traceId]);
  });
});

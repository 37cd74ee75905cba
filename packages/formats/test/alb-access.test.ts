import { columns, type RequestRecord } from '@why502/model';
import { describe, expect, test } from 'vitest';
import { createNames, recognise } from '../src/index.ts';

/** The fields of a line of today, in order. */
const fields = {
  type: 'https',
  time: '2026-10-06T09:20:30.021784Z',
  elb: 'app/iot-api/54bb61a258b9832d',
  client: '198.18.10.121:60909',
  target: '10.0.11.31:8080',
  before: '0.000',
  inTarget: '0.001',
  after: '-1',
  status: '502',
  targetStatus: '-',
  received: '853',
  sent: '292',
  request: '"POST https://iot.example.com:443/v1/orders?a=1 HTTP/1.1"',
  agent: '"ShopApp/5.3 (Android 14; Pixel 8)"',
  cipher: 'TLS_AES_128_GCM_SHA256',
  protocol: 'TLSv1.3',
  group: 'arn:aws:elasticloadbalancing:us-east-1:123441103820:targetgroup/tg-api/240329fb06090e2b',
  trace: '"Root=1-6ac4bd5e-d55e019bc5b6e618e6fc6302"',
  domain: '"iot.example.com"',
  certificate: '"session-reused"',
  priority: '1',
  created: '2026-10-06T09:20:30.020994Z',
  actions: '"forward"',
  redirect: '"-"',
  reason: '"-"',
  targets: '"10.0.11.31:8080"',
  statuses: '"-"',
  classification: '"-"',
  classificationReason: '"-"',
  connection: 'TID_11bc991f3ef31644ab135859aeff9a3a',
  transformedHost: '"-"',
  transformedUri: '"-"',
  transformStatus: '"-"',
  node: '10.0.0.31',
};

function line(changes: Partial<typeof fields> = {}, count = 33): string {
  return Object.values({ ...fields, ...changes })
    .slice(0, count)
    .join(' ');
}

function read(text: string | Buffer, file = 'alb.log'): RequestRecord {
  const bytes = Buffer.from(text);
  const format = recognise(Buffer.from(line()))!.format;
  const decoder = format.decoder(file, createNames());
  const rows = columns(10);
  decoder.scan(bytes, 0, bytes.length, true, rows);
  expect(rows.count).toBe(1);
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
    expect(read(line())).toMatchObject({
      end: Date.UTC(2026, 9, 6, 9, 20, 30) + 21.784,
      start: Date.UTC(2026, 9, 6, 9, 20, 30) + 20.994,
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
      place: undefined,
      attempts: [
        { peer: '10.0.11.31:8080', status: undefined, connect: 0, header: undefined, response: 0.79 },
      ],
      trail: {
        ids: [
          { kind: 'trace_root', value: '1-6ac4bd5e-d55e019bc5b6e618e6fc6302' },
          { kind: 'connection', value: 'TID_11bc991f3ef31644ab135859aeff9a3a' },
        ],
      },
    });
  });
});

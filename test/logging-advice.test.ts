import { readFileSync } from 'node:fs';
import { createNames, recognise, textFormat } from '@why502/formats';
import type { Format } from '@why502/model';
import { expect, test } from 'vitest';

const page = readFileSync(new URL('../docs/logging/nginx.md', import.meta.url), 'utf8');
const advised = [...page.matchAll(/log_format [^;]+;/g)].map(([directive]) => directive);

/** A request of two attempts, the second of which was answered with a 502 of the peer's own. */
const values: Readonly<Record<string, string>> = {
  remote_addr: '203.0.113.7',
  remote_user: '-',
  time_local: '10/Nov/2026:10:00:20 +0100',
  time_iso8601: '2026-11-10T10:00:20+01:00',
  msec: '1794301220.123',
  request: 'GET /b?c=d HTTP/1.1',
  status: '502',
  body_bytes_sent: '157',
  http_referer: '-',
  http_user_agent: 'Mozilla/5.0 (X11; Linux x86_64)',
  host: 'a.test',
  proxy_host: 'app',
  request_id: '0123456789abcdef0123456789abcdef',
  connection: '12',
  request_time: '0.004',
  upstream_addr: '192.0.2.10:9000, 192.0.2.11:9000',
  upstream_status: '502, 502',
  upstream_connect_time: '-, 0.001',
  upstream_header_time: '-, 0.003',
  upstream_response_time: '0.000, 0.003',
  upstream_bytes_received: '0, 310',
};

function lineOf(directive: string): Buffer {
  const pieces = [...directive.matchAll(/'([^']*)'/g)].map(([, piece]) => piece);
  return Buffer.from(`${pieces.join('').replace(/\$(\w+)/g, (_, name: string) => values[name]!)}\n`);
}

function read(format: Format, line: Buffer) {
  return format.decoder('access.log', createNames()).read(line, 0, line.length - 1, 1);
}

test('the page advises a format for text and one for JSON', () => {
  expect(advised).toHaveLength(2);
});

test.each(advised)(
  'what nginx writes by an advised format is recognised and read in full: %.40s',
  (directive) => {
    const line = lineOf(directive);
    const recognition = recognise(line);
    expect(recognition?.sureness).toBeGreaterThanOrEqual(0.8);
    const record = read(recognition!.format, line);
    expect(record).toEqual(read(textFormat(directive), line));
    expect(record).toMatchObject({
      end: 1794301220123,
      zoneOffsetMin: 60,
      status: 502,
      host: 'a.test',
      service: 'app',
      connection: '12',
      attempts: [
        { peer: '192.0.2.10:9000', connect: undefined, header: undefined },
        { peer: '192.0.2.11:9000', connect: 1, header: 3, bytesReceived: 310 },
      ],
    });
  },
);

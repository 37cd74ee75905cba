import { columns, type ErrorRecord } from '@why502/model';
import { describe, expect, test } from 'vitest';
import { createNames, errorFormat } from '../src/index.ts';

const head = '2026/11/23 06:58:59 [error] 12#34: *43 ';
const refused = 'connect() failed (111: Connection refused) while connecting to upstream';

describe('an error line is taken apart', () => {
  test('with all of its context', () => {
    const line = `${head}${refused}, client: 192.0.2.1, server: shop, request: "GET /a?b HTTP/1.1", subrequest: "/auth", upstream: "http://192.0.2.8:80/auth", host: "shop.example", referrer: "http://r/"`;
    expect(read(line)).toMatchObject({
      wall: Date.UTC(2026, 10, 23, 6, 58, 59),
      level: 'error',
      pid: 12,
      connection: '43',
      symptom: 'connect_refused',
      message: refused,
      action: 'connecting to upstream',
      client: '192.0.2.1',
      server: 'shop',
      requestLine: 'GET /a?b HTTP/1.1',
      subrequest: '/auth',
      scheme: 'http',
      peer: '192.0.2.8:80',
      host: 'shop.example',
      truncated: false,
    });
  });

  test('with an empty server and without host', () => {
    const line = `${head}x could not be resolved (3: Host not found), client: ::1, server: , request: "GET / HTTP/1.0"`;
    expect(read(line)).toMatchObject({
      symptom: 'name_not_found',
      client: '::1',
      server: undefined,
      requestLine: 'GET / HTTP/1.0',
      peer: undefined,
      host: undefined,
      action: undefined,
      truncated: false,
    });
  });

  test('without connection and context where it is about no request', () => {
    expect(read('2026/11/23 06:58:59 [alert] 1#1: worker process 7 exited on signal 9')).toMatchObject({
      symptom: 'worker_process_died',
      connection: undefined,
      client: undefined,
      truncated: false,
    });
  });

  test('with any kind of peer', () => {
    const peers = [
      ['http://192.0.2.8:80/a', 'http', '192.0.2.8:80'],
      ['https://[2001:db8::1]:8443/a', 'https', '[2001:db8::1]:8443'],
      ['http://pool/a', 'http', 'pool'],
      ['grpc://192.0.2.8:50051', 'grpc', '192.0.2.8:50051'],
      ['http://unix:/run/a.sock:/a', 'http', 'unix:/run/a.sock'],
      ['fastcgi://unix:/run/php.sock:', 'fastcgi', 'unix:/run/php.sock'],
      ['fastcgi://127.0.0.1:9000', 'fastcgi', '127.0.0.1:9000'],
      // On timeouts nginx leaves out the colon behind the socket.
      ['http://unix:/run/a.sock/a', 'http', 'unix:/run/a.sock'],
      ['http://unix:/run/app/a', 'http', 'unix:/run/app'],
    ];
    for (const [upstream, scheme, peer] of peers) {
      const line = `${head}${refused}, client: 192.0.2.1, server: s, request: "GET /a HTTP/1.1", upstream: "${upstream}", host: "h"`;
      expect(read(line), upstream).toMatchObject({ scheme, peer });
    }
  });
});

describe('what a client writes into its request', () => {
  const real = 'upstream: "http://192.0.2.8:80/", host: "h"';

  test('does not forge the client', () => {
    const line = `${head}${refused}, client: 192.0.2.1, server: s, request: "GET /, client: 6.6.6.6, server: x HTTP/1.1", ${real}`;
    expect(read(line)).toMatchObject({ client: '192.0.2.1', server: 's', peer: '192.0.2.8:80' });
  });

  test('does not forge the upstream in front of the real one', () => {
    const request = 'GET /", upstream: "http://6.6.6.6:1/", host: "evil HTTP/1.1';
    const line = `${head}${refused}, client: 192.0.2.1, server: s, request: "${request}", ${real}`;
    expect(read(line)).toMatchObject({ peer: '192.0.2.8:80', host: 'h', requestLine: request });
  });

  test('does not forge an upstream where there is none', () => {
    const request = 'GET /", upstream: "http://6.6.6.6:1/ HTTP/1.1';
    const line = `${head}no resolver defined to resolve x, client: 192.0.2.1, server: s, request: "${request}", host: "h"`;
    expect(read(line)).toMatchObject({ symptom: 'resolver_missing', peer: undefined, requestLine: request });
  });

  test('is text, whatever its bytes', () => {
    const bytes = Buffer.concat([
      Buffer.from(`${head}${refused}, client: 192.0.2.1, server: s, request: "GET /`),
      Buffer.from([0xff, 0x1b, 0x5b, 0x33]),
      Buffer.from(' HTTP/1.1", upstream: "http://192.0.2.8:80/", host: "h"'),
    ]);
    expect(read(bytes)).toMatchObject({ requestLine: 'GET /\ufffd\x1b[3 HTTP/1.1', peer: '192.0.2.8:80' });
  });
});

describe('a line that nginx cut', () => {
  const line = `${head}${refused}, client: 192.0.2.1, server: s, request: "GET /${'a'.repeat(3000)} HTTP/1.1", upstream: "http://192.0.2.8:80/", host: "h"`;

  test('keeps what was left, and says that it was cut', () => {
    const record = read(line.slice(0, 2047));
    expect(record).toMatchObject({ client: '192.0.2.1', peer: undefined, host: undefined, truncated: true });
    expect(record.requestLine).toHaveLength(2047 - line.indexOf('GET'));
  });

  test('never throws, wherever it was cut', () => {
    for (let cut = head.length; cut < 300; cut++) expect(read(line.slice(0, cut)).symptom).toBeDefined();
  });
});

describe('lines that belong together', () => {
  const first = `${head}FastCGI sent in stderr: "PHP message: PHP Fatal error:  Uncaught Error in a.php:1`;
  const trace = ['Stack trace:', '#0 {main}', '  thrown in a.php on line 1'];
  const end = `" while reading response header from upstream, client: 192.0.2.1, server: s, request: "GET / HTTP/1.1", upstream: "fastcgi://127.0.0.1:9000", host: "h"`;
  const next = `${head}${refused}, client: 192.0.2.1, server: s`;

  test('are one record with the context of its end', () => {
    const text = `${[first, ...trace].join('\n')}${end}\n${next}\n`;
    const { records, faults, lines } = readAll(text);
    expect(records.map(({ row, symptom }) => [row.line, symptom])).toEqual([
      [1, 'application_fatal'],
      [5, 'connect_refused'],
    ]);
    expect(records[0]).toMatchObject({ client: '192.0.2.1', peer: '127.0.0.1:9000', host: 'h' });
    expect([faults, lines]).toEqual([0, 5]);
  });

  test('wait for their end, and no longer than for the next line', () => {
    const decoder = errorFormat.decoder('f', createNames());
    const rows = columns(9);
    const open = Buffer.from(`${first}\n${trace[0]}\n`);
    expect(decoder.scan(open, 0, open.length, false, rows)).toBe(0);
    expect([rows.count, decoder.lines]).toEqual([0, 0]);
    const whole = Buffer.from(`${open.toString()}${next}\n`);
    expect(decoder.scan(whole, 0, whole.length, false, rows)).toBe(whole.length);
    expect([rows.count, decoder.lines]).toEqual([2, 3]);
  });

  test('do not swallow a line behind one that is complete', () => {
    expect(readAll(`${next}\nsomething else\n`)).toMatchObject({ faults: 1, lines: 2 });
  });
});

function read(line: string | Buffer): ErrorRecord {
  const bytes = Buffer.from(line);
  const record = errorFormat.decoder('f', createNames()).read(bytes, 0, bytes.length, 1);
  if (!('kind' in record) || record.kind !== 'error_line') throw new Error(`no error line: ${line}`);
  return record;
}

function readAll(text: string): { records: ErrorRecord[]; faults: number; lines: number } {
  const bytes = Buffer.from(text);
  const decoder = errorFormat.decoder('f', createNames());
  const rows = columns(99);
  decoder.scan(bytes, 0, bytes.length, true, rows);
  const records = Array.from({ length: rows.count }, (_, row) =>
    decoder.read(bytes, rows.from[row]!, rows.to[row]!, rows.line[row]!),
  ).filter((record): record is ErrorRecord => 'kind' in record && record.kind === 'error_line');
  return { records, faults: decoder.faults.count, lines: decoder.lines };
}

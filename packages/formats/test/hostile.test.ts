import { columns, type ErrorRecord, type LogRecord, type RequestRecord } from '@why502/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createNames, errorFormat, jsonFormat, recognise, textFormat } from '../src/index.ts';
import { attemptsOf } from '../src/nginx/upstream-lists.ts';

const combined = textFormat(
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"',
);
const access = '192.0.2.1 - - [23/Nov/2026:06:58:45 +0000] "GET /a HTTP/1.1" 502 157 "-" "curl/8.5.0"';
const error =
  '2026/11/23 06:58:45 [error] 7#7: *4 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.1, server: x, request: "GET /a HTTP/1.1", upstream: "http://192.0.2.8:80/a", host: "x"';

describe('a line of more than 1 MiB', () => {
  const long = (line: string) => line.replace('curl/8.5.0', 'x'.repeat(1_500_000));
  const longError = error.replace('/a HTTP', `/${'x'.repeat(1_500_000)} HTTP`);

  test('is read as far as its first 64 KiB go, in chunks of any size', () => {
    for (const size of [4_000_000, 100_000]) {
      const { records, faults, lines } = inChunks(combined, `${access}\n${long(access)}\n${access}\n`, size);
      expect(records.map((record) => [(record as RequestRecord).status, record.row.line])).toEqual([
        [502, 1],
        [502, 2],
        [502, 3],
      ]);
      expect([faults, lines]).toEqual([0, 3]);
    }
    const { records } = inChunks(errorFormat, `${longError}\n${error}\n`, 4_000_000);
    expect(records).toMatchObject([
      { symptom: 'connect_refused', connection: '4', client: '192.0.2.1', truncated: true },
      { symptom: 'connect_refused', truncated: false },
    ]);
  });

  test('is a fault where its beginning does not fit', () => {
    const { records, faults, lines } = inChunks(combined, `${'y'.repeat(1_500_000)}\n${access}\n`, 100_000);
    expect([records.length, faults, lines]).toEqual([1, 1, 2]);
  });
});

test('what a line is cut in front of does not count as logged', () => {
  const format = textFormat(
    '$remote_addr - $remote_user [$time_local] "$request" $status ua="$upstream_addr" us="$upstream_status" uct="$upstream_connect_time" uht="$upstream_header_time" agent="$http_user_agent" rid=$request_id',
  );
  const line =
    '192.0.2.1 - - [23/Nov/2026:06:58:45 +0000] "GET /a HTTP/1.1" 502 ua="192.0.2.8:80" us="502" uct="0.001" uht="0.002" agent="curl" rid=1';
  const whole = read(format, line) as RequestRecord;
  expect([whole.logged.has('attempt_header'), whole.logged.has('request_id')]).toEqual([true, true]);
  const cut = read(format, line.slice(0, line.indexOf('uht=') + 8)) as RequestRecord;
  expect(cut.attempts).toMatchObject([{ status: 502, connect: 1, header: undefined }]);
  expect([...cut.logged].sort()).toEqual([
    'attempt_connect',
    'attempt_status',
    'attempts',
    'client',
    'method',
  ]);
});

test('behind a hole of NULs, of any length, the next line is read', () => {
  for (const length of [3, 3_000_000]) {
    const { records, faults } = inChunks(combined, `${'\0'.repeat(length)}${access}\n${access}\n`, 1_000_000);
    expect([records.length, faults]).toEqual([2, 1]);
  }
});

test('an error line that is cut at any byte says what it says up to there, and keeps its connection', () => {
  const whole = read(errorFormat, error) as ErrorRecord;
  for (let length = '2026/11/23 06:58:45 [error] 7#7: *4 '.length; length < error.length; length++) {
    const record = read(errorFormat, error.slice(0, length)) as ErrorRecord;
    expect(record.connection).toBe('4');
    for (const key of ['client', 'server', 'requestLine', 'peer', 'host'] as const) {
      expect(whole[key]?.startsWith(record[key] ?? ''), `${key} at ${length}`).toBe(true);
    }
    // Behind a quote a line may end by itself.
    const mayEnd = error[length - 1] === '"';
    if (length > error.indexOf('request: "') + 10 && !mayEnd)
      expect(record.truncated, `${length}`).toBe(true);
  }
});

test('bytes that are no UTF-8, a mark at the start and other encodings are never thrown at', () => {
  const odd = [
    Buffer.from([0xc0, 0xaf]),
    Buffer.from([0xed, 0xa0, 0x80]),
    Buffer.from([0xff]),
    Buffer.from('é', 'latin1'),
  ];
  for (const bytes of odd) {
    const line = Buffer.concat([Buffer.from(access.slice(0, 50)), bytes, Buffer.from(access.slice(50))]);
    expect(read(combined, line)).toMatchObject({ status: 502, client: '192.0.2.1' });
  }
  expect(recognise(Buffer.from(`\ufeff${access}\n${access}\n`))?.format.name).toBe('nginx combined');
  expect(recognise(Buffer.from(`${access}\n${access}\n`, 'utf16le'))).toBeUndefined();
});

describe('lists over attempts', () => {
  const entry = fc.record({
    peer: fc.constantFrom('192.0.2.1:80', '[2001:db8::1]:80', 'unix:/run/a.sock', 'pool'),
    status: fc.constantFrom('200', '502', '504', '-'),
    connect: fc.constantFrom('0.001', '-'),
    separator: fc.constantFrom(', ', ' : '),
  });

  test('are aligned, whatever stands between them', () => {
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 6 }), (entries) => {
        const list = (key: 'peer' | 'status' | 'connect') =>
          entries.map((one, index) => (index === 0 ? '' : one.separator) + one[key]).join('');
        const attempts = attemptsOf({
          ...none,
          peers: list('peer'),
          statuses: list('status'),
          connects: list('connect'),
        });
        expect(attempts.map(({ peer }) => peer)).toEqual(entries.map(({ peer }) => peer));
        expect(attempts.map(({ status }) => status)).toEqual(
          entries.map(({ status }) => (status === '-' ? undefined : Number(status))),
        );
        expect(attempts.map(({ connect }) => connect)).toEqual(
          entries.map(({ connect }) => (connect === '-' ? undefined : 1)),
        );
      }),
    );
  });

  test('of unequal lengths keep as many attempts as there are peers', () => {
    expect(attemptsOf({ ...none, peers: 'a:1, b:2', statuses: '502' })).toMatchObject([
      { peer: 'a:1', status: 502 },
      { peer: 'b:2', status: undefined },
    ]);
    expect(attemptsOf({ ...none, peers: 'a:1', statuses: '502, 200 : 504' })).toMatchObject([
      { peer: 'a:1', status: 502 },
    ]);
  });
});

const none = {
  ...{ peers: undefined, statuses: undefined, connects: undefined, headers: undefined },
  ...{ responses: undefined, received: undefined, sent: undefined },
};

describe('JSON that is made to do harm', () => {
  const plain =
    '{"time_iso8601":"2026-11-23T06:58:45+00:00","status":"502","request_uri":"/a","request_method":"GET"';
  const harms: readonly (readonly [string, string, 'read' | 'refused'])[] = [
    ['names of prototypes', ',"__proto__":{"status":"200"},"constructor":{"prototype":{"host":"x"}}', 'read'],
    ['a key twice', ',"x":{},"request_uri":"/b"', 'read'],
    ['ten thousand arrays', `,"x":${'['.repeat(10_000)}${']'.repeat(10_000)}`, 'read'],
    ['ten thousand objects', `,"x":${'{"x":'.repeat(10_000)}1${'}'.repeat(10_000)}`, 'refused'],
    [
      'a hundred thousand keys',
      `,"x":{${Array.from({ length: 100_000 }, (_, key) => `"${key}":1`).join()}}`,
      'refused',
    ],
  ];
  for (const [name, harm, outcome] of harms) {
    test(`such as ${name} is ${outcome}, and quickly`, () => {
      const decoder = jsonFormat.decoder('f', createNames());
      const learned = Buffer.from(`${plain}}`);
      decoder.read(learned, 0, learned.length, 1);
      const line = Buffer.from(`${plain}${harm}}`);
      let best = Number.POSITIVE_INFINITY;
      let found: unknown;
      for (let times = 0; times < 5; times++) {
        const start = performance.now();
        found = decoder.read(line, 0, line.length, 2);
        best = Math.min(best, performance.now() - start);
      }
      if (outcome === 'read') expect(found).toMatchObject({ status: 502, host: undefined });
      else expect(found).toMatchObject({ reason: 'not_json' });
      expect(best).toBeLessThan(20);
      expect(({} as Record<string, unknown>).status).toBeUndefined();
    });
  }
});

function read(format: typeof errorFormat, line: string | Buffer): LogRecord {
  const bytes = Buffer.from(line);
  const found = format.decoder('f', createNames()).read(bytes, 0, bytes.length, 1);
  if (!('kind' in found)) throw new Error(`refused: ${found.reason}`);
  return found;
}

function inChunks(format: typeof errorFormat, text: string, size: number) {
  const bytes = Buffer.from(text);
  const decoder = format.decoder('f', createNames());
  const rows = columns(100);
  const records: LogRecord[] = [];
  let rest: Buffer = Buffer.alloc(0);
  for (let from = 0; from < bytes.length; from += size) {
    rest = Buffer.concat([rest, bytes.subarray(from, from + size)]);
    rows.count = 0;
    const read = decoder.scan(rest, 0, rest.length, from + size >= bytes.length, rows);
    for (let row = 0; row < rows.count; row++) {
      const record = decoder.read(rest, rows.from[row]!, rows.to[row]!, rows.line[row]!);
      if ('kind' in record) records.push(record);
    }
    rest = rest.subarray(read);
  }
  return { records, faults: decoder.faults.count, lines: decoder.lines };
}

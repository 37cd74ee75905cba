import { type Columns, columns, type Decoder } from '@why502/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createNames, textFormat } from '../src/index.ts';
import { type LineReading, lineFormat } from '../src/lines.ts';

const combined =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';
const layouts = {
  extended: `${combined} rt=$request_time uct="$upstream_connect_time" ua="$upstream_addr" us="$upstream_status" host="$host"`,
  unquoted:
    '$msec $status $upstream_addr $upstream_status $upstream_connect_time $request_time $request_uri $host',
  'without attempts': '[$time_iso8601] $host "$request_method $request_uri" $status $request_time',
  'without statuses of attempts': `${combined} $upstream_addr $upstream_connect_time`,
  json:
    'escape=json {"t":"$time_iso8601","status":"$status","r":"$request","host":"$host","svc":"$proxy_host",' +
    '"ua":"$upstream_addr","us":"$upstream_status","rt":$request_time}',
};

const seconds = fc.constantFrom(
  '0.000',
  '0.123',
  '59.999',
  '123456.789',
  '-',
  '',
  '1',
  '0.12',
  '1.2345',
  '-1.000',
);
const peer = fc.constantFrom(
  '192.0.2.1:80',
  '[2001:db8::1]:80',
  'unix:/a b',
  'pool',
  '-',
  '',
  '192.0.2.1:80, 192.0.2.2:80',
);
const target = fc.oneof(
  fc.constantFrom(
    '/',
    '',
    '-',
    '/a/b/c/d/e',
    '/a/',
    '/A-b_c/x1?q=/',
    'http://h/x/y',
    'http://h',
    '*',
    '/%7Ea/b',
    '/a//b',
    '/\\x22/b',
  ),
  fc.constantFrom('/abcdefghijklmnop/a', '/abcdefghijklmnopq/a', '/a b c', '/ä/ö'),
  fc.webPath(),
);
const values = {
  remote_addr: fc.constantFrom('192.0.2.1', '2001:db8::7', '-'),
  remote_user: fc.constantFrom('-', 'me', 'a b'),
  time_local: fc.constantFrom(
    ...[
      '29/Feb/2028:23:59:60 +0000',
      '31/Dec/1999:00:00:00 -1130',
      '01/Mar/2100:12:34:56 +0530',
      '31/Feb/2026:01:02:03 +0000',
    ],
    ...[
      '10/Nov/2026:10:00:01 +0000',
      '10/Nov/2026:10:00:01 +0100',
      '10/Xxx/2026:10:00:01 +0000',
      '10/Nov/0026:10:00:01 +0000',
    ],
  ),
  time_iso8601: fc.constantFrom(
    ...[
      '2026-11-10T10:00:01+00:00',
      '2026-11-10T10:00:01+05:30',
      '2026-11-10T10:00:01Z',
      '2026-13-10T10:00:01+00:00',
    ],
    ...['2026-11-10T10:00:01.250+00:00', '2026-11-10 10:00:01', '2026-11-10T24:00:01+00:00'],
  ),
  msec: fc.constantFrom('1732341600.123', '0.001', '1732341600', '1732341600123', '-', '1732341600.1x3'),
  request: fc.oneof(
    fc
      .tuple(fc.constantFrom('GET', 'PROPFIND', 'get', 'X-_Y', ''), target)
      .map((parts) => `${parts.join(' ')} HTTP/1.1`),
    fc.constantFrom('-', '', '\\x16\\x03', 'GET', 'GET '),
  ),
  request_method: fc.constantFrom('GET', 'POST'),
  request_uri: target,
  status: fc.constantFrom('200', '502', '499', '000', '302', '-', '20', '5x2'),
  body_bytes_sent: fc.constantFrom('0', '157'),
  http_referer: fc.constantFrom('-', 'https://example.org/" x'),
  http_user_agent: fc.oneof(
    fc.constantFrom('-', '', 'Mozilla/5.0 (X11; Linux)', '{', '\\x22'),
    fc.string({ unit: 'binary' }),
  ),
  request_time: seconds,
  upstream_connect_time: fc.oneof(seconds, fc.constantFrom('0.001, 0.002', '0.001 : -')),
  upstream_addr: peer,
  upstream_status: fc.constantFrom('200', '502', '404', '-', '', '502, 200', '504 : 502', 'abc'),
  host: fc.constantFrom('example.org', 'a', 'abc', 'x'.repeat(70), '-', '', 'a\\x22b', 'ü.example'),
  proxy_host: fc.constantFrom('app', '-', ''),
} as const satisfies Record<string, fc.Arbitrary<string>>;

const anyValues = fc.record(values);
const odd = fc.constantFrom('', '\r', '\0\0', '{', '2026/11/10 10:00:01 [error] 7#7: *1 x', 'x'.repeat(300));

/** Lines of a layout, now and then one that is none. */
function linesOf(layout: string): fc.Arbitrary<string> {
  const line = anyValues.map((value) =>
    layout.replace('escape=json ', '').replaceAll(/\$(\w+)/g, (_, name: keyof typeof value) => value[name]),
  );
  const hole = fc.oneof(
    { weight: 19, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.constant('\0\0') },
  );
  const ended = fc.constantFrom('\n', '\n', '\n', '\r\n');
  const lines = fc.tuple(
    hole,
    fc.oneof({ weight: 9, arbitrary: line }, { weight: 1, arbitrary: odd }),
    ended,
  );
  return fc.array(lines, { maxLength: 60 }).map((all) => all.flat().join(''));
}

/** The rows that a decoder finds in a text, `stride` bytes more at a time, and what else it says. */
function found(decoder: Decoder, text: Buffer, capacity: number, stride: number) {
  const rows: unknown[] = [];
  const into = columns(capacity);
  for (let [from, to] = [0, stride]; from < text.length; ) {
    into.count = 0;
    const read = decoder.scan(text, from, Math.min(to, text.length), to >= text.length, into);
    for (let row = 0; row < into.count; row++) rows.push(rowOf(into, row));
    if (read === from && into.count === 0) to += stride;
    from = read;
  }
  return { rows, lines: decoder.lines, setAside: decoder.setAside, faults: decoder.faults };
}

function rowOf(rows: Columns, row: number) {
  const { at, status, host, service, peer, route, place, duration, connect, flags, from, to, line } = rows;
  const shown = { at, status, host, service, peer, route, place, duration, connect, flags, from, to, line };
  return Object.entries(shown)
    .map(([name, column]) => `${name} ${column[row]}`)
    .join(', ');
}

describe('ordinary lines', () => {
  describe.each(Object.entries(layouts))('%s', (_, layout) => {
    const format = textFormat(layout);
    const lineByLine = lineFormat(format.name, 'nginx', (names, file) => ({
      ...format.reading(names, file),
      ordinary: undefined,
    }));

    test('are read as they are one by one', () => {
      fc.assert(
        fc.property(
          linesOf(layout),
          fc.integer({ min: 1, max: 5_000 }),
          fc.integer({ min: 1, max: 70 }),
          (text, stride, capacity) => {
            const bytes = Buffer.from(text);
            const [many, single] = [format, lineByLine].map((one) =>
              found(one.decoder('file', createNames()), bytes, capacity, stride),
            );
            expect(many).toEqual(single);
          },
        ),
        { numRuns: 300 },
      );
    });
  });

  test('fill a large table from more bytes than are taken at once', () => {
    const agents = ['curl/8.5.0', 'x'.repeat(200)];
    const text = Array.from(
      { length: 6_000 },
      (_, i) =>
        `192.0.2.1 - - [10/Nov/2026:10:${10 + (i % 50)}:01 +0000] "GET /a/${i} HTTP/1.1" 200 5 "-" "${agents[i % 2]}" rt=0.001 uct="0.000" ua="192.0.2.${i % 9}:80" us="200" host="h${i % 7}"\n`,
    ).join('');
    const format = textFormat(layouts.extended);
    const reading: LineReading = format.reading(createNames(), 'file');
    const into = columns(10_000);
    const bytes = Buffer.from(text);
    reading.ordinary!.enter(bytes, 0, bytes.length);
    expect(reading.ordinary!.scan(0, into, 1)).toBe(bytes.length);
    expect(into.count).toBe(6_000);
    const single = lineFormat(format.name, 'nginx', (names, file) => ({
      ...format.reading(names, file),
      ordinary: undefined,
    }));
    const { rows } = found(single.decoder('file', createNames()), bytes, 10_000, bytes.length);
    expect(rows).toEqual(Array.from({ length: into.count }, (_, row) => rowOf(into, row)));
  });
});

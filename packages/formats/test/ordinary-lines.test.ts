import { type Columns, columns, type Decoder } from '@why502/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accessFormat } from '../src/alb/access.ts';
import { classic } from '../src/alb/layout.ts';
import { createNames, textFormat } from '../src/index.ts';
import { type LineFormat, lineFormat } from '../src/lines.ts';
import { line as albLine, fields } from './alb-sample.ts';

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

/** Lines of a `log_format`. */
function linesOf(layout: string): fc.Arbitrary<string> {
  return textOf(
    anyValues.map((value) =>
      layout.replace('escape=json ', '').replaceAll(/\$(\w+)/g, (_, name: keyof typeof value) => value[name]),
    ),
  );
}

const albTimes = fc.constantFrom('0.000', '0.001', '12.345', '-1', '-', '0.0001', '0');
const quoted = (...values: string[]) => fc.constantFrom(...values).map((value) => `"${value}"`);
const albChanges = {
  time: fc.constantFrom(
    ...[
      '2026-10-06T09:20:30.021784Z',
      '2026-10-06T09:20:30.02Z',
      '2026-10-06T09:20:31Z',
      '2026-10-06T09:20:30.0217849Z',
    ],
    ...[
      '2026-10-06T09:20:30.021784+00:00',
      '2026-10-06',
      '2026-10-06T09:20:30.0217x4Z',
      '2026-02-30T23:59:60.5Z',
    ],
  ),
  target: fc.constantFrom('10.0.11.31:8080', '-', '[2001:db8::1]:80', '10.0.11.32:8080'),
  before: albTimes,
  inTarget: albTimes,
  after: albTimes,
  status: fc.constantFrom('200', '502', '460', '000', '-', '0', 'abc', '20'),
  targetStatus: fc.constantFrom('200', '-', '0', '502', 'x'),
  request: quoted(
    ...[
      'GET https://iot.example.com:443/v1/orders?a=1 HTTP/1.1',
      '- http://a.example:80- -',
      'GET /path HTTP/1.1',
      '-',
      '',
    ],
    ...[
      'GET https://[2001:db8::1]:443/a/b HTTP/2.0',
      'GET https://h HTTP/1.1',
      'http://h:80/a b c',
      'GET https://h?x=/y HTTP/1.1',
    ],
    ...[
      'GET https://h/a\\" HTTP/1.1',
      'get-x_y wss://h:1/ HTTP/1.1',
      `${'M'.repeat(30)} https://h/ HTTP/1.1`,
      'GET https:///x HTTP/1.1',
    ],
  ),
  agent: quoted('ShopApp/5.3 (Android 14; Pixel 8)', '-', '', 'a\\', 'a "b" c', 'a\\"b'),
  group: fc.constantFrom(
    fields.group,
    '-',
    'arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/tg-web/2',
    'other',
  ),
  trace: quoted('Root=1-6ac4bd5e-d55e019bc5b6e618e6fc6302', '-', 'a\\"b'),
  domain: quoted('iot.example.com', '-'),
  reason: quoted('-', 'a b'),
  connection: fc.constantFrom('TID_11bc', '-', '"TID"'),
};
const albLines = fc
  .tuple(fc.record(albChanges), fc.oneof(fc.constant(30), fc.integer({ min: 10, max: 34 })))
  .map(([changes, count]) => albLine(changes, count));

/** Lines, now and then one that is none. */
function textOf(line: fc.Arbitrary<string>): fc.Arbitrary<string> {
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

function lineByLine(format: LineFormat): LineFormat {
  return lineFormat(format.name, format.source, (names, file) => ({
    ...format.reading(names, file),
    ordinary: undefined,
  }));
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

const node =
  '123441103820_elasticloadbalancing_us-east-1_app.my-lb.54bb61a258b9832d_20261006T0920Z_10.0.0.31_2zxy1abc.log';
const logs: readonly (readonly [
  name: string,
  format: LineFormat,
  text: fc.Arbitrary<string>,
  file: string,
])[] = [
  ...Object.entries(layouts).map(
    ([name, layout]) => [name, textFormat(layout), linesOf(layout), 'file'] as const,
  ),
  ['of a load balancer', accessFormat(classic.access), textOf(albLines), 'file'],
  ['of a node of a load balancer', accessFormat(classic.access), textOf(albLines), node],
];

describe('ordinary lines', () => {
  test.each(logs)('%s are read as they are one by one', (_, format, text, file) => {
    const most = fc.integer({ min: 1, max: 5_000 });
    const several = fc.integer({ min: 1, max: 70 });
    fc.assert(
      fc.property(text, most, several, (text, stride, capacity) => {
        const bytes = Buffer.from(text);
        const [many, single] = [format, lineByLine(format)].map((one) =>
          found(one.decoder(file, createNames()), bytes, capacity, stride),
        );
        expect(many).toEqual(single);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    [
      'nginx',
      textFormat(layouts.extended),
      (i: number) =>
        `192.0.2.1 - - [10/Nov/2026:10:${10 + (i % 50)}:01 +0000] "GET /a/${i} HTTP/1.1" 200 5 "-" "${'x'.repeat(i % 300)}" rt=0.001 uct="0.000" ua="192.0.2.${i % 9}:80" us="200" host="h${i % 7}"`,
    ],
    [
      'a load balancer',
      accessFormat(classic.access),
      (i: number) =>
        albLine(
          {
            status: '200',
            after: '0.000',
            target: `192.0.2.${i % 9}:80`,
            request: `"GET https://h${i % 7}/a/${i} HTTP/1.1"`,
          },
          30,
        ),
    ],
  ] as const)('of %s fill a large table from more bytes than are taken at once', (_, format, lineOf) => {
    const count = 6_000;
    const bytes = Buffer.from(Array.from({ length: count }, (_, i) => `${lineOf(i)}\n`).join(''));
    const into = columns(10_000);
    const { ordinary } = format.reading(createNames(), 'file');
    ordinary!.enter(bytes, 0, bytes.length);
    expect(ordinary!.scan(0, into, 1)).toBe(bytes.length);
    const { rows } = found(lineByLine(format).decoder('file', createNames()), bytes, 10_000, bytes.length);
    expect(Array.from({ length: into.count }, (_, row) => rowOf(into, row))).toEqual(rows);
  });
});

import { type Columns, columns, type Decoder } from '@why502/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accessFormat } from '../src/alb/access.ts';
import { classic } from '../src/alb/layout.ts';
import { jsonRequests } from '../src/cloudflare/http-requests.ts';
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
  json: `escape=json '{"t":"$time_iso8601","status":"$status","r":"$request","host":"$host","svc":"$proxy_host","ua":"$upstream_addr","us":"$upstream_status","rt":$request_time}'`,
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

/** Values as they mostly are, with some of them otherwise. */
function mostly<T extends Record<string, string>>(
  usual: T,
  others: { readonly [Key in keyof T]?: fc.Arbitrary<string> },
  most = 2,
): fc.Arbitrary<T> {
  const keys = fc.shuffledSubarray(Object.keys(others), { maxLength: most });
  return fc
    .tuple(keys, fc.record(others as Record<string, fc.Arbitrary<string>>))
    .map(([keys, other]) => ({ ...usual, ...Object.fromEntries(keys.map((key) => [key, other[key]])) }));
}

const usual = {
  remote_addr: '192.0.2.1',
  remote_user: '-',
  time_local: '10/Nov/2026:10:00:01 +0000',
  time_iso8601: '2026-11-10T10:00:01+00:00',
  msec: '1732341600.123',
  request: 'GET /a/b HTTP/1.1',
  request_method: 'GET',
  request_uri: '/a/b',
  status: '200',
  body_bytes_sent: '157',
  http_referer: '-',
  http_user_agent: 'Mozilla/5.0 (X11; Linux)',
  request_time: '0.123',
  upstream_connect_time: '0.001',
  upstream_addr: '192.0.2.1:80',
  upstream_status: '200',
  host: 'example.org',
  proxy_host: 'app',
};
const anyValues = mostly(usual, values);
const odd = fc.constantFrom('', '\r', '\0\0', '{', '2026/11/10 10:00:01 [error] 7#7: *1 x', 'x'.repeat(300));

/** Lines of a `log_format`. */
function linesOf(layout: string): fc.Arbitrary<string> {
  const format = /^escape=json '(.*)'$/.exec(layout)?.[1] ?? layout;
  return textOf(
    anyValues.map((value) => format.replaceAll(/\$(\w+)/g, (_, name: keyof typeof value) => value[name])),
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
  .tuple(
    mostly({ ...fields, after: '0.000' }, albChanges),
    fc.oneof(
      { weight: 4, arbitrary: fc.constant(30) },
      { weight: 1, arbitrary: fc.integer({ min: 10, max: 34 }) },
    ),
  )
  .map(([changes, count]) => albLine(changes, count));

const edgeTimes = fc.constantFrom(
  ...[
    '"2026-11-23T06:00:00Z"',
    '"2026-11-23T06:00:00.628Z"',
    '"2026-11-23T06:00:01.6289999Z"',
    '"2026-02-30T23:59:60Z"',
  ],
  ...[
    '1795413600',
    '1795413602',
    '1795413600123',
    '"1795413600123456"',
    '1795413600123456789',
    '17954136001',
  ],
  ...['"2026-11-23T06:00:02Z"', '1795413600.5', 'null', '""', '"x"'],
);
const counts = fc.constantFrom(
  '0',
  '7',
  '200',
  '502',
  '522',
  '530',
  '499',
  '"503"',
  '-1',
  '1.5',
  '1e3',
  '12345678901234567',
  'null',
  '""',
);
const texts = (...values: string[]) =>
  fc.constantFrom(...values.map((value) => JSON.stringify(value)), 'null', '{}', '[1]');
const edgeValues: Record<string, fc.Arbitrary<string>> = {
  EdgeResponseStatus: fc.constantFrom(
    ...['520', '523', '524', '526', '527', '201'],

    '200',
    '502',
    '499',
    '0',
    '1000',
    '521',
    '522',
    '525',
    '530',
    '"504"',
    'null',
    'true',
  ),
  EdgeEndTimestamp: edgeTimes,
  EdgeStartTimestamp: edgeTimes,
  EdgeTimeToFirstByteMs: counts,
  ClientRequestHost: texts('example.org', '', 'a"b', 'ü.example'),
  ClientRequestURI: texts('/a/b?c', '', '/x1/y', '/%7E', '/a"'),
  ClientRequestPath: texts('/p', ''),
  OriginIP: texts('192.0.2.1', '', '2001:db8::1'),
  OriginResponseStatus: counts,
  OriginTCPHandshakeDurationMs: counts,
  OriginTLSHandshakeDurationMs: counts,
  EdgeColoCode: texts('FRA', 'AMS', ''),
  ClientRequestSource: texts('eyeball', 'edgeWorkerFetch', 'healthcheck', '1', '', 'eyeballs'),
  WorkerSubrequest: fc.constantFrom('true', 'false', '"true"'),
  RayID: texts('8e15000000008980', '', '0'),
  edge_response_status: fc.constantFrom('201'),
  ClientRequestUserAgent: texts('Mozilla/5.0 (X11)', 'a"b\\c', '{', '}'),
  RequestHeaders: fc.constantFrom(
    '{"a":"b","EdgeResponseStatus":3}',
    '{}',
    '{"x":[1,{"y":"}"}]}',
    '{"x"',
    '[]',
  ),
  CacheTieredFill: fc.constantFrom('false', 'x y', '', '-'),
  '"': fc.constantFrom('1'),
};
const usualEdge: Record<string, string> = {
  EdgeEndTimestamp: '"2026-11-23T06:00:02Z"',
  EdgeStartTimestamp: '"2026-11-23T06:00:00Z"',
  EdgeTimeToFirstByteMs: '1500',
  ClientRequestHost: '"example.org"',
  ClientRequestPath: '"/a/b"',
  ClientRequestURI: '"/a/b?c"',
  OriginIP: '"192.0.2.1"',
  OriginResponseStatus: '200',
  OriginTCPHandshakeDurationMs: '7',
  OriginTLSHandshakeDurationMs: '9',
  EdgeColoCode: '"FRA"',
  ClientRequestSource: '"eyeball"',
  EdgeResponseStatus: '200',
  RayID: '"8e15000000008980"',
  ClientRequestUserAgent: '"Mozilla/5.0 (X11)"',
};
const mostlyOne = (usual: string, ...others: string[]) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );
const edgeLines = fc
  .tuple(
    mostly(usualEdge, edgeValues, 3),
    fc.subarray(Object.keys(usualEdge), { maxLength: 2 }),
    mostlyOne(',', ', ', ',,'),
    mostlyOne('}', '} ', '', '}}'),
    fc.nat({ max: 14 }),
    mostlyOne('', ',"EdgeResponseStatus":203'),
  )
  .map(([values, left, comma, end, first, again]) => {
    const members = Object.entries(values)
      .filter(([key]) => !left.includes(key))
      .map(([key, value]) => `${JSON.stringify(key)}:${value}`);
    const all = [...members.slice(first), ...members.slice(0, first)];
    return `{${all.join(comma)}${again}${end}`;
  });

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

/** The same format, which tells how many rows it read many at once. */
function counted(format: LineFormat, count: (rows: number) => void): LineFormat {
  return lineFormat(format.name, format.source, (names, file) => {
    const reading = format.reading(names, file);
    const ordinary = reading.ordinary!;
    return {
      ...reading,
      ordinary: {
        enter: (...stretch) => ordinary.enter(...stretch),
        scan(from, into, line) {
          const before = into.count;
          const to = ordinary.scan(from, into, line);
          count(into.count - before);
          return to;
        },
      },
    };
  });
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

function rowOf({ count: _, capacity: __, ...rows }: Columns, row: number) {
  return Object.entries(rows)
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
  ['of Cloudflare', jsonRequests([]), textOf(edgeLines), 'file'],
  ['of a node of a load balancer', accessFormat(classic.access), textOf(albLines), node],
];

describe('ordinary lines', () => {
  test.each(logs)('%s are read as they are one by one', (_, format, text, file) => {
    const most = fc.integer({ min: 1, max: 5_000 });
    const several = fc.integer({ min: 1, max: 70 });
    const damage = fc.array(fc.tuple(fc.nat({ max: 20_000 }), fc.nat({ max: 255 })), { maxLength: 2 });
    let ordinary = 0;
    const atOnce = counted(format, (rows) => {
      ordinary += rows;
    });
    fc.assert(
      fc.property(text, damage, most, several, (text, damage, stride, capacity) => {
        const bytes = Buffer.from(text);
        for (const [at, byte] of damage) if (bytes.length > 0) bytes[at % bytes.length] = byte;
        const [many, single] = [atOnce, lineByLine(format)].map((one) =>
          found(one.decoder(file, createNames()), bytes, capacity, stride),
        );
        expect(many).toEqual(single);
      }),
      { numRuns: 1_000 },
    );
    expect(ordinary).toBeGreaterThan(500);
  });

  test('of Cloudflare are so for all that edge and origin may say of one another', () => {
    const several = (...values: string[]) => values;
    const lines = several(
      '0',
      '200',
      '404',
      '499',
      '500',
      '519',
      '520',
      '521',
      '522',
      '523',
      '524',
      '525',
      '526',
      '527',
      '530',
    ).flatMap((status) =>
      several('0', '200', '499', '500', '503').flatMap((origin) =>
        several('0', '7').flatMap((tcp) =>
          several('0', '9').flatMap((tls) =>
            several('', '192.0.2.1').map((address) => line({ status, origin, tcp, tls, address })),
          ),
        ),
      ),
    );
    function line({ status, origin, tcp, tls, address }: Record<string, string>) {
      return `{"EdgeEndTimestamp":1795413602,"EdgeStartTimestamp":1795413600,"EdgeResponseStatus":${status},"OriginResponseStatus":${origin},"OriginTCPHandshakeDurationMs":${tcp},"OriginTLSHandshakeDurationMs":${tls},"OriginIP":"${address}"}\n`;
    }
    isSame(jsonRequests([]), Buffer.from(lines.join('')));
  });

  test.each(['time_local', 'time_iso8601', 'msec'])(
    'stay as they are where a time is none, again and again: %s',
    (variable) => {
      const odd = {
        time_local: [
          '10/Nov/2026:10:00:01 +00x0',
          '10/Nov/2026:10:60:01 +0000',
          '10-Nov/2026:10:00:01 +0000',
        ],
        time_iso8601: ['2026-11-10T10:00:01+00x00', '2026-11-10T10:60:01+00:00', '2026-11-10T10:00:01x00:00'],
        msec: ['1732341600x123', '17323x1600.123', '1732341600.12x'],
      }[variable]!;
      const usualTime = usual[variable as keyof typeof usual];
      const times = odd.flatMap((time) => [usualTime, usualTime, time, time, time, usualTime]);
      isSame(
        textFormat(`[$${variable}] $status $request_time`),
        Buffer.from(times.map((time) => `[${time}] 200 0.001\n`).join('')),
      );
    },
  );

  function isSame(format: LineFormat, bytes: Buffer) {
    const [many, single] = [format, lineByLine(format)].map((one) =>
      found(one.decoder('file', createNames()), bytes, 10_000, bytes.length),
    );
    expect(many).toEqual(single);
    expect(many!.rows.length).toBeGreaterThan(5);
  }

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
    [
      'Cloudflare',
      jsonRequests([]),
      (i: number) =>
        `{"ClientRequestHost":"h${i % 7}","EdgeEndTimestamp":"2026-11-23T06:00:00.5Z","EdgeStartTimestamp":"2026-11-23T06:00:00Z","EdgeResponseStatus":200,"ClientRequestURI":"/a/${i}","Other${i % 90}":"${'x'.repeat(i % 300)}"}`,
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

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  type Columns,
  columns,
  type Format,
  inLocalTime,
  ofErrorLog,
  ofInterest,
  ofNoVisitor,
  type RequestRecord,
  statusGetsVerdict,
} from '@why502/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createNames, errorFormat, jsonFormat, recognise, textFormat } from '../src/index.ts';
import { line as albLine } from './alb-sample.ts';

const extended =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" ' +
  'rt=$request_time uct="$upstream_connect_time" uht="$upstream_header_time" urt="$upstream_response_time" ' +
  'ua="$upstream_addr" us="$upstream_status" host="$host" rid=$request_id conn=$connection';
const bare =
  '$remote_addr - $remote_user [$time_local] "$request" $status up=$upstream_addr ust=$upstream_status ' +
  'uct=$upstream_connect_time host=$http_host svc=$proxy_host rt=$request_time';

const unquoted = textFormat(bare);

/** Reads all lines both ways and compares each row with its record. */
function holdsFor(
  format: Format,
  bytes: Buffer,
  file = 'file',
): { rows: number; faults: number; lines: number } {
  const names = createNames();
  const decoder = format.decoder(file, names);
  const rows = columns(bytes.length + 1);
  decoder.scan(bytes, 0, bytes.length, true, rows);
  for (let row = 0; row < rows.count; row++) {
    const record = decoder.read(bytes, rows.from[row]!, rows.to[row]!, rows.line[row]!);
    const line = bytes.toString('utf8', rows.from[row], rows.to[row]);
    if (!('kind' in record)) throw new Error(`scan accepts what read refuses: ${line}`);
    const source = record.kind === 'error_line' && format.source === 'nginx' ? 'nginx_error' : format.source;
    expect(record.row).toEqual({ source, file, line: rows.line[row] });
    if (record.kind === 'error_line') {
      const { wall, zoneOffsetMin } = record;
      const flags = ofInterest | ofErrorLog | (zoneOffsetMin === undefined ? inLocalTime : 0);
      expect([rows.at[row], rows.flags[row]], line).toEqual([wall - 60_000 * (zoneOffsetMin ?? 0), flags]);
      continue;
    }
    const ids = (['host', 'service', 'peer', 'route', 'place'] as const).map((column) => {
      const id = rows[column][row]!;
      return id === 0 ? undefined : names[`${column}s`].nameOf(id);
    });
    const last = record.attempts.at(-1);
    const peer = record.logged.has('attempts') ? last?.peer : undefined;
    expect(
      {
        at: rows.at[row],
        status: rows.status[row],
        names: ids,
        duration: rows.duration[row],
        connect: rows.connect[row],
        flags: rows.flags[row],
      },
      line,
    ).toEqual({
      at: record.end,
      status: record.status,
      names: [record.host, record.service ?? record.host, peer, record.route, record.place],
      duration: Math.trunc(record.duration ?? -1),
      connect: Math.trunc(last?.connect ?? -1),
      flags: (isOfInterest(record) ? ofInterest : 0) | (isNobodys(record) ? ofNoVisitor : 0),
    });
  }
  return { rows: rows.count, faults: decoder.faults.count, lines: decoder.lines };
}

function isOfInterest(record: RequestRecord): boolean {
  if (statusGetsVerdict(record.status) || record.attempts.length > 1) return true;
  if (record.row.source === 'alb') return false;
  return (
    record.logged.has('attempt_status') &&
    record.attempts.some(({ status }) =>
      // An edge that answers well says nothing of an origin that did not, but that it was not needed.
      status === undefined ? record.row.source === 'nginx' : status >= 500 && status !== record.status,
    )
  );
}

function isNobodys({ asker }: RequestRecord): boolean {
  return asker !== 'visitor' && asker !== 'subrequest';
}

/** Text as a client may send it, then as nginx writes it. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '" 502 ',
    ' [',
    '] "',
    '" rt=',
    '\\',
    '\\x22',
    'a, b : c',
    '/a b/?x',
    '-',
    '',
    ' : ',
    '{',
    '}',
  ),
  fc.webPath(),
);
const peer = fc.constantFrom('192.0.2.1:80', '[2001:db8::1]:80', 'unix:/run/a.sock', 'pool');
const seconds = fc.oneof(
  fc.constant('-'),
  fc.integer({ min: 0, max: 99_999 }).map((ms) => (ms / 1000).toFixed(3)),
);
const attempt = fc.record({
  peer,
  status: fc.constantFrom('200', '404', '500', '502', '504', '-'),
  connect: seconds,
  header: seconds,
  response: seconds,
  separator: fc.constantFrom(', ', ' : '),
});
const request = fc.record({
  user: hostile,
  target: hostile,
  referer: hostile,
  agent: hostile,
  host: fc.oneof(fc.domain(), hostile),
  service: fc.constantFrom('pool', 'pool:8080', '-'),
  status: fc.constantFrom('200', '304', '404', '499', '502', '504', '000', '009'),
  second: fc.integer({ min: 0, max: 59 }),
  attempts: fc.array(attempt, { maxLength: 3 }),
  duration: seconds,
});
type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;

function list(of: Request, pick: (attempt: Request['attempts'][number]) => string, none: string): string {
  if (of.attempts.length === 0) return none;
  return of.attempts.map((one, index) => (index === 0 ? '' : one.separator) + pick(one)).join('');
}

function values(of: Request, none: string): Record<string, string> {
  const line = `GET /${of.target} HTTP/1.1`;
  return {
    remote_addr: '203.0.113.9',
    remote_user: of.user,
    time_local: `23/Nov/2026:06:58:${String(of.second).padStart(2, '0')} +0530`,
    request: line,
    status: of.status,
    body_bytes_sent: '157',
    http_referer: of.referer,
    http_user_agent: of.agent,
    request_time: of.duration,
    host: of.host,
    http_host: of.host,
    proxy_host: of.service,
    request_id: 'ae3610836c046a8dee1dbc1082c8877b',
    connection: '7',
    upstream_addr: list(of, (one) => one.peer, none),
    upstream_status: list(of, (one) => one.status, none),
    upstream_connect_time: list(of, (one) => one.connect, none),
    upstream_header_time: list(of, (one) => one.header, none),
    upstream_response_time: list(of, (one) => one.response, none),
  };
}

/** `escape=default` of nginx: quotes, backslashes, controls and all beyond ASCII as `\xHH`. */
function escaped(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) =>
      byte < 0x20 || byte >= 0x7f || byte === 0x22 || byte === 0x5c
        ? `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`
        : String.fromCharCode(byte),
    )
    .join('');
}

function textLine(format: string, of: Request): string {
  const text = values(of, '-');
  return format.replaceAll(/\$(\w+)/g, (_, name: string) => escaped(text[name] ?? '') || '-');
}

function jsonLine(of: Request): string {
  const { body_bytes_sent, time_local, ...text } = values(of, '');
  return JSON.stringify({
    time_iso8601: `2026-11-23T06:58:${String(of.second).padStart(2, '0')}+05:30`,
    ...text,
    body_bytes_sent: Number(body_bytes_sent),
  });
}

describe('scan of a line is what read of it shows', () => {
  for (const [name, format, write] of [
    ['a quoted tail', textFormat(extended), (of: Request) => textLine(extended, of)],
    ['an unquoted tail', unquoted, (of: Request) => textLine(bare, of)],
    ['JSON', jsonFormat, jsonLine],
  ] as const) {
    test(`for lines with ${name}, whatever clients send`, () => {
      fc.assert(
        fc.property(fc.array(request, { minLength: 1, maxLength: 5 }), (requests) => {
          const text = requests.map((of) => `${write(of)}\n`).join('');
          const seen = holdsFor(format, Buffer.from(text));
          expect(seen.lines).toBe(requests.length);
          expect(seen.rows + seen.faults).toBe(requests.length);
          // Unquoted values may make a line ambiguous; a quoted line is always read.
          if (format !== unquoted) expect(seen.faults).toBe(0);
        }),
        { numRuns: 300 },
      );
    });
  }

  test('for lines broken at any byte', () => {
    const line = textLine(extended, {
      ...{
        user: 'a b',
        target: 'x',
        referer: '-',
        agent: 'curl',
        host: 'a.example',
        service: '-',
        status: '502',
      },
      ...{ second: 1, duration: '0.100', attempts: [] },
    });
    for (const format of [textFormat(extended), errorFormat, jsonFormat]) {
      for (let cut = 0; cut <= line.length; cut++) holdsFor(format, Buffer.from(`${line.slice(0, cut)}\n`));
      for (let cut = 0; cut < line.length; cut++) {
        holdsFor(format, Buffer.from(`${line.slice(0, cut)}\0"${line.slice(cut + 2)}\n`));
      }
    }
  });
});

describe('of a load balancer, too', () => {
  const hostileWords = fc.record(
    Object.fromEntries(
      [
        'target',
        'before',
        'status',
        'targetStatus',
        'request',
        'agent',
        'group',
        'trace',
        'domain',
        'created',
      ].map((field) => [
        field,
        fc.option(
          fc.oneof(
            hostile,
            hostile.map((text) => `"GET https://h:443/${text} HTTP/1.1"`),
            fc.constantFrom('-', '"-"', '-1', '000', '"', '"a\\"', '"a" "b"', '" - "'),
          ),
          { nil: undefined, freq: 4 },
        ),
      ]),
    ),
  );
  const counts = fc.constantFrom(12, 17, 22, 30, 33, 34);
  test.each(['f', '20261006T0925Z_10.0.0.142_5ac1.log'])('whatever clients send, in the file %s', (file) => {
    const { format } = recognise(Buffer.from(albLine({}, 34)))!;
    fc.assert(
      fc.property(fc.array(fc.tuple(hostileWords, counts), { minLength: 1, maxLength: 5 }), (lines) => {
        const text = lines.map(([changes, count]) => {
          const set = Object.entries(changes).filter(([, value]) => value !== undefined);
          return albLine(Object.fromEntries(set), count).replaceAll(/[\n\0]/g, ' ');
        });
        const seen = holdsFor(format, Buffer.from(`${text.join('\n')}\n`), file);
        expect(seen.rows + seen.faults).toBe(lines.length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('any chunking of the bytes gives the same rows, faults and line numbers', () => {
  const lines = fc.array(
    fc.oneof(
      request.map((of) => textLine(extended, of)),
      fc.string({ unit: 'binary-ascii', maxLength: 40 }).map((text) => text.replaceAll('\n', '\r')),
      fc.constantFrom('', '\r', '\0\0\0'),
    ),
    { maxLength: 8 },
  );
  test('for access logs', () => {
    fc.assert(
      fc.property(lines, fc.array(fc.integer({ min: 1, max: 400 })), fc.boolean(), (parts, sizes, ended) => {
        const bytes = Buffer.from(parts.join('\n') + (ended ? '\n' : ''));
        expect(inChunks(textFormat(extended), bytes, sizes)).toEqual(
          inChunks(textFormat(extended), bytes, []),
        );
      }),
      { numRuns: 300 },
    );
  });

  test('for error logs whose messages hold line breaks', () => {
    const line = fc.constantFrom(
      '2026/11/23 06:58:59 [error] 1#1: *4 FastCGI sent in stderr: "PHP message: a',
      'PHP message: b" while reading response header from upstream, client: 192.0.2.1, server: x, request: "GET / HTTP/1.1"',
      '2026/11/23 06:58:59 [notice] 1#1: signal process started',
      '2026/11/23 06:59:00 [error] 1#1: *5 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.1, server: x',
      'no log line',
    );
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 300 })),
        (parts, sizes) => {
          const bytes = Buffer.from(`${parts.join('\n')}\n`);
          expect(inChunks(errorFormat, bytes, sizes)).toEqual(inChunks(errorFormat, bytes, []));
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** What a pump does: hands over what came, keeps what was not consumed. */
function inChunks(format: Format, bytes: Buffer, sizes: readonly number[]): unknown {
  const decoder = format.decoder('file', createNames());
  const rows: Columns = columns(3);
  const seen: unknown[] = [];
  let rest = Buffer.alloc(0);
  let at = 0;
  for (const size of [...sizes, bytes.length]) {
    const last = at + size >= bytes.length;
    rest = Buffer.concat([rest, bytes.subarray(at, at + size)]);
    at += size;
    for (;;) {
      rows.count = 0;
      const consumed = decoder.scan(rest, 0, rest.length, last, rows);
      for (let row = 0; row < rows.count; row++) {
        const record = decoder.read(rest, rows.from[row]!, rows.to[row]!, rows.line[row]!);
        seen.push([record, rows.at[row], rows.status[row], rows.flags[row]]);
      }
      rest = rest.subarray(consumed);
      if (consumed === 0 || rest.length === 0) break;
    }
    if (last) break;
  }
  return { seen, lines: decoder.lines, faults: decoder.faults };
}

const shared = process.env.WHY502_SHARED;

describe.skipIf(shared === undefined)('over every recorded log (needs WHY502_SHARED)', () => {
  const folders = [
    'nginx-lab',
    'chain-sim',
    'formats/nginx-access',
    'formats/nginx-error',
    'formats/alb',
    'formats/cloudflare',
  ];
  test('scan is what read shows', () => {
    for (const folder of folders) {
      const root = join(shared ?? '', 'corpus', folder);
      if (!existsSync(root)) continue;
      for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
        if (!/\.(log|ndjson|txt|json)(\.\d+)?(\.gz)?$|_cloudflare\.1$/.test(name)) continue;
        const raw = readFileSync(join(root, name));
        const bytes = name.endsWith('.gz') ? gunzipSync(raw) : raw;
        const found = recognise(bytes.subarray(0, 256 * 1024));
        if (found !== undefined) holdsFor(found.format, bytes.subarray(0, 128 * 1024), name);
      }
    }
  });
});

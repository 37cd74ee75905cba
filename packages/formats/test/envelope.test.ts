import type { LogRecord } from '@why502/model';
import { columns } from '@why502/model';
import { expect, test } from 'vitest';
import { createNames, recognise } from '../src/index.ts';

const access = '192.0.2.1 - - [23/Nov/2026:06:58:45 +0000] "GET /a HTTP/1.1" 502 157 "-" "curl \\"x\\""';
const error =
  '2026/11/23 06:58:45 [error] 7#7: *4 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.1, server: x, request: "GET /a HTTP/1.1", upstream: "http://192.0.2.8:80/a", host: "x"';

const wrappings: readonly (readonly [string, (line: string) => string])[] = [
  [
    'Docker',
    (line) => JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: '2026-11-23T06:58:45.1Z' }),
  ],
  ['CRI', (line) => `2026-11-23T06:58:45.413656027Z stdout F ${line}`],
  ['syslog as nginx sends it', (line) => `<190>Nov 23 06:58:45 web-1 nginx: ${line}`],
  ['syslog without a host', (line) => `<190>Nov  3 06:58:45 nginx: ${line}`],
  ['a file of a syslog daemon', (line) => `2026-11-23T06:58:45.123456+00:00 web-1 nginx[12]: ${line}`],
  ['journalctl', (line) => `Nov 23 06:58:45 web-1 nginx[12]: ${line}`],
  ['kubectl logs --timestamps', (line) => `2026-11-23T06:58:45.413656027Z ${line}`],
  ['kubectl logs --prefix', (line) => `[pod/web-7c5/nginx] ${line}`],
  ['docker compose logs', (line) => `web-1  | ${line}`],
  [
    'docker compose logs with colours and times',
    (line) => `\u001b[36mweb-1  | \u001b[0m2026-11-23T06:58:45.413656027Z ${line}`,
  ],
  ['RFC 5424', (line) => `<171>1 2026-11-23T06:58:45+00:00 web-1 nginx - - - ${line}`],
];

for (const [name, wrap] of wrappings) {
  test(`an access line inside ${name} is read as if it stood alone`, () => {
    const [record] = recordsOf(`${wrap(access)}\n`);
    expect(record).toMatchObject({ kind: 'request', status: 502, target: '/a', client: '192.0.2.1' });
  });
  test(`an error line inside ${name} is read as if it stood alone`, () => {
    const [record] = recordsOf(`${wrap(error)}\n`);
    expect(record).toMatchObject({ kind: 'error_line', symptom: 'connect_refused', peer: '192.0.2.8:80' });
  });
}

test('equal lines in different envelopes are told apart by their hash, and keep their line numbers', () => {
  const records = recordsOf(
    ['1', '2'].map((second) => `2026-11-23T06:58:4${second}Z stdout F ${access}\n`).join(''),
  );
  expect(records.map(({ row }) => row.line)).toEqual([1, 2]);
  expect(new Set(records.map(({ lineHash }) => lineHash)).size).toBe(2);
});

const parted = `${access.slice(0, 30)}|${access.slice(30, 50)}|${access.slice(50)}`.split('|');

test('the parts that Kubernetes cuts a line into are one line', () => {
  const text = parted
    .map((part, index) => `2026-11-23T06:58:45.1Z stdout ${index === 2 ? 'F' : 'P'} ${part}\n`)
    .join('');
  const [first, second, ...others] = recordsOf(text + text);
  expect(first).toMatchObject({ status: 502, target: '/a', row: { line: 1 } });
  expect(second).toMatchObject({ status: 502, target: '/a', row: { line: 4 } });
  expect(others).toEqual([]);
});

test('a part is not joined with a line of the other stream', () => {
  const text = `2026-11-23T06:58:45.1Z stderr P ${error}\n2026-11-23T06:58:45.1Z stdout F ${access}\n`;
  expect(recordsOf(text).map(({ kind }) => kind)).toEqual(['error_line', 'request']);
});

test('the entries that Docker cuts a line into are one line', () => {
  const text = parted
    .map((part, index) => `${JSON.stringify({ log: index === 2 ? `${part}\n` : part })}\n`)
    .join('');
  expect(recordsOf(text + text).map(({ row }) => row.line)).toEqual([1, 4]);
});

const stderr = error.replace('connect() failed', 'FastCGI sent in stderr: "a\nb\nc"').split('\n');

for (const [name, wrap] of [['no envelope', (line: string) => line] as const, ...wrappings]) {
  test(`an error line that holds line breaks is one line in ${name}`, () => {
    const lines = [access, ...stderr, access, ...stderr].map((line) => `${wrap(line)}\n`);
    const records = recordsOf(lines.join(''));
    expect(records.map(({ row }) => [row.source, row.line])).toEqual([
      ['nginx', 1],
      ['nginx_error', 2],
      ['nginx', 5],
      ['nginx_error', 6],
    ]);
    for (const record of [records[1], records[3]])
      expect(record).toMatchObject({ client: '192.0.2.1', host: 'x' });
  });
}

test('journalctl shows the rest of such a line without a header', () => {
  const header = 'Nov 23 06:58:45 web-1 nginx[12]: ';
  const rest = ' '.repeat(header.length);
  const [record] = recordsOf(
    `${header}${stderr.join(`\n${rest}`)}\n${header}${access}\n${header}${access}\n`,
  );
  expect(record).toMatchObject({ client: '192.0.2.1', row: { line: 1 } });
});

test('the time of the envelope tells the zone of an error line, and nothing else', () => {
  const wrap = (time: string) => `2026-11-23T${time}.413656027Z stderr F ${error}\n`;
  const [india, newYork, delayed] = recordsOf(wrap('01:28:46') + wrap('11:58:45') + wrap('06:50:45'));
  expect(india).toMatchObject({ wall: Date.UTC(2026, 10, 23, 6, 58, 45), zoneOffsetMin: 330 });
  expect(newYork).toMatchObject({ wall: Date.UTC(2026, 10, 23, 6, 58, 45), zoneOffsetMin: -300 });
  expect(delayed).toMatchObject({ zoneOffsetMin: undefined });
});

test('a line without the envelope is a fault', () => {
  const wrap = wrappings[1]![1];
  const sample = Buffer.from(`${wrap(access)}\n${wrap(access)}\n${access}\n${wrap('other')}\n`);
  const decoder = recognise(sample)!.format.decoder('f', createNames());
  const rows = columns(9);
  decoder.scan(sample, 0, sample.length, true, rows);
  expect([rows.count, decoder.faults.count]).toEqual([2, 2]);
  expect(decoder.faults.samples.map(({ row, reason }) => [row.line, reason])).toEqual([
    [3, 'does_not_fit'],
    [4, 'does_not_fit'],
  ]);
});

function recordsOf(text: string): LogRecord[] {
  const sample = Buffer.from(text);
  const decoder = recognise(sample)!.format.decoder('f', createNames());
  const rows = columns(9);
  decoder.scan(sample, 0, sample.length, true, rows);
  return Array.from({ length: rows.count }, (_, row) =>
    decoder.read(sample, rows.from[row]!, rows.to[row]!, rows.line[row]!),
  ).filter((record) => 'kind' in record);
}

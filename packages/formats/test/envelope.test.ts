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

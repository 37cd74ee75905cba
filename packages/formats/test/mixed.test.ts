import { columns, inLocalTime, ofErrorLog, ofInterest } from '@why502/model';
import { describe, expect, test } from 'vitest';
import { createNames, recognise } from '../src/index.ts';

const combined = (status = 200) =>
  `192.0.2.1 - - [23/Nov/2026:06:58:45 +0000] "GET /a HTTP/1.1" ${status} 157 "-" "curl/8.5.0"`;
const extended = `${combined(502)} rt=0.123 ua="192.0.2.8:80" us="502"`;
const managed =
  '[23/Nov/2026:06:58:45 +0000] - 502 502 - GET https a.example "/a" [Client 192.0.2.1] [Length 157] [Gzip -] [Sent-to app] "curl/8.5.0" "-"';
const error =
  '2026/11/23 06:58:45 [error] 7#7: *4 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.1, server: x, request: "GET /a HTTP/1.1", upstream: "http://192.0.2.8:80/a", host: "x"';

function read(text: string, sample = text) {
  const bytes = Buffer.from(text);
  const found = recognise(Buffer.from(sample))!;
  const decoder = found.format.decoder('f', createNames());
  const rows = columns(200);
  decoder.scan(bytes, 0, bytes.length, true, rows);
  const records = Array.from({ length: rows.count }, (_, row) =>
    decoder.read(bytes, rows.from[row]!, rows.to[row]!, rows.line[row]!),
  ).flatMap((record) => ('kind' in record ? [record] : []));
  return { name: found.format.name, sureness: found.sureness, rows, records, faults: decoder.faults.count };
}

describe('a stream of both logs', () => {
  test('gives requests and error lines, each with its own source', () => {
    const { records, rows, faults } = read(`${combined()}\n${error}\n${combined(502)}\n`);
    expect(faults).toBe(0);
    expect(records.map(({ kind, row }) => [kind, row.source])).toEqual([
      ['request', 'nginx'],
      ['error_line', 'nginx_error'],
      ['request', 'nginx'],
    ]);
    expect([...rows.flags.subarray(0, 3)]).toEqual([0, ofInterest | ofErrorLog | inLocalTime, ofInterest]);
  });

  test('is read although its first lines hold no error', () => {
    const { records, faults } = read(`${combined()}\n${error}\n`, `${combined()}\n${combined()}\n`);
    expect(records.map(({ kind }) => kind)).toEqual(['request', 'error_line']);
    expect(faults).toBe(0);
  });

  test('has requests right behind an error line that could go on', () => {
    const started = '2026/11/23 06:58:45 [notice] 7#7: start worker process 8';
    const { records } = read(`${started}\n${combined()}\n${started}\nrest of it\n${combined()}\n`);
    expect(records.map(({ row }) => row.line)).toEqual([1, 2, 3, 5]);
  });
});

describe('several formats in one log', () => {
  test('are all read, whichever comes first', () => {
    for (const lines of [
      [combined(), managed, managed],
      [managed, combined(), combined()],
    ]) {
      const { records, faults } = read(`${lines.join('\n')}\n`);
      expect(faults).toBe(0);
      expect(records).toHaveLength(3);
      for (const record of records) expect(record).toMatchObject({ client: '192.0.2.1', target: '/a' });
    }
  });

  test('keep what the richer lines hold where the poorer format takes them as well', () => {
    const { name, records } = read(`${combined()}\n${extended}\n${combined()}\n${extended}\n`);
    expect(name).toBe('nginx combined + combined and more');
    expect(records[1]).toMatchObject({ duration: 123, attempts: [{ peer: '192.0.2.8:80', status: 502 }] });
    expect(records[2]).toMatchObject({ duration: undefined, attempts: [], userAgent: 'curl/8.5.0' });
  });

  test('a few odd lines do not make all others slow', () => {
    const odd = `${combined()} something else`;
    const { name } = read(`${odd}\n${`${combined()}\n`.repeat(99)}`);
    expect(name).toBe('nginx combined');
  });
});

import { columns, Problem, type RequestRecord } from '@why502/model';
import { describe, expect, test } from 'vitest';
import { configurationOfText, createNames, textFormat } from '../src/index.ts';

const conf = String.raw`
http {
  # log_format commented '$status';
  log_format tail escape=json '{"t":"$msec","s":$status,'
                              '"u":"$request_uri"}'; # '$not_here'
  log_format "plain" "$time_iso8601 $status \"$request\"\t$upstream_addr;$upstream_status";
  server { log_format inner $time_local|$status; access_log /var/log/a.log tail; }
}`;

const logFormatsOf = (text: string) => configurationOfText(text, 'nginx.conf').logFormats;

describe('formats of a configuration', () => {
  test('are found by name at any depth, without comments, and combined is built in', () => {
    expect([...logFormatsOf(conf).keys()]).toEqual(['combined', 'tail', 'plain', 'inner']);
    expect(logFormatsOf(conf).get('inner')).toBe('log_format inner $time_local|$status');
  });

  test('are used as they stand there', () => {
    const formats = logFormatsOf(conf);
    expect(one(formats.get('tail')!, '{"t":"1795417125.440","s":502,"u":"/a\\"b"}')).toMatchObject({
      end: 1795417125440,
      resolution: 1,
      status: 502,
      target: '/a"b',
    });
    expect(one(formats.get('inner')!, '23/Nov/2026:06:58:45 +0000|502')).toMatchObject({
      status: 502,
      end: Date.UTC(2026, 10, 23, 6, 58, 45),
      resolution: 1000,
    });
  });

  test('of a broken file are found as far as it is whole', () => {
    expect([...logFormatsOf(`log_format a '$status' "`).keys()]).toContain('a');
    expect([...logFormatsOf('').keys()]).toEqual(['combined']);
    expect([...logFormatsOf('}}}{{{;;;\0"').keys()]).toEqual(['combined']);
  });

  test('keep what is quoted inside them', () => {
    const line = '2026-11-23T06:58:45+00:00 502 "GET /a HTTP/1.1"\t192.0.2.1:80;502';
    expect(one(logFormatsOf(conf).get('plain')!, line)).toMatchObject({
      target: '/a',
      attempts: [{ peer: '192.0.2.1:80', status: 502 }],
    });
  });
});

describe('a format', () => {
  test('may be given bare, quoted or as directive', () => {
    const line = '[23/Nov/2026:06:58:45 +0000] 502';
    for (const text of [
      '[$time_local] $status',
      "'[$time_local] ' '$status'",
      "log_format x '[$time_local] $status';",
      "log_format x escape=none '[$time_local] ' '$status'",
      `[$\{time_local}] $\{status}`,
    ]) {
      expect(one(text, line), text).toMatchObject({ status: 502 });
    }
  });

  test('takes the time with the most digits, and the zone where one is written', () => {
    expect(one('$time_local $msec $status', '23/Nov/2026:06:58:45 +0530 1795397325.440 502')).toMatchObject({
      end: 1795397325440,
      resolution: 1,
      zoneOffsetMin: 330,
    });
    expect(one('$time_iso8601 $status', '2026-11-23T06:58:45-03:00 502')).toMatchObject({
      end: Date.UTC(2026, 10, 23, 9, 58, 45),
      zoneOffsetMin: -180,
    });
  });

  test('is refused without status or time, and where two variables touch', () => {
    for (const text of ['$status', '$time_local', '$time_local $status$request', '', 'no variables']) {
      expect(() => textFormat(text), text).toThrow(Problem);
    }
  });

  test('says what its lines can hold', () => {
    const { logged } = one('$msec $status', '1795417125.440 502');
    expect([...logged]).toEqual([]);
    const all = one('$msec $status $upstream_addr $upstream_status $host', '1795417125.440 502 - - h');
    expect([...all.logged].sort()).toEqual(['attempt_status', 'attempts', 'host']);
  });

  test('reads a line that fits only when its fields end elsewhere than first', () => {
    const format = '$remote_addr - $remote_user [$time_local] "$request" $status';
    const line = '192.0.2.1 - a [x] b [23/Nov/2026:06:58:45 +0000] "GET /" 200 x" 502';
    expect(one(`log_format raw escape=none '${format}'`, line)).toMatchObject({
      status: 502,
      target: '/" 200 x',
    });
  });

  test('undoes escapes to the bytes that were sent', () => {
    const format = '$msec $status "$request"';
    expect(one(format, String.raw`1795417125.440 502 "GET /\xC3\xA4\x22\x5Cx22\xFF HTTP/1.1"`)).toMatchObject(
      {
        target: '/ä"\\x22\ufffd',
        requestLine: 'GET /ä"\\x22\ufffd HTTP/1.1',
      },
    );
    expect(one(format, '1795417125.440 400 "-"')).toMatchObject({
      requestLine: undefined,
      target: undefined,
    });
    expect(one(format, String.raw`1795417125.440 400 "\x16\x03\x01"`)).toMatchObject({
      method: undefined,
      requestLine: '\x16\x03\x01',
    });
  });
});

describe('lists over attempts', () => {
  const format =
    '$msec $status a=$upstream_addr s=$upstream_status c=$upstream_connect_time h=$upstream_header_time r=$upstream_response_time b=$upstream_bytes_received';
  const attempts = (a: string, s: string, times = s, status = '502') =>
    one(format, `1795417125.440 ${status} a=${a} s=${s} c=${times} h=${times} r=${times} b=${times}`)
      .attempts;

  test('of a request that no peer was tried for are empty', () => {
    expect(attempts('-', '-')).toEqual([]);
    expect(attempts('', '')).toEqual([]);
  });

  test('show an attempt without a peer where nginx could not open a socket', () => {
    expect(attempts('', '-', '-', '500')).toMatchObject([{ peer: undefined, status: undefined }]);
  });

  test('show the group where no peer was free', () => {
    expect(attempts('pool', '502', '0.000')).toMatchObject([{ peer: 'pool', status: 502, response: 0 }]);
  });

  test('keep tries and passes apart', () => {
    const found = attempts(
      '192.0.2.1:80, [2001:db8::1]:80 : unix:/a.sock',
      '502, 504 : 200',
      '0.001, - : 0.250',
      '200',
    );
    expect(found.map(({ pass, peer, status, connect }) => [pass, peer, status, connect])).toEqual([
      [0, '192.0.2.1:80', 502, 1],
      [0, '[2001:db8::1]:80', 504, undefined],
      [1, 'unix:/a.sock', 200, 250],
    ]);
  });

  test('show a pass that ended before it had a peer', () => {
    expect(attempts('192.0.2.1:80 : ', '502 : ', '0.001 : ').map(({ pass, peer }) => [pass, peer])).toEqual([
      [0, '192.0.2.1:80'],
      [1, undefined],
    ]);
  });
});

describe('lines that are none', () => {
  const format = '$remote_addr [$time_local] $status';
  const good = '192.0.2.1 [23/Nov/2026:06:58:45 +0000] 502';
  const reasons = (text: string) => {
    const bytes = Buffer.from(text);
    const decoder = textFormat(format).decoder('f', createNames());
    const rows = columns(99);
    decoder.scan(bytes, 0, bytes.length, true, rows);
    return [
      rows.count,
      ...decoder.faults.samples.map(({ row, reason, column }) => [row.line, reason, column]),
    ];
  };

  test('are faults with place and reason', () => {
    expect(reasons(`${good}\nhello\n${good}`)).toEqual([2, [2, 'does_not_fit', 0]]);
    expect(reasons('192.0.2.1 [23/Nox/2026:06:58:45 +0000] 502')).toEqual([0, [1, 'bad_time', 11]]);
    expect(reasons('192.0.2.1 [23/Nov/2026:06:58:45 +0000] 5x2')).toEqual([0, [1, 'bad_status', 39]]);
  });

  test('are passed over where they are empty, and carriage returns end lines, too', () => {
    expect(reasons(`\n\r\n${good}\r\n\n${good}\n`)).toEqual([2]);
  });

  test('of NULs are a fault, and the line behind a hole is read', () => {
    expect(reasons(`${'\0'.repeat(5000)}${good}\n`)).toEqual([1, [1, 'nul_bytes', 0]]);
    expect(reasons(`${'\0'.repeat(5000)}\n${good}\n`)).toEqual([1, [1, 'nul_bytes', 0]]);
    expect(reasons(`192.0.2\0\0\0\n${good}\n`)).toEqual([1, [1, 'nul_bytes', 0]]);
  });

  test('of a mebibyte and more are skipped, in one piece or many, and the next is read', () => {
    const bytes = Buffer.concat([Buffer.alloc(1024 * 1024, 'x'), Buffer.from(`y\n${good}\n`)]);
    expect(reasons(bytes.toString())).toEqual([1, [1, 'too_long', 0]]);
    const decoder = textFormat(format).decoder('f', createNames());
    const rows = columns(9);
    const full = 1024 * 1024;
    expect(decoder.scan(bytes, 0, full - 1, false, rows)).toBe(0);
    expect(decoder.scan(bytes, 0, full, false, rows)).toBe(full);
    expect(decoder.scan(bytes, 0, full, false, rows)).toBe(full);
    expect(decoder.scan(bytes, full, bytes.length, false, rows)).toBe(bytes.length);
    expect([rows.count, rows.line[0], decoder.faults.count, decoder.lines]).toEqual([1, 2, 1, 2]);
  });

  test('are counted without end and sampled five times', () => {
    const decoder = textFormat(format).decoder('f', createNames());
    const bytes = Buffer.from('x\n'.repeat(1000));
    decoder.scan(bytes, 0, bytes.length, true, columns(9));
    expect([decoder.faults.count, decoder.faults.samples.length, decoder.lines]).toEqual([1000, 5, 1000]);
  });
});

function one(format: string, line: string): RequestRecord {
  const bytes = Buffer.from(line);
  const record = textFormat(format).decoder('f', createNames()).read(bytes, 0, bytes.length, 1);
  if (!('kind' in record) || record.kind !== 'request') throw new Error(`not read: ${line}`);
  return record;
}

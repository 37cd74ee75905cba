import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { columns, type RequestRecord } from '@why502/model';
import { describe, expect, test } from 'vitest';
import { createNames, firstInstant, readRecords, recognise } from '../src/index.ts';

const head = '192.0.2.1 - - [23/Nov/2026:06:58:45 +0100] "GET /a/b?q=1 HTTP/1.1" 502 157 "-" "curl/8.5.0"';
const rid = 'ae3610836c046a8dee1dbc1082c8877b';

async function recordsOf(text: string): Promise<RequestRecord[]> {
  const sample = Buffer.from(text);
  const found = recognise(sample);
  if (found === undefined) return [];
  const records: RequestRecord[] = [];
  for await (const record of readRecords(
    (async function* () {
      yield sample;
    })(),
    found.format,
  )) {
    if (record.kind === 'request') records.push(record);
  }
  return records;
}

describe('a format is recognised from its lines', () => {
  test('combined holds status, time with zone, client and target', async () => {
    const [record] = await recordsOf(`${head}\n`);
    expect(record).toMatchObject({
      status: 502,
      end: Date.parse('2026-11-23T06:58:45+01:00'),
      zoneOffsetMin: 60,
      client: '192.0.2.1',
      method: 'GET',
      target: '/a/b?q=1',
      route: '/a/b',
      attempts: [],
    });
    expect(record?.logged.has('attempts')).toBe(false);
  });

  test('a key=value tail is understood by its keys, quoted or not, with lists', async () => {
    const quoted = `rt=0.123 uct="0.001, 0.002" uht="-, 0.100" urt="0.003, 0.110" ua="192.0.2.8:80, 192.0.2.9:80" us="502, 200" host="a.example" rid=${rid} conn=7`;
    const bare = `rid=${rid} host=a.example up=192.0.2.8:80, 192.0.2.9:80 ust=502, 200 rt=0.123 uct=0.001, 0.002 uht=-, 0.100 urt=0.003, 0.110`;
    for (const tail of [quoted, bare]) {
      const [record] = await recordsOf(`${head} ${tail}\n${head} ${tail}\n`);
      expect(record).toMatchObject({
        duration: 123,
        host: 'a.example',
        requestId: rid,
        attempts: [
          { peer: '192.0.2.8:80', status: 502, connect: 1, header: undefined, response: 3 },
          { peer: '192.0.2.9:80', status: 200, connect: 2, header: 100, response: 110 },
        ],
      });
    }
  });

  test.each([
    ['2026-11-23T06:58:45+01:00', 60],
    ['1795672725.004', undefined],
  ])('a head with its time as %s is understood as with any other', async (time, zoneOffsetMin) => {
    const line = `shop.example 192.0.2.1 - - [${time}] "GET /a HTTP/1.1" 502 150 "-" "curl" upstream=192.0.2.8:80 upstream_status=502`;
    const [record] = await recordsOf(`${line}\n${line}\n`);
    expect(record).toMatchObject({ host: 'shop.example', status: 502, zoneOffsetMin });
    expect(record?.attempts).toMatchObject([{ peer: '192.0.2.8:80', status: 502 }]);
  });

  test('a line of nothing but key=value is understood by its keys', async () => {
    const line = `time=2026-11-23T06:58:45+01:00 request_id=${rid} remote_addr=192.0.2.1 method=GET uri="/a?b=c d" status=502 request_time=3.071 upstream_addr="192.0.2.8:80, 192.0.2.9:80" upstream_status="502, 502" user_agent="curl/8.5.0 x"`;
    const [record] = await recordsOf(`${line}\n${line}\n`);
    expect(record).toMatchObject({
      requestId: rid,
      method: 'GET',
      target: '/a?b=c d',
      duration: 3071,
      zoneOffsetMin: 60,
      attempts: [{ peer: '192.0.2.8:80' }, { peer: '192.0.2.9:80' }],
    });
  });

  test('in LTSV the label host is the client, unless it holds names', async () => {
    const line = (host: string) =>
      `time:2026-11-23T06:58:45+01:00\thost:${host}\tvhost:a.test\tmethod:GET\turi:/a\tstatus:502\tsize:150\treqtime:0.013\n`;
    expect((await recordsOf(line('192.0.2.1') + line('2001:db8::1')))[0]).toMatchObject({
      client: '192.0.2.1',
      host: 'a.test',
      target: '/a',
      requestLine: 'GET /a',
    });
    expect((await recordsOf(line('b.test').replace('vhost:a.test', 'remote:192.0.2.1')))[0]).toMatchObject({
      client: '192.0.2.1',
      host: 'b.test',
    });
  });

  test('the positional tail of ingress-nginx keeps its lists whole', async () => {
    const tail = `80 0.310 [default-web-80] [] 192.0.2.8:80, 192.0.2.9:80 0, 16 0.300, 0.010 502, 200 ${rid}`;
    const [record] = await recordsOf(`${head} ${tail}\n`);
    expect(record).toMatchObject({ service: 'default-web-80', requestId: rid, duration: 310 });
    expect(record?.attempts.map(({ peer, status }) => [peer, status])).toEqual([
      ['192.0.2.8:80', 502],
      ['192.0.2.9:80', 200],
    ]);
  });

  test('JSON keys are understood by name and by the shape of their values', async () => {
    const line = {
      t: '1795417125.440',
      st: '502',
      m: 'GET',
      u: '/x',
      p: 'HTTP/1.1',
      ua: '192.0.2.8:80',
      us: '502',
      rt: 0.01,
    };
    const [record] = await recordsOf(`${JSON.stringify(line)}\n`);
    expect(record).toMatchObject({
      end: 1795417125440,
      resolution: 1,
      requestLine: 'GET /x HTTP/1.1',
      attempts: [{ peer: '192.0.2.8:80', status: 502 }],
    });
    const agent = { time: '2026-11-23T06:58:45+00:00', status: 504, url: '/', ua: 'curl/8.5.0' };
    expect((await recordsOf(`${JSON.stringify(agent)}\n`))[0]).toMatchObject({ userAgent: 'curl/8.5.0' });
  });

  test('a log without any line that fits is not recognised', () => {
    expect(recognise(Buffer.from('hello\nworld\n'))).toBeUndefined();
    expect(recognise(Buffer.alloc(0))).toBeUndefined();
    expect(recognise(Buffer.alloc(4096))).toBeUndefined();
  });

  test('sureness is the share of lines that fit', () => {
    const found = recognise(Buffer.from(`${head}\n${head}\n${head}\nsomething else\n`));
    expect(found?.sureness).toBe(0.75);
  });

  test('the first instant is that of the first line that fits', () => {
    const sample = Buffer.from(`broken\n${head}\n`);
    const found = recognise(sample);
    expect(found && firstInstant(sample, found.format)).toBe(Date.parse('2026-11-23T06:58:45+01:00'));
  });

  test('scan names host, service, last peer and route by their ids', () => {
    const line = `${head} rt=0.123 uct="0.001, 0.002" ua="192.0.2.8:80, 192.0.2.9:80" us="502, 200" host="a.example"\n`;
    const sample = Buffer.from(line.replace('" 502 ', '" 200 '));
    const names = createNames();
    const rows = columns(4);
    const consumed = recognise(sample)
      ?.format.decoder('f', names)
      .scan(sample, 0, sample.length, false, rows);
    expect(consumed).toBe(sample.length);
    expect(rows.count).toBe(1);
    expect(names.hosts.nameOf(rows.host[0]!)).toBe('a.example');
    expect(names.services.nameOf(rows.service[0]!)).toBe('a.example');
    expect(names.peers.nameOf(rows.peer[0]!)).toBe('192.0.2.9:80');
    expect(names.routes.nameOf(rows.route[0]!)).toBe('/a/b');
    expect([rows.duration[0], rows.connect[0], rows.status[0], rows.flags[0]]).toEqual([123, 2, 200, 1]);
  });
});

test('a format does not hold on to the text that it was found in', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const line =
    '203.0.113.7 - - [23/Nov/2026:07:24:51 +0000] "GET /a HTTP/1.1" 502 157 "-" "curl/8" rt=0.010 ua=192.0.2.1:80 us=502\n';
  const texts: WeakRef<ArrayBufferLike>[] = [];
  const formatOf = () => {
    // As of a file that is longer.
    const sample = Buffer.allocUnsafeSlow(199.5 * line.length).fill(line);
    texts.push(new WeakRef(sample.buffer));
    return recognise(sample)?.format;
  };
  const found = [formatOf(), formatOf(), formatOf(), formatOf()];
  // What a weak reference was made of stays until the turn is over, and the last may be held by the machine.
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  expect(texts.slice(0, 3).map((text) => text.deref())).toEqual([undefined, undefined, undefined]);
  expect(found.every((format) => format !== undefined)).toBe(true);
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sourcesOf } from '../src/index.ts';
import { accessLine, errorLine, outcomeOf, seconds, source } from './lines.ts';

const start = Date.UTC(2026, 2, 12, 10, 0, 0);
const stamp = (second: number) => new Date(start + second * 1000).toISOString().replace('Z', '000Z');
const failsAt = (second: number) => second % 60 < 5;

/** A request that the load balancer saw end then, with the client of `lines.ts`. */
function albLine(second: number, path = '/cart'): string {
  const failed = failsAt(second);
  const arn = 'arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/app/73e2d6bc24d8a067';
  return [
    `https ${stamp(second)} app/front/50dc6c495c0c9188 198.51.100.9:4${second} 10.0.1.7:3000`,
    failed ? '-1 -1 -1 502 -' : '0.001 0.020 0.000 200 200',
    `512 157 "GET https://shop.example.com:443${path} HTTP/1.1" "curl/8.5.0" - - ${arn} "Root=1-6912b00f-${String(second).padStart(24, '0')}" "-" "-" 1 ${stamp(second)} "forward" "-" "-"`,
  ].join(' ');
}

const key = (end: string, node: string, kind = '') =>
  `${kind}123441103820_elasticloadbalancing_eu-west-1_app.front.50dc6c495c0c9188_20260312T${end}Z_${node}_5ac19f8d.log.gz`;

describe('a folder as synced from the bucket of a load balancer', () => {
  let folder = '';
  const day = 'AWSLogs/123441103820/elasticloadbalancing/eu-west-1/2026/03/12';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'why502-bucket-'));
    const put = (name: string, content: string | Buffer) => {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    };
    // Two nodes, two intervals; lines of the second node stand in no order.
    const two = [0, 300].flatMap((from) => [
      [
        key(from === 0 ? '1005' : '1010', '10.0.0.31'),
        seconds(from, from + 300, (second) => albLine(second)),
      ],
      [
        key(from === 0 ? '1005' : '1010', '10.0.0.142'),
        seconds(from, from + 300, (second) => albLine(2 * from + 299 - second)),
      ],
    ]);
    for (const [name = '', text = ''] of two) put(`${day}/${name}`, gzipSync(text));
    put(
      `${day}/${key('1005', '10.0.0.31', 'health_check_log_')}`,
      gzipSync(seconds(0, 300, (second) => `http ${stamp(second)} 0.001 10.0.1.7:3000 app PASS 200 -`)),
    );
    put(
      `${day}/${key('1005', '10.0.0.31', 'conn_log_')}`,
      gzipSync(
        seconds(
          0,
          300,
          (second) => `${stamp(second)} 198.51.100.9 4${second} 443 - - 1.0 "-" - - Success TID_1`,
        ),
      ),
    );
    put(
      'AWSLogs/123441103820/ELBAccessLogTestFile',
      'Enable AccessLog for ELB: front at 2026-03-12T09:55:00Z\n',
    );
    put(
      'AWSLogs/123441103820/nlb.log.gz',
      gzipSync(
        'tls 2.0 2026-03-12T10:00:00 net/front/c6e77e28c25b2234 g3d4b5e8bb8464cd 192.0.2.1:5 10.0.1.7:443 5 2 98 246 - - - - tlsv12 - a.example h2 h2 "h2"\n',
      ),
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read as it is, each file as what it is', async () => {
    const { summary } = await outcomeOf(await sourcesOf([folder]));
    expect(summary.requests).toBe(1_200);
    expect(summary.failures).toBe(100);
    expect(new Set(summary.files.map(({ source }) => source))).toEqual(
      new Set(['alb', 'alb_health', 'alb_connection', undefined]),
    );
    expect(summary.problems.map(({ code, details }) => [code, details.excerpt])).toEqual([
      ['W502_OTHER_BALANCER', 'Network Load Balancer access log'],
    ]);
    expect(summary.files.reduce((sum, { faults }) => sum + faults, 0)).toBe(0);
  });

  it('gives the same verdicts with the intervals named in any order', async () => {
    const all = await sourcesOf([folder]);
    const whole = await outcomeOf(all);
    const turned = await outcomeOf([...all].reverse());
    expect(turned.results).toEqual(whole.results);
  });
});

describe('logs of a load balancer and of the nginx behind it', () => {
  const balancer = seconds(0, 300, (second) => albLine(second));
  const line = (second: number) => ({ second, status: failsAt(second) ? 502 : 200 });
  const nginx = seconds(0, 300, (second) => accessLine(line(second)));
  const errors = seconds(0, 300, (second) => (failsAt(second) ? errorLine(line(second)) : '')).replaceAll(
    /\n+/g,
    '\n',
  );

  it('are two hops, though both name the same client, request and second', async () => {
    const { summary } = await outcomeOf([source('alb.log', balancer), source('access.log', nginx)]);
    expect(summary.requests).toBe(300);
    expect(summary.files.map(({ readInstead }) => readInstead)).toEqual([undefined, undefined]);
  });

  it('do not let the times of the one be the zone of the other', async () => {
    const zoneMin = 120;
    const local = (second: number) => ({ ...line(second), zoneMin });
    const { summary } = await outcomeOf([
      source('alb.log', balancer),
      source(
        'access.log',
        seconds(0, 300, (second) => accessLine(local(second))),
      ),
      source(
        'error.log',
        seconds(0, 300, (second) => (failsAt(second) ? errorLine(local(second)) : '')).replaceAll(
          /\n+/g,
          '\n',
        ),
      ),
    ]);
    expect(summary.errorLinesJoined).toBe(25);
  });

  it('of health alone are no error log, whose silence would say something', async () => {
    const checks = seconds(0, 300, (second) => `http ${stamp(second)} 0.001 10.0.1.7:3000 app PASS 200 -`);
    const alone = await outcomeOf([source('access.log', nginx)]);
    const beside = await outcomeOf([source('access.log', nginx), source('health.log', checks)]);
    expect(beside.summary).toMatchObject({ requests: 300, errorLines: 0 });
    expect(beside.results).toEqual(alone.results);
  });

  it('may be cut off in the middle of the archive', async () => {
    const packed = gzipSync(balancer);
    const cut = packed.subarray(0, packed.length - 40);
    const { summary } = await outcomeOf([source(key('1005', '10.0.0.31'), cut), source('error.log', errors)]);
    expect(summary.problems.map(({ code }) => code)).toContain('W502_DAMAGED_ARCHIVE');
    expect(summary.requests).toBeGreaterThan(100);
  });
});

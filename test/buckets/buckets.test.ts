import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { bucketSources, openBucket, RecentKeys } from '@why502/s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finals, main, printed, start, until, useCommand } from '../live/running-tail.ts';
import { type OwnBucket, openOwnBucket } from './own-bucket.ts';

const folder = useCommand();
let own: OwnBucket;

beforeAll(async () => {
  own = await openOwnBucket();
});

afterAll(async () => {
  await own.close();
});

const day = '2026/11/23';
const albFolder = `AWSLogs/123456789012/elasticloadbalancing/eu-central-1/${day}`;

/** Failures of a target that refuses, as ALB logs them, from a time on. */
function albLines(count: number, from: number): string {
  return Array.from({ length: count }, (_, at) => {
    const time = new Date(from + at * 1_000).toISOString().replace('Z', '000Z');
    const [status, target] = at % 3 === 0 ? ['502', '-'] : ['200', '200'];
    return `http ${time} app/web/50dc6c495c0c9188 192.0.2.${at % 200}:2817 10.0.0.1:80 0.000 0.001 0.000 ${status} ${target} 34 366 "GET http://www.example.com:80/${at} HTTP/1.1" "curl/7.46.0" - - arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/73e2d6bc24d8a067 "Root=1-58337262-36d228ad5d99923122bbe354" "-" "-" 0 ${time} "forward" "-" "-" "10.0.0.1:80" "${target}" "-" "-" TID_1234abcd5678ef90\n`;
  }).join('');
}

const begin = Date.UTC(2026, 10, 23, 7, 0);

/** Without blocking this process, in which the bucket is served. */
async function run(...args: readonly string[]) {
  const ended = promisify(execFile)(process.execPath, [main, ...args], { maxBuffer: 1 << 26 });
  return ended.then(
    ({ stdout, stderr }) => ({ status: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      status: code,
      stdout,
      stderr,
    }),
  );
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const gathered: T[] = [];
  for await (const item of items) gathered.push(item);
  return gathered;
}

describe('objects of a bucket', () => {
  it('are analysed as files are', { timeout: 60_000 }, async () => {
    await own.put(`${albFolder}/a_20261123T0705Z.log.gz`, gzipSync(albLines(300, begin)));
    await own.put(`${albFolder}/b_20261123T0710Z.log.gz`, gzipSync(albLines(300, begin + 300_000)));
    await own.put('AWSLogs/123456789012/ELBAccessLogTestFile', 'Enable AccessLog for ELB: web');
    const { stdout, stderr, status } = await run('analyze', '--format', 'json', 's3://logs/AWSLogs/');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const verdicts = finals(printed(stdout));
    expect(verdicts).toHaveLength(200);
    expect(stdout).toContain(`s3://logs/${albFolder}/a_20261123T0705Z.log.gz`);
    const one = await run('analyze', '--format', 'json', `s3://logs/${albFolder}/a_20261123T0705Z.log.gz`);
    expect(finals(printed(one.stdout))).toHaveLength(100);
  });

  it.each([
    ['s3://Not_a_bucket/x', 2, 'W502_USAGE'],
    ['s3://logs/nothing/here', 3, 'W502_NO_LOGS'],
    ['s3://absent/x', 3, 'W502_NOT_FOUND'],
  ])('%s is said to be no logs', { timeout: 60_000 }, async (address, status, code) => {
    const answer = await run('analyze', address);
    expect(answer.stderr).toContain(code);
    expect([2, 3]).toContain(answer.status);
    expect(status).toBeGreaterThan(0);
  });

  it('are told to be out of reach, with what to set', { timeout: 60_000 }, async () => {
    const { AWS_ENDPOINT_URL_S3: before } = process.env;
    process.env.AWS_ENDPOINT_URL_S3 = 'http://127.0.0.1:9';
    try {
      const answer = await run('analyze', 's3://logs/');
      expect(answer.stderr).toContain('W502_BUCKET_UNREACHABLE');
      expect(answer.status).toBe(3);
    } finally {
      process.env.AWS_ENDPOINT_URL_S3 = before;
    }
  });

  it('are read on where a connection broke', async () => {
    const text = albLines(3_000, begin);
    await own.put('broken.log', text);
    const bucket = await openBucket('logs', { pathStyle: true });
    const [object] = await all(bucket.list('broken.log'));
    let read = '';
    for await (const chunk of bucket.read(object!)) read += Buffer.from(chunk).toString();
    expect(read === text).toBe(true);
    bucket.close();
  });

  it('come as sources that can be read again', async () => {
    await own.put('again/access.log', 'one\n');
    const [source] = await bucketSources('s3://logs/again/', { pathStyle: true });
    for (let time = 0; time < 2; time++) {
      const chunks = await all(source!.chunks());
      expect(Buffer.concat(chunks).toString()).toBe('one\n');
    }
  });
});

describe('keys that name a day', () => {
  it('are listed from the day before yesterday on, once all have been listed', async () => {
    const noon = Date.UTC(2026, 10, 23, 12);
    for (const key of ['2026/11/01/x', '2026/11/21/x', '2026/11/22/x', '2026/11/23/x'])
      await own.put(`dated/web/${key}`, 'x');
    await own.put('dated/push/20261101/x', 'x');
    await own.put('dated/push/20261123/x', 'x');
    const bucket = await openBucket('logs', { pathStyle: true });
    const recent = new RecentKeys(bucket, 'dated/');
    const keys = async (now: number) => (await all(recent.list(now))).map(({ key }) => key);
    expect(await keys(noon)).toHaveLength(6);
    await own.put('dated/web/2026/11/23/y', 'x');
    expect((await keys(noon + 30_000)).sort()).toEqual([
      'dated/push/20261123/x',
      'dated/web/2026/11/21/x',
      'dated/web/2026/11/22/x',
      'dated/web/2026/11/23/x',
      'dated/web/2026/11/23/y',
    ]);
    expect(await keys(noon + 3_600_000)).toHaveLength(7);
    bucket.close();
  });
});

it('a tail of a bucket judges what comes, through a kill, fetches each object once, and keeps none that was read', {
  timeout: 120_000,
}, async () => {
  const state = join(folder(), 'state');
  const now = Date.now() - 3_600_000;
  const key = (at: number) =>
    `live/${new Date(now).toISOString().slice(0, 10).replaceAll('-', '/')}/${at}.log.gz`;
  await own.put(key(0), gzipSync(albLines(300, now)));
  await own.put(key(1), gzipSync(albLines(300, now + 300_000)));
  await own.put(key(2), albLines(300, now + 600_000));
  const args = ['s3://logs/live/', '--format', 'json', '--state', state];
  const first = start(...args, '--from', 'start');
  await until(() => finals(printed(first.said.out)).length > 0, 60_000);
  first.child.kill('SIGKILL');
  await first.ended;
  const early = finals(printed(first.said.out));
  await own.put(key(3), gzipSync(albLines(600, now + 900_000)));
  await own.put(key(4), gzipSync(albLines(300, now + 3_000_000)));
  const second = start(...args);
  await until(() => new Set([...early, ...finals(printed(second.said.out))]).size >= 500, 60_000);
  // What was read and is settled does not stay on the disk.
  await until(() => readdirSync(join(state, 'fetched')).length < 5, 30_000);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
  expect(second.said.err).toBe('');
  expect(readFileSync(join(state, 'fetched.keys'), 'utf8').trim().split('\n')).toHaveLength(5);
});

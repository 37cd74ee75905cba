import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { analyzed, finals, main, printed, start, until, useCommand } from './running-tail.ts';

const folder = useCommand();
const small = `/tmp/why502-small-${process.pid}`;
let mounted = false;

beforeAll(() => {
  mkdirSync(small);
  mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', small]).status === 0;
});

afterAll(() => {
  if (mounted) spawnSync('umount', ['-l', small]);
  rmSync(small, { recursive: true, force: true });
});

/** Lines of a second each that began an hour and a half ago, every seventh of a failure. */
function lines(from: number, to: number, begin: number): string {
  return Array.from({ length: to - from }, (_, index) => {
    const at = from + index;
    const time = new Date(begin + at * 1_000).toISOString().slice(0, 19);
    const status = at % 7 === 0 ? 502 : 200;
    const connect = status === 200 ? '0.001' : '-';
    return `{"time":"${time}+00:00","status":${status},"request":"GET /${at} HTTP/1.1","host":"shop.example","upstream_addr":"10.0.0.1:80","upstream_status":"${status}","upstream_connect_time":"${connect}","upstream_header_time":"${connect}","upstream_response_time":"0.010","request_time":0.010}\n`;
  }).join('');
}

function freeBytes(): number {
  const { bavail, bsize } = statfsSync(small);
  return bavail * bsize;
}

it('C6: on a full disk it waits and says so, and goes on by itself when there is room; nothing is lost', {
  timeout: 60_000,
}, async ({ skip }) => {
  if (!mounted) skip('this user may not mount a small disk');
  const begin = Date.now() - 5_400_000;
  const log = join(folder(), 'access.log');
  const state = join(small, 'state');
  const ballast = join(small, 'ballast');
  writeFileSync(log, lines(0, 600, begin));
  const saving = ['--save', '--store', 'http://127.0.0.1:9/why502'];
  const { child, said, ended } = start(
    ...[log, '--format', 'json', '--from', 'start', '--state', state, ...saving],
  );
  const verdicts = () => finals(printed(said.out));
  await until(() => verdicts().length > 50, 20_000);
  // All that is left, but for less than a page.
  for (let size = freeBytes(); size > 4_096; size = Math.min(size / 2, freeBytes()))
    appendFileSync(ballast, Buffer.alloc(Math.floor(size / 4_096) * 4_096));
  appendFileSync(log, lines(600, 1_200, begin));
  await until(() => /W502_(SPOOL|STATE)_FAILED/.test(said.err), 20_000);
  expect(child.exitCode).toBe(null);
  rmSync(ballast);
  const settled = analyzed(lines(0, 1_200 - 180, begin));
  await until(() => settled.every((one) => verdicts().includes(one)), 20_000);
  child.kill('SIGTERM');
  expect(await ended).toBe(3);
  expect(new Set(verdicts()).size).toBe(verdicts().length);
  const { stdout, status } = spawnSync(
    process.execPath,
    [main, 'doctor', '--counters', state, '--format', 'json'],
    { encoding: 'utf8' },
  );
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    balanced: true,
    sums: [{ of: 'lines', sum: 1_200 }, { of: 'failures', parts: { verdicts: verdicts().length } }, {}],
  });
});

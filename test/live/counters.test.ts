import { spawnSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { analyzed, finals, main, printed, start, until, useCommand } from './running-tail.ts';

const folder = useCommand();

/** Lines of a second each, an hour ago, every seventh of a failure and every fiftieth of another format. */
function lines(from: number, to: number, begin: number): string {
  return Array.from({ length: to - from }, (_, index) => {
    const at = from + index;
    if (at % 50 === 49) return 'not a line of this log\n';
    const time = new Date(begin + at * 1_000).toISOString().slice(0, 19);
    const status = at % 7 === 0 ? 502 : 200;
    const connect = status === 200 ? '0.001' : '-';
    return `{"time":"${time}+00:00","status":${status},"request":"GET /${at} HTTP/1.1","host":"shop.example","upstream_addr":"10.0.0.1:80","upstream_status":"${status}","upstream_connect_time":"${connect}","upstream_header_time":"${connect}","upstream_response_time":"0.010","request_time":0.010}\n`;
  }).join('');
}

interface Sum {
  readonly of: string;
  readonly sum: number;
  readonly parts: Readonly<Record<string, number>>;
  readonly missing: number;
}

function counters(state: string): {
  readonly balanced: boolean;
  readonly sums: Readonly<Record<string, Sum>>;
} {
  const args = [main, 'doctor', '--counters', state, '--format', 'json'];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const { balanced, sums } = JSON.parse(stdout);
  expect(status).toBe(balanced ? 0 : 3);
  return { balanced, sums: Object.fromEntries(sums.map((sum: Sum) => [sum.of, sum])) };
}

it('C7: told to end under load it ends within 10 s, and every line, failure and result is accounted for', {
  timeout: 60_000,
}, async () => {
  const begin = Date.now() - 5_400_000;
  const log = join(folder(), 'access.log');
  const state = join(folder(), 'state');
  writeFileSync(log, lines(0, 600, begin));
  const saving = ['--save', '--store', 'http://127.0.0.1:9/why502'];
  const first = start(log, '--format', 'json', '--from', 'start', '--state', state, ...saving);
  let written = 600;
  const writing = setInterval(() => {
    appendFileSync(log, lines(written, written + 5, begin));
    written += 5;
  }, 20);
  await until(() => finals(printed(first.said.out)).length > 100, 20_000);
  const told = performance.now();
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(3);
  expect(performance.now() - told).toBeLessThan(10_000);
  clearInterval(writing);
  const between = counters(state);
  expect(between.balanced).toBe(true);
  expect(between.sums.failures!.parts.verdicts).toBe(finals(printed(first.said.out)).length);
  expect(between.sums.lines!.sum).toBeGreaterThanOrEqual(600);
  expect(between.sums.ClickHouse!.parts).toMatchObject({ delivered: 0, refused: 0 });

  // Killed without a word, it has said what it noted.
  const second = start(log, '--format', 'json', '--state', state, ...saving);
  await until(() => finals(printed(second.said.out)).length > 0, 20_000);
  second.child.kill('SIGKILL');
  await second.ended;
  expect(counters(state).balanced).toBe(true);

  const third = start(log, '--format', 'json', '--state', state, ...saving);
  const said = () => new Set([first, second, third].flatMap(({ said: { out } }) => finals(printed(out))));
  // Those of the last three minutes of the log wait for what follows.
  const settled = analyzed(lines(0, written - 180, begin));
  await until(() => settled.every((one) => said().has(one)), 20_000);
  third.child.kill('SIGTERM');
  await third.ended;
  const { balanced, sums } = counters(state);
  expect(balanced).toBe(true);
  expect(sums.failures!.parts.withdrawn).toBe(0);
  expect(sums.failures!.parts.verdicts).toBe(said().size);
  expect(sums.ClickHouse!.parts.waiting).toBe(sums.ClickHouse!.sum);
});

it('of a pipe that has ended nothing waits, and faults are counted', { timeout: 30_000 }, async () => {
  const state = join(folder(), 'pipe');
  const { child, ended } = start('--format', 'json', '--state', state);
  child.stdin.end(lines(0, 500, Date.now() - 5_400_000));
  expect(await ended).toBe(0);
  const { balanced, sums } = counters(state);
  expect(balanced).toBe(true);
  expect(sums.lines).toMatchObject({ sum: 500, parts: { counted: 490, faults: 10, waiting: 0 } });
  expect(sums.failures!.parts).toMatchObject({ waiting: 0, withdrawn: 0 });
  expect(sums.failures!.sum).toBe(sums.failures!.parts.verdicts);
});

it('a folder that is none of a tail is told apart', () => {
  const { status, stderr } = spawnSync(process.execPath, [main, 'doctor', '--counters', folder()], {
    encoding: 'utf8',
  });
  expect(status).toBe(3);
  expect(stderr).toContain('W502_NOT_FOUND');
});

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { randomNumbers } from '../random.mjs';
import { analyzed, finals, printed, start, until, useCommand } from './running-tail.ts';

const folder = useCommand();

/** Lines of half an hour, some of which tell of failures. */
function lines(count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => {
    const time = new Date(Date.UTC(2026, 10, 23, 7) + at * 900).toISOString().slice(0, 19);
    const status = at % 7 === 0 ? 502 : 200;
    const connect = status === 200 ? '0.001' : '-';
    return `{"time":"${time}+00:00","status":${status},"request":"GET /${at} HTTP/1.1","host":"shop.example","upstream_addr":"10.0.0.1:80","upstream_status":"${status}","upstream_connect_time":"${connect}","upstream_header_time":"${connect}","upstream_response_time":"0.010","request_time":0.010}\n`;
  });
}

function spooled(input: string): number {
  if (!existsSync(input)) return 0;
  return readdirSync(input).reduce((sum, name) => sum + statSync(join(input, name)).size, 0);
}

it('loses nothing of a pipe and says nothing twice, killed again and again', {
  timeout: 120_000,
}, async () => {
  const all = lines(2_000);
  const next = randomNumbers(7);
  const state = join(folder(), 'pipe');
  const said: string[] = [];
  let sent = 0;
  for (let life = 0; life < 5; life++) {
    const { child, said: heard } = start('--format', 'json', '--state', state);
    const more = all.slice(sent, sent + 250 + Math.floor(next() * 100));
    sent += more.length;
    const before = spooled(join(state, 'input'));
    child.stdin.write(more.join(''));
    // All of it was read from the pipe; what becomes of it is left to chance.
    const bytes = more.join('').length;
    await until(() => spooled(join(state, 'input')) >= before + bytes, 20_000);
    await new Promise((resolve) => setTimeout(resolve, next() * 1_500));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    said.push(...finals(printed(heard.out)));
  }
  const last = start('--format', 'json', '--state', state);
  last.child.stdin.end(all.slice(sent).join(''));
  expect(await last.ended).toBe(0);
  said.push(...finals(printed(last.said.out)));
  const expected = analyzed(all.join(''));
  expect(expected.length).toBeGreaterThan(200);
  // One that is killed between saying and noting it says the same once more, with the same id.
  expect([...new Set(said)].sort()).toEqual(expected);
  expect(said.length - expected.length).toBeLessThan(100);
  // What comes next time has nothing to do with it.
  expect(existsSync(join(state, 'input'))).toBe(false);
});

it('told to end it keeps what it has read, for the next one to go on with', { timeout: 60_000 }, async () => {
  const all = lines(600);
  const state = join(folder(), 'told');
  const first = start('--format', 'json', '--state', state);
  first.child.stdin.write(all.slice(0, 300).join(''));
  // A line that never ends is no beginning of the next one.
  first.child.stdin.write('{"time":"2026-11-');
  await until(() => first.said.out !== '', 20_000);
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  const second = start('--format', 'json', '--state', state);
  second.child.stdin.end(all.slice(300).join(''));
  expect(await second.ended).toBe(0);
  const said = [...finals(printed(first.said.out)), ...finals(printed(second.said.out))];
  expect(said.sort()).toEqual(analyzed(all.join('')));
});

it('refuses a size that is none', { timeout: 30_000 }, async () => {
  const { said, ended } = start('--state', join(folder(), 'size'), '--spool', 'much');
  expect(await ended).toBe(2);
  expect(said.err).toContain('--spool');
});

it.each([
  ['before the first line', ''],
  ['after some lines', lines(50).join('')],
])('ends within two seconds when it is told to, %s', async (_, text) => {
  const { child, ended, said } = start('--format', 'json', '-');
  child.stdin.write(text);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const told = performance.now();
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(performance.now() - told).toBeLessThan(2_000);
  expect(said.err).toBe('');
});

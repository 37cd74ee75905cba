import { spawnSync } from 'node:child_process';
import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { accessLine as line, main, start, until, useCommand } from './running-tail.ts';

const folder = useCommand();

it('tells at once what begins to fail, keeps where it stands, and ends when told to', {
  timeout: 60_000,
}, async () => {
  const log = join(folder(), 'access.log');
  const state = join(folder(), 'state');
  writeFileSync(log, Array.from({ length: 50 }, (_, at) => line(at, 200)).join(''));
  const first = start(log, '--state', state, '--color', 'always');
  await until(
    () => first.child.exitCode === null && spawnSync('ls', [join(state, 'owner')]).status === 0,
    20_000,
  );
  const second = start(log, '--state', state);
  expect(await second.ended).toBe(2);
  expect(second.said.err).toContain('W502_STATE_IN_USE');
  let at = 100;
  await until(() => {
    appendFileSync(log, line(at++, 502));
    return first.said.out !== '';
  }, 20_000);
  expect(first.said.out).toMatch(/opened.*502.*shop\.example/);
  // Rotated, it goes on in the new file.
  renameSync(log, `${log}.1`);
  writeFileSync(log, line(at++, 502));
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  expect(spawnSync('ls', [join(state, 'checkpoint')]).status).toBe(0);
  expect(spawnSync('ls', [join(state, 'owner')]).status).not.toBe(0);
});

it('reads standard input to its end, as analyze does', { timeout: 60_000 }, async () => {
  const lines = Array.from({ length: 400 }, (_, at) => line(at, at % 4 === 0 ? 502 : 200)).join('');
  const { child, said, ended } = start('--format', 'json');
  child.stdin.end(lines);
  expect(await ended).toBe(0);
  const results = said.out
    .trim()
    .split('\n')
    .map((one) => JSON.parse(one));
  const finals = results.filter(({ kind, final }) => kind === 'verdict' && final);
  const analyzed = spawnSync(process.execPath, [main, 'analyze', '--format', 'json', '-'], {
    input: lines,
    encoding: 'utf8',
  });
  const expected = analyzed.stdout
    .trim()
    .split('\n')
    .map((one) => JSON.parse(one))
    .filter(({ kind }) => kind === 'verdict');
  const ofIds = (all: readonly { id: string; cause: string; line: number }[]) =>
    all.map(({ id, cause, line }) => `${id} ${cause} ${line}`).sort();
  expect(ofIds(finals)).toEqual(ofIds(expected));
  expect(finals.length).toBe(100);
  expect(results.at(-1).kind).toBe('summary');
});

it('warns once at the start of what other machines may reach, and goes on', { timeout: 60_000 }, async () => {
  const secret = join(folder(), 'secret');
  writeFileSync(secret, 'what the two of us know');
  const log = join(folder(), 'open.log');
  writeFileSync(log, line(0, 200));
  // A spelling of loopback that nobody takes for it, so that the test opens nothing.
  const open = start(
    ...[log, '--state', join(folder(), 'open'), '--listen', '0x7f.1:0'],
    ...['--push', '127.0.0.1:0', '--push-secret-file', secret],
  );
  await until(() => open.said.err.includes('W502_LISTEN_OPEN'), 20_000);
  await until(() => spawnSync('ls', [join(folder(), 'open', 'checkpoint')]).status === 0, 20_000);
  open.child.kill('SIGTERM');
  expect(await open.ended).toBe(0);
  expect(open.said.err.match(/W502_LISTEN_OPEN/g)).toHaveLength(1);
  expect(open.said.err).toContain('--listen 0x7f.1:0');
});

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rootFolder } from '../workspaces.ts';

const main = join(rootFolder, 'packages/cli/dist/main.js');
let folder: string;
const running: ChildProcess[] = [];

beforeAll(() => {
  const built = spawnSync(process.execPath, [join(rootFolder, 'scripts/why502.mjs'), '--version']);
  expect(built.status).toBe(0);
  folder = mkdtempSync(join(tmpdir(), 'why502-tail-'));
}, 120_000);

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function start(...args: string[]) {
  const child = spawn(process.execPath, [main, 'tail', ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  running.push(child);
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, said, ended };
}

async function until(holds: () => boolean, longestMs: number): Promise<void> {
  const end = performance.now() + longestMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error('it did not come about');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A line of now, of a peer that refuses or answers. */
function line(at: number, status: 200 | 502): string {
  const time = new Date().toISOString().slice(0, 19);
  const connect = status === 200 ? '0.001' : '-';
  return `{"time":"${time}+00:00","status":${status},"request":"GET /${at} HTTP/1.1","host":"shop.example","upstream_addr":"10.0.0.1:80","upstream_status":"${status}","upstream_connect_time":"${connect}","upstream_header_time":"${connect}","upstream_response_time":"0.010","request_time":0.010}\n`;
}

it('tells at once what begins to fail, keeps where it stands, and ends when told to', {
  timeout: 60_000,
}, async () => {
  const log = join(folder, 'access.log');
  const state = join(folder, 'state');
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

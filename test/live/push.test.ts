import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { rootFolder } from '../workspaces.ts';
import { main, start, useCommand } from './running-tail.ts';

const folderOf = useCommand();
const batches = join(rootFolder, 'test/corpus/chain-sim/chain-app-crash-behind-nginx/logs/cloudflare');
const secret = 'what the two of us know';

let port: number;

beforeAll(async () => {
  writeFileSync(join(folderOf(), 'secret'), `${secret}\n`);
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  port = (probe.address() as AddressInfo).port;
  await new Promise((resolve) => probe.close(resolve));
});

function receiving() {
  const [secretFile, state] = [join(folderOf(), 'secret'), join(folderOf(), 'state')];
  return start('--push', `${port}`, '--push-secret-file', secretFile, '--state', state, '--format', 'json');
}

async function push(body: Buffer): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const response = await fetch(`http://127.0.0.1:${port}/logs`, {
      method: 'POST',
      body: new Uint8Array(body),
      headers: { authorization: `Bearer ${secret}` },
    }).catch(() => undefined);
    if (response !== undefined) return response.status;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('nobody listens');
}

/** Of the failures in logs, by `analyze`. */
function idsOf(...logs: readonly string[]): ReadonlySet<string> {
  const { stdout } = spawnSync(process.execPath, [main, 'analyze', '--format', 'json', ...logs], {
    encoding: 'utf8',
  });
  return new Set(verdicts(stdout).map(({ id }) => id));
}

function verdicts(text: string): readonly { readonly id: string; readonly final: boolean }[] {
  return text
    .split('\n')
    .filter((line) => line.includes('"kind":"verdict"') && line.endsWith('}'))
    .map((line) => JSON.parse(line));
}

it('takes batches as Logpush delivers them, through a SIGKILL, and counts what comes twice once', {
  timeout: 90_000,
}, async () => {
  const names = readdirSync(batches).sort();
  const objects = names.map((name) => readFileSync(join(batches, name)));
  const half = objects.length >> 1;
  const first = receiving();
  for (const object of objects.slice(0, half)) expect(await push(object)).toBe(200);
  // Confirmed is kept, whatever becomes of the process.
  first.child.kill('SIGKILL');
  await first.ended;
  const pushed = join(folderOf(), 'state', 'pushed');
  expect(readdirSync(pushed)).toHaveLength(half);
  const second = receiving();
  for (const object of objects.slice(half - 1)) expect(await push(object)).toBe(200);
  // Final verdicts take as long as batches may be late; a first look comes at once.
  const expected = idsOf(...names.slice(half).map((name) => join(batches, name)));
  expect(expected.size).toBeGreaterThan(20);
  const heard = () => new Set(verdicts(second.said.out).map(({ id }) => id));
  const until = performance.now() + 40_000;
  while (![...expected].every((id) => heard().has(id)) && performance.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 200));
  expect([...expected].filter((id) => !heard().has(id))).toEqual([]);
  expect(idsOf(pushed)).toEqual(idsOf(batches));
  second.child.kill('SIGTERM');
  expect([await second.ended, second.said.err]).toEqual([0, '']);
});

it('wants a secret that is one', () => {
  const { status, stderr } = spawnSync(process.execPath, [main, 'tail', '--push', '0'], {
    encoding: 'utf8',
    env: { ...process.env, WHY502_PUSH_SECRET: 'short' },
  });
  expect(status).toBe(2);
  expect(stderr).toContain('--push-secret-file');
});

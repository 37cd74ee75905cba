import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Nginx } from './nginx.ts';
import { type Clients, type Counts, writeRecording } from './recording.ts';
import type { Scenario } from './scenario.ts';
import { ready, Stage, script } from './stage.ts';
import { type Call, calls } from './traffic.ts';

/** A play must end; its traffic is at most a minute. */
const limit_ms = 180_000;

/** Plays a scenario and writes its recording into `folder`. `prefix` must be unlike that of any other running play. */
export async function perform(
  scenario: Scenario,
  folder: string,
  prefix: string,
  seed: number,
): Promise<Counts> {
  const workplace = mkdtempSync(join(tmpdir(), 'lab-'));
  const stage = new Stage(workplace, prefix, scenario.network);
  const late = new AbortController();
  try {
    return await Promise.race([
      play(scenario, stage, folder, seed),
      sleep(limit_ms, undefined, { signal: late.signal }).then(() => {
        throw new Error(`${scenario.name} has not ended after ${limit_ms / 1000} s`);
      }),
    ]);
  } catch (error) {
    throw new Error(`${scenario.name}: ${readFileSync(join(workplace, 'complaints'), 'utf8')}`, {
      cause: error,
    });
  } finally {
    late.abort();
    await stage.clear();
    rmSync(workplace, { recursive: true, force: true });
  }
}

async function play(scenario: Scenario, stage: Stage, folder: string, seed: number): Promise<Counts> {
  const proxy = new Nginx(stage, scenario);
  stage.nginx = proxy;
  await scenario.prepare(stage);
  await proxy.start();
  const clients: Clients = { left: new Set(), broken: new Set() };
  const client = stage.spawn(stage.proxy, [process.execPath, script('client.mjs')]);
  const ended = new Promise((resolve) => client.once('close', resolve));
  client.stdin!.end(JSON.stringify({ host: '127.0.0.1', port: 80, calls: planned(scenario, seed) }));
  await ready(client, 'the client', (line) => {
    const [what, n = ''] = line.split(' ');
    clients[what === 'left' ? 'left' : 'broken'].add(n);
  });
  client.kill('SIGUSR2');
  stage.begin(scenario.baseline === false ? 'fault' : 'baseline');
  await scenario.play(stage);
  await ended;
  await proxy.quit();
  return writeRecording(folder, scenario, stage, proxy, clients);
}

/** The numbers of raw requests are none of a header's: they show as `-`. */
function planned({ name, traffic, raw = [], host }: Scenario, seed: number): readonly Call[] {
  const usual = calls(traffic, host, createHash('sha256').update(`${name} ${seed}`).digest().readUInt32BE());
  return [...usual, ...raw.map(({ at, text }) => ({ ...usual[0]!, n: 0, at_ms: at * 1000, raw: text }))];
}

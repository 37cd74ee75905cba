import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { forwarded, http, location, server } from './conf.ts';
import { perform } from './perform.ts';
import { missing } from './requirements.ts';
import { label, type Scenario } from './scenario.ts';
import { allScenarios } from './scenarios/all.ts';
import { calls } from './traffic.ts';

const stopped: Scenario = {
  name: 'stopped',
  description: 'The only backend is stopped after a second.',
  topology: 'nginx -> 10.1.2.3:8000',
  network: '10.1.2',
  host: 'www.example.com',
  text: 'combinedLists',
  json: 'recommended',
  http: http(server('www.example.com', location('/', 'proxy_pass http://10.1.2.3:8000;', forwarded))),
  traffic: [{ from: 0, to: 2, rate: 30, kinds: [{ weight: 1, path: '/{id}' }] }],
  prepare: (stage) => stage.app('app', stage.host(3), { port: 8000, median_ms: 2 }),
  async play(stage) {
    await stage.at(1);
    await stage.the('app').stop();
    stage.phase('fault');
  },
  label: ({ status }) => (status === 502 ? label('upstream_fault/process_down') : undefined),
};

const lacks = missing();

describe.skipIf(lacks !== undefined)(
  `a play with a real nginx${lacks === undefined ? '' : ` (needs ${lacks})`}`,
  () => {
    it('records the failures of a stopped backend with their label', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'why502-lab-'));
      const counts = await perform(stopped, folder, `t${process.pid}`, 1);
      const truth = readFileSync(join(folder, 'truth.jsonl'), 'utf8').trimEnd().split('\n');
      const errorLog = readFileSync(join(folder, 'logs', 'error.log'), 'utf8');
      expect(counts.errors).toBeGreaterThan(5);
      expect(counts.requests).toBeGreaterThan(counts.errors);
      expect(truth).toHaveLength(counts.errors);
      expect(errorLog.match(/ while .* upstream, client: /g)).toHaveLength(counts.errors);
      expect(readFileSync(join(folder, 'nginx.conf'), 'utf8')).not.toContain('lab');
    });

    it('writes no recording when a request fails that nobody made fail', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'why502-lab-'));
      const careless: Scenario = { ...stopped, label: () => undefined };
      await expect(perform(careless, join(folder, 'none'), `u${process.pid}`, 1)).rejects.toMatchObject({
        cause: { message: expect.stringContaining('a failure that nobody caused') },
      });
    });
  },
);

it('the same seed plans the same traffic, another seed another', () => {
  const [{ traffic, host }] = [allScenarios[0]!];
  expect(calls(traffic, host, 5)).toEqual(calls(traffic, host, 5));
  expect(calls(traffic, host, 5)).not.toEqual(calls(traffic, host, 6));
});

it('every scenario has a name and a network of its own', () => {
  expect(new Set(allScenarios.map(({ name }) => name)).size).toBe(allScenarios.length);
  expect(new Set(allScenarios.map(({ network }) => network)).size).toBe(allScenarios.length);
});

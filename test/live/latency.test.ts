import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { rootFolder } from '../workspaces.ts';

// In full by `npm run latency`. Beside other tests nothing takes as little time as it does alone.
it('says what failed within a second of its line, and costs little while nothing comes', () => {
  expect(spawnSync('npx', ['tsc', '-b'], { cwd: rootFolder }).status).toBe(0);
  const argv = ['test/nightly/latency.mjs', '--seconds', '3', '--rate', '2000', '--quiet', '5'];
  const { stdout, stderr } = spawnSync(process.execPath, argv, { cwd: rootFolder, encoding: 'utf8' });
  const delays = /first verdict: (\d+) of them, p50 (\d+) ms, p99 (\d+) ms/.exec(stdout)?.map(Number) ?? [];
  const [, verdicts = 0, median, slow] = delays;
  expect(stderr).toBe('');
  expect(verdicts).toBeGreaterThan(30);
  expect(median).toBeLessThan(250);
  expect(slow).toBeLessThan(1_000);
  expect(Number(/([\d.]+) % of a core/.exec(stdout)?.[1])).toBeLessThan(8);
}, 90_000);

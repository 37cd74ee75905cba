import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { absentPackages, installMissing } from '../programs.ts';
import { rootFolder } from '../workspaces.ts';
import { alertsOf, targetsOf } from './dashboards.ts';
import { freePort } from './free-port.ts';
import { recentLog } from './recent-log.ts';

const programs = { prometheus: 'prometheus', promtool: 'prometheus' };
installMissing(programs);
const absent = absentPackages(programs);
const main = join(rootFolder, 'packages/cli/dist/main.js');
const operations = join(rootFolder, 'docs/operations/prometheus');

let folder: string;
const running: ChildProcess[] = [];

beforeAll(() => {
  const built = spawnSync(process.execPath, [join(rootFolder, 'scripts/why502.mjs'), '--version']);
  expect(built.status).toBe(0);
  folder = mkdtempSync(join(tmpdir(), 'why502-prometheus-'));
}, 120_000);

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

async function until<T>(get: () => Promise<T | undefined>, longestMs: number): Promise<T> {
  const end = performance.now() + longestMs;
  for (;;) {
    const found = await get().catch(() => undefined);
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error('it did not come about');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

describe.skipIf(absent.length > 0)(
  `a real Prometheus${absent.length === 0 ? '' : ` (needs the Debian package ${absent.join(', ')})`}`,
  () => {
    it('scrapes a tail, finds nothing amiss in what it serves, and answers by cause', {
      timeout: 60_000,
    }, async () => {
      const [ours, theirs] = [await freePort(), await freePort()];
      const access = join(folder, 'access.log');
      writeFileSync(access, recentLog());
      const tail = spawn(
        process.execPath,
        [main, 'tail', access, '--from', 'start', '--state', join(folder, 'state'), '--listen', `${ours}`],
        { stdio: 'ignore' },
      );
      running.push(tail);
      const served = await until(async () => {
        const text = await (await fetch(`http://127.0.0.1:${ours}/metrics`)).text();
        return text.includes('why502_failures_total{') ? text : undefined;
      }, 30_000);
      const checked = spawnSync('promtool', ['check', 'metrics'], { input: served, encoding: 'utf8' });
      expect(`${checked.stdout}${checked.stderr}`).toBe('');
      expect(checked.status).toBe(0);

      const config = join(folder, 'prometheus.yml');
      writeFileSync(
        config,
        `global:\n  evaluation_interval: 1s\nscrape_configs:\n  - job_name: why502\n    scrape_interval: 1s\n    static_configs:\n      - targets: ['127.0.0.1:${ours}']\nrule_files:\n  - ${join(operations, 'why502.rules.yml')}\n`,
      );
      const prometheus = spawn(
        'prometheus',
        [
          `--config.file=${config}`,
          `--storage.tsdb.path=${join(folder, 'tsdb')}`,
          `--web.listen-address=127.0.0.1:${theirs}`,
        ],
        { stdio: 'ignore' },
      );
      running.push(prometheus);
      const expression = 'sum by (why502_cause, error_type) (why502_failures_total)';
      const answer = await until(async () => {
        const url = `http://127.0.0.1:${theirs}/api/v1/query?query=${encodeURIComponent(expression)}`;
        const { data } = (await (await fetch(url)).json()) as {
          data: { result: { metric: Record<string, string>; value: [number, string] }[] };
        };
        return data.result.length > 0 ? data.result : undefined;
      }, 30_000);
      expect(answer.reduce((sum, { value }) => sum + Number(value[1]), 0)).toBe(60);
      expect(answer.map(({ metric }) => metric.why502_cause)).not.toContain(undefined);

      const panels = targetsOf('prometheus').map(({ title, query }) => ({ title, expressions: [query] }));
      const asking = [...panels, ...alertsOf('why502.rules.yml')].flatMap(({ title, expressions }) =>
        expressions.map((query) => ({ title, query })),
      );
      for (const { title, query } of asking) {
        const asked = encodeURIComponent(query.replaceAll('$__rate_interval', '5m'));
        const response = await fetch(`http://127.0.0.1:${theirs}/api/v1/query?query=${asked}`);
        expect([title, ((await response.json()) as { status: string }).status]).toEqual([title, 'success']);
      }

      // Each alert was evaluated, and nothing was amiss in it.
      const rules = await until(async () => {
        const { data } = (await (await fetch(`http://127.0.0.1:${theirs}/api/v1/rules`)).json()) as {
          data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] };
        };
        const all = data.groups.flatMap((group) => group.rules);
        return all.every(({ health }) => health !== 'unknown') ? all : undefined;
      }, 10_000);
      expect(rules.map(({ name, health, lastError }) => [name, health, lastError])).toEqual(
        alertsOf('why502.rules.yml').map(({ title }) => [title, 'ok', undefined]),
      );

      const health = await fetch(`http://127.0.0.1:${ours}/healthz`);
      expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
      tail.kill('SIGTERM');
      expect(await new Promise((resolve) => tail.once('exit', resolve))).toBe(0);
    });

    it('takes our rules, which fire when they should and not else', () => {
      const tested = spawnSync('promtool', ['test', 'rules', 'why502.rules.test.yml'], {
        cwd: operations,
        encoding: 'utf8',
      });
      expect(tested.stdout + tested.stderr).toContain('SUCCESS');
      expect(tested.status).toBe(0);
      expect(spawnSync('promtool', ['check', 'config', 'prometheus.yml'], { cwd: operations }).status).toBe(
        0,
      );
    });
  },
);

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { absentPackages, installMissing } from '../programs.ts';
import { rootFolder } from '../workspaces.ts';
import { targetsOf } from './dashboards.ts';

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

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function until<T>(get: () => Promise<T | undefined>, longestMs: number): Promise<T> {
  const end = performance.now() + longestMs;
  for (;;) {
    const found = await get().catch(() => undefined);
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error('it did not come about');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Ten minutes up to now, in the middle of which a peer refuses for a minute. */
function log(): string {
  const from = Date.now() - 600_000;
  return Array.from({ length: 1_200 }, (_, at) => {
    const refused = at >= 400 && at < 520 && at % 2 === 0;
    const time = new Date(from + at * 500).toISOString().slice(0, 19);
    const took = refused ? '-' : '0.004';
    return `{"time":"${time}+00:00","status":${refused ? 502 : 200},"request":"GET /a HTTP/1.1","host":"shop.example","upstream_addr":"10.0.0.${refused ? 1 : 2}:80","upstream_status":"${refused ? 502 : 200}","upstream_connect_time":"${took}","upstream_header_time":"${took}","upstream_response_time":"0.005","request_time":0.005}\n`;
  }).join('');
}

describe.skipIf(absent.length > 0)(
  `a real Prometheus${absent.length === 0 ? '' : ` (needs the Debian package ${absent.join(', ')})`}`,
  () => {
    it('scrapes a tail, finds nothing amiss in what it serves, and answers by cause', {
      timeout: 60_000,
    }, async () => {
      const [ours, theirs] = [await freePort(), await freePort()];
      const access = join(folder, 'access.log');
      writeFileSync(access, log());
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
        `scrape_configs:\n  - job_name: why502\n    scrape_interval: 1s\n    static_configs:\n      - targets: ['127.0.0.1:${ours}']\nrule_files:\n  - ${join(operations, 'why502.rules.yml')}\n`,
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

      for (const { title, query } of targetsOf('prometheus')) {
        const asked = encodeURIComponent(query.replaceAll('$__rate_interval', '5m'));
        const response = await fetch(`http://127.0.0.1:${theirs}/api/v1/query?query=${asked}`);
        expect([title, ((await response.json()) as { status: string }).status]).toEqual([title, 'success']);
      }

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

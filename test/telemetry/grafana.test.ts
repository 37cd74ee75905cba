import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batchOf } from '@why502/flow';
import { httpStatus } from '@why502/model';
import { type OpenStore, openStore, querySql } from '@why502/pipeline-store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { incident, trafficRow, verdict } from '../contracts/results.ts';
import { rootFolder } from '../workspaces.ts';
import { targetsOf } from './dashboards.ts';

let folder: string;
let store: OpenStore;

beforeAll(async () => {
  expect(spawnSync('npx', ['tsc', '-b', 'packages/engine'], { cwd: rootFolder }).status).toBe(0);
  folder = mkdtempSync(join(tmpdir(), 'why502-grafana-'));
  store = await openStore({ name: folder, environment: {} });
  const { time } = verdict();
  const sink = store.sink('test', 10_000);
  const delivered = await sink.deliver(
    batchOf([
      {
        kind: 'verdict',
        verdict: verdict({ wouldSettle: [{ field: 'error_log', text: 'give the error log' }] }),
      },
      { kind: 'incident', incident: incident({ started: time, ended: time }) },
      {
        kind: 'traffic',
        rows: [trafficRow({ requests: 9 }), trafficRow({ status: httpStatus(502), requests: 1 })],
      },
    ]),
  );
  expect(delivered).toEqual({ kind: 'stored' });
  await sink.close();
});

afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the plugin for ClickHouse puts in place of its macros, and Grafana in place of its variables. */
function expanded(sql: string): string {
  return sql
    .replace(
      /\$__timeFilter\((\w+)\)/g,
      "$1 >= toDateTime('2026-11-23 00:00:00') AND $1 <= toDateTime('2026-11-24 00:00:00')",
    )
    .replace(/\$__timeInterval\((\w+)\)/g, 'toStartOfInterval(toDateTime($1), INTERVAL 60 second)')
    .replace(/\$\{cause:singlequote\}/g, "'upstream_fault','network'")
    .replace(/\$\{host:singlequote\}/g, "'api.example.com'");
}

describe('the dashboard of Grafana for ClickHouse', () => {
  it.each(targetsOf('clickhouse'))('$title: its query answers', async ({ query }) => {
    const sql = expanded(query);
    expect(sql).not.toMatch(/\$/);
    const { rows } = await querySql(store.connection, sql);
    expect(rows.length).toBeGreaterThan(0);
  });
});

it('the dashboards are what their script writes', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/grafana.mjs', '--check'], {
    cwd: rootFolder,
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  // Grafana finds a dashboard again by its uid.
  const uids = ['clickhouse', 'prometheus'].map(
    (name) =>
      JSON.parse(readFileSync(join(rootFolder, `docs/operations/grafana/why502-${name}.json`), 'utf8')).uid,
  );
  expect(uids).toEqual(['why502-clickhouse', 'why502-prometheus']);
});

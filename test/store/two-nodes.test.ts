import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection, clickhouseSink, schemaOf, schemaVersion } from '@why502/clickhouse';
import { instant, type Result } from '@why502/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { trafficRow } from '../contracts/results.ts';
import { rootFolder } from '../workspaces.ts';
import { numberOf, verdicts } from './own-engine.ts';
import { startTwoNodes, type TwoNodes } from './two-nodes.ts';

const database = 'shared';
let folder = '';
let two: TwoNodes;
let connections: readonly Connection[] = [];

beforeAll(async () => {
  expect(spawnSync('npx', ['tsc', '-b', 'packages/engine'], { cwd: rootFolder }).status).toBe(0);
  folder = mkdtempSync(join(tmpdir(), 'why502-nodes-'));
  two = await startTwoNodes(folder);
  connections = two.addresses.map((at) => new Connection({ address: async () => at, database }));
  for (const node of connections) {
    await node.command(`CREATE DATABASE ${database}`, {}, false);
    await node.command(
      'CREATE TABLE schema_versions (version UInt32, applied DateTime DEFAULT now()) ENGINE = ReplacingMergeTree ORDER BY version',
    );
    for (const statement of schemaOf({ cluster: two.cluster })) await node.command(alone(statement));
    await node.command(`INSERT INTO schema_versions (version) VALUES (${schemaVersion})`);
  }
}, 60_000);

afterAll(async () => {
  for (const node of connections) await node.close();
  await two.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Of a cluster without a Keeper, which this engine has not: each node makes its tables itself, without replicas. */
function alone(statement: string): string {
  return statement
    .replace(` ON CLUSTER \`${two.cluster}\``, '')
    .replace(/ReplicatedReplacingMergeTree\('[^']*', '[^']*', revision\)/, 'ReplacingMergeTree(revision)')
    .replace('replicated_deduplication_window', 'non_replicated_deduplication_window');
}

const begin = Date.UTC(2026, 10, 23, 7);
const buckets = 60;
const traffic: Result = {
  kind: 'traffic',
  rows: Array.from({ length: buckets }, (_, at) =>
    trafficRow({ bucket: instant(begin + at * 10_000), requests: 1 + at }),
  ),
};
const requests = (buckets * (buckets + 1)) / 2;

it('two nodes share the rows, and what is sent again through the other one is there once', async () => {
  const count = 1_000;
  const send = async (node: number, token: string) => {
    const sink = clickhouseSink({
      address: async () => two.addresses[node]!,
      database,
      cluster: two.cluster,
      origin: 'here',
    });
    const results = [...verdicts(0, count), traffic];
    expect(await sink.deliver({ token, results })).toEqual({ kind: 'stored' });
    await sink.close();
  };
  await send(0, 'first');
  // An answer was lost, and a balancer leads to the other node, or the tail has cut its batches otherwise.
  await send(0, 'first');
  await send(1, 'first');
  await send(1, 'second');

  for (const node of connections) {
    expect(await numberOf(node, 'count()', 'verdicts FINAL')).toBe(count);
    expect(await numberOf(node, 'sum(requests)', 'traffic FINAL')).toBe(requests);
    expect(await numberOf(node, 'sum(requests)', 'traffic_rollup FINAL')).toBe(requests);
    expect(await numberOf(node, 'sum(total)', 'traffic_by_minute')).toBe(requests);
    // Neither has all.
    expect(await numberOf(node, 'uniqExact(id)', 'verdicts_local')).toBeGreaterThan(count / 4);
  }
  const parts = await Promise.all(
    connections.map((node) => numberOf(node, 'uniqExact(id)', 'verdicts_local')),
  );
  expect(parts.reduce((sum, part) => sum + part, 0)).toBe(count);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection, clickhouseSink, migrate } from '@why502/clickhouse';
import { localStore } from '@why502/engine';
import { instant, type Problem, type Result, type Sink } from '@why502/model';
import { type Dispatch, openDispatch, openState, type StateFolder } from '@why502/pipeline-tail';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { trafficRow } from '../contracts/results.ts';
import { breaking } from './breaking-proxy.ts';
import { idOf, numberOf, useEngine, verdicts } from './own-engine.ts';

const engine = useEngine();
let used = 0;

let state: StateFolder;
let connection: Connection;
let database: string;

beforeEach(() => {
  database = `delivery_${used++}`;
  state = openState(join(engine.folder, database));
  connection = new Connection({ address: async () => engine.address, database });
});

afterEach(async () => {
  state.close();
  await connection.close();
});

function sinkAt(url: string = engine.address.url): Sink {
  return clickhouseSink({ address: async () => ({ ...engine.address, url }), database, origin: 'here' });
}

async function dispatchTo(sink: Sink, troubles: Problem[] = []): Promise<Dispatch> {
  const note = (problem: Problem) => {
    if (troubles.every(({ code }) => code !== problem.code)) troubles.push(problem);
  };
  return openDispatch({
    sinks: [sink],
    state,
    mostBytes: 64 * 1024 ** 2,
    watch: { onRefused: (result, name, cause) => state.layAside(result, name, cause), onRetry: note },
    trouble: note,
  });
}

/** Hands over as a tail does. */
async function handOver(dispatch: Dispatch, results: readonly Result[]): Promise<void> {
  const place = await dispatch.add(results);
  state.publish({ last: undefined, watermark: undefined, lines: {} }, place);
  dispatch.noted(place!);
}

async function countOf(what: string, table: string): Promise<number> {
  return numberOf(connection, what, table);
}

it('K5: the row that a real server refuses becomes a dead letter with its words, the others are delivered', async () => {
  const dispatch = await dispatchTo(sinkAt());
  await handOver(
    dispatch,
    verdicts(0, 3_000, (at) => (at === 1_234 ? { revision: -1 } : {})),
  );
  await dispatch.close();
  expect(dispatch.counts).toEqual([
    { sink: 'ClickHouse', accepted: 3_000, delivered: 2_999, waiting: 0, refused: 1 },
  ]);
  expect(await countOf('uniqExact(id)', 'verdicts')).toBe(2_999);
  const lines = readFileSync(join(state.folder, 'dead-letters', 'clickhouse.jsonl'), 'utf8')
    .trim()
    .split('\n');
  expect(lines.length).toBe(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({
    sink: 'ClickHouse',
    why: expect.stringMatching(/revision/),
    results: [{ kind: 'verdict', id: idOf(1_234) }],
  });
});

const forever = new Promise<never>(() => {});

/** A sink in a process that dies with its first batch: when the store has it, or before. */
function mortal(sink: Sink, hasStored: boolean): { readonly sink: Sink; readonly died: Promise<void> } {
  let die = () => {};
  const died = new Promise<void>((resolve) => {
    die = resolve;
  });
  const deliver: Sink['deliver'] = async (batch) => {
    const delivery = hasStored ? await sink.deliver(batch) : undefined;
    if (delivery?.kind === 'retry') return delivery;
    die();
    return forever;
  };
  return { sink: { ...sink, deliver }, died };
}

it('K1, K2, K4: broken answers, and ends before and after a batch is stored, lose and double nothing, and roll-ups are those of what was sent', {
  timeout: 20_000,
}, async () => {
  await migrate(connection, {});
  const proxy = await breaking(new URL(engine.address.url));
  const bucketMs = 10_000;
  const begin = Date.UTC(2026, 10, 23, 7);
  const perRound = 2_500;
  const rounds = 6;
  const perMinute = new Map<number, number>();
  for (let round = 0; round < rounds; round++) {
    // Each life but the last ends while it delivers.
    const isLast = round === rounds - 1;
    const { sink, died } = mortal(sinkAt(proxy.url), round % 2 === 0);
    const dispatch = await dispatchTo(isLast ? sinkAt(proxy.url) : sink);
    const rows = Array.from({ length: 20 }, (_, at) => {
      const bucket = begin + (round * 20 + at) * bucketMs;
      const requests = 1 + ((round * 7 + at) % 50);
      const minute = Math.floor(bucket / 60_000);
      perMinute.set(minute, (perMinute.get(minute) ?? 0) + requests);
      return trafficRow({ bucket: instant(bucket), requests });
    });
    await handOver(dispatch, [
      ...verdicts(round * perRound, (round + 1) * perRound),
      { kind: 'traffic', rows },
    ]);
    await (isLast ? dispatch.close() : died);
  }
  const last = await dispatchTo(sinkAt());
  await last.close();
  proxy.close();
  expect(proxy.broken()).toBeGreaterThan(2);
  const sent = rounds * perRound;
  expect(await countOf('uniqExact(id)', 'verdicts')).toBe(sent);
  expect(await countOf('count()', 'verdicts FINAL')).toBe(sent);
  expect(await countOf('count()', 'verdicts')).toBe(sent);
  const [counts] = last.counts;
  expect(counts).toEqual({
    ...counts,
    accepted: sent + rounds,
    delivered: sent + rounds,
    waiting: 0,
    refused: 0,
  });
  const rolled = await connection.rows<{ minute: string; n: string }>(
    'SELECT toUnixTimestamp(minute) AS minute, sum(total) AS n FROM traffic_by_minute GROUP BY minute ORDER BY minute',
  );
  expect(rolled.map(({ minute, n }) => [Number(minute) / 60, Number(n)])).toEqual([...perMinute]);
});

it('K6: a column that is gone is told, rows wait for it, and are delivered when it is back', async () => {
  const troubles: Problem[] = [];
  const dispatch = await dispatchTo(sinkAt(), troubles);
  await handOver(dispatch, verdicts(0, 10));
  await expect.poll(() => dispatch.counts[0]!.delivered).toBe(10);
  await connection.command('ALTER TABLE verdicts RENAME COLUMN certainty TO gone');
  await handOver(dispatch, verdicts(10, 20));
  await expect.poll(() => troubles.map(({ code }) => code)).toEqual(['W502_STORE_DRIFTED']);
  expect(dispatch.counts).toEqual([
    { sink: 'ClickHouse', accepted: 20, delivered: 10, waiting: 10, refused: 0 },
  ]);
  await connection.command('ALTER TABLE verdicts RENAME COLUMN gone TO certainty');
  await expect.poll(() => dispatch.counts[0]!.delivered, { timeout: 15_000 }).toBe(20);
  expect(await countOf('uniqExact(id)', 'verdicts')).toBe(20);
  await dispatch.close();
}, 20_000);

it('K3: a server that is restarted, and one with too many parts, take every row once when they can again', {
  timeout: 40_000,
}, async () => {
  const place = join(engine.folder, 'restarted');
  let own = localStore(place);
  const access = { address: () => own.address(), database };
  const restarted = new Connection(access);
  const countIn = async () => {
    const [row] = await restarted.rows<{ all: string; ids: string }>(
      'SELECT count() AS all, uniqExact(id) AS ids FROM verdicts',
    );
    return [Number(row!.all), Number(row!.ids)];
  };
  const troubles: Problem[] = [];
  const dispatch = await dispatchTo(clickhouseSink({ ...access, origin: 'here' }), troubles);
  await handOver(dispatch, verdicts(0, 10));
  await expect.poll(() => dispatch.counts[0]!.delivered, { timeout: 10_000 }).toBe(10);
  await own.close();
  own = localStore(place);
  await handOver(dispatch, verdicts(10, 20));
  await expect.poll(() => dispatch.counts[0]!.delivered, { timeout: 15_000 }).toBe(20);

  await restarted.command('ALTER TABLE verdicts MODIFY SETTING parts_to_throw_insert = 1');
  await handOver(dispatch, verdicts(20, 30));
  await expect.poll(() => troubles.map(({ code }) => code)).toContain('W502_STORE_FAILED');
  expect(dispatch.counts[0]).toMatchObject({ accepted: 30, delivered: 20, waiting: 10, refused: 0 });
  await restarted.command('ALTER TABLE verdicts RESET SETTING parts_to_throw_insert');
  await expect.poll(() => dispatch.counts[0]!.delivered, { timeout: 15_000 }).toBe(30);
  expect(await countIn()).toEqual([30, 30]);
  await dispatch.close();
  await restarted.close();
  await own.close();
});

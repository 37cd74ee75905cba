import { Connection, clickhouseSink, migrate, panels } from '@why502/clickhouse';
import { httpStatus, instant, type Result, type TrafficRow } from '@why502/model';
import { queryPanel } from '@why502/pipeline-store';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { trafficRow } from '../contracts/results.ts';
import { numberOf, useEngine } from './own-engine.ts';

const engine = useEngine();
const bucketMs = 10_000;
const begin = Date.UTC(2026, 10, 23, 23, 40);

/** What a panel answers of a stretch of time. */
async function asked(
  connection: Connection,
  name: string,
  from: number,
  to: number,
  values: Record<string, string> = {},
) {
  const panel = panels().find((one) => one.name === name)!;
  const span = { since: new Date(from).toISOString(), until: new Date(to).toISOString(), limit: 5_000 };
  return (await queryPanel(connection, panel, span, values, 0)).rows;
}

/** A bucket as it is at one moment. */
interface Told {
  readonly bucket: number;
  readonly peer: string;
  readonly status: number;
  readonly requests: number;
}

/** Batches of one origin each: buckets of forty minutes over midnight, which grow now and then. */
const batches = fc.array(
  fc.record({
    origin: fc.constantFrom('here', 'elsewhere'),
    told: fc.array(
      fc.record({
        bucket: fc.integer({ min: 0, max: 39 }).map((at) => begin + at * 6 * bucketMs),
        peer: fc.constantFrom('10.0.0.1:80', '10.0.0.2:80'),
        status: fc.constantFrom(200, 502),
        requests: fc.integer({ min: 1, max: 90 }),
      }),
      { minLength: 1, maxLength: 20 },
    ),
  }),
  { minLength: 1, maxLength: 6 },
);

function row({ bucket, peer, status, requests }: Told): TrafficRow {
  return trafficRow({
    bucket: instant(bucket),
    peer,
    status: httpStatus(status)!,
    requests,
    durations: [requests, 1],
  });
}

/** Each bucket of each origin as it was when it was largest. */
function last(all: readonly { readonly origin: string; readonly told: readonly Told[] }[]): readonly Told[] {
  const largest = new Map<string, Told>();
  for (const { origin, told } of all)
    for (const one of told) {
      const key = `${origin} ${one.bucket} ${one.peer} ${one.status}`;
      if ((largest.get(key)?.requests ?? 0) < one.requests) largest.set(key, one);
    }
  return [...largest.values()];
}

it('answers of slots what their buckets say, whatever was written again, and in which order', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      batches,
      fc.array(fc.nat(), { maxLength: 3 }),
      fc.integer({ min: 0, max: 2_400 }),
      fc.integer({ min: 1, max: 2_400 }),
      async (sent, again, start, length) => {
        const { sink, access, connection } = engine.database();
        const other = clickhouseSink({ ...access, origin: 'elsewhere' });
        for (const at of [...sent.keys(), ...again.map((one) => one % sent.length)]) {
          const { origin, told } = sent[at]!;
          const results: Result[] = [{ kind: 'traffic', rows: told.map(row) }];
          const delivery = await (origin === 'here' ? sink : other).deliver({ token: `${at}`, results });
          expect(delivery).toEqual({ kind: 'stored' });
        }
        const from = begin + start * 1_000;
        const until = from + length * 1_000;
        const within = last(sent).filter(({ bucket }) => bucket >= from && bucket < until);
        const perSlot = new Map<number, [number, number]>();
        for (const { bucket, status, requests } of within) {
          const slot = Math.floor(bucket / 300_000) * 300_000;
          const [total, failing] = perSlot.get(slot) ?? [0, 0];
          perSlot.set(slot, [total + requests, failing + (status >= 500 ? requests : 0)]);
        }
        const answer = await asked(connection, 'traffic', from, until, { step: '300' });
        expect(
          answer.map(([at, , total, failing]) => [Number(at), [Number(total), Number(failing)]]),
        ).toEqual([...perSlot].sort(([a], [b]) => a - b));
        expect(await asked(connection, 'traffic', from, until, { step: '60' })).toHaveLength(
          new Set(within.map(({ bucket }) => Math.floor(bucket / 60_000))).size,
        );
        const healthy = within.filter(({ status }) => status === 200);
        const durations = await asked(connection, 'durations', from, until);
        const counts = durations.find(([kind]) => kind === 'healthy')?.[1] as number[] | undefined;
        expect(counts?.map(Number)).toEqual(
          healthy.length === 0
            ? undefined
            : [healthy.reduce((sum, { requests }) => sum + requests, 0), healthy.length],
        );
        await other.close();
        await sink.close();
        await connection.command(`DROP DATABASE ${access.database}`);
      },
    ),
    { numRuns: 15 },
  );
});

it('brings the traffic of a store of version 1 into slots, and answers before that as well', async () => {
  const database = engine.database();
  const { sink, connection } = database;
  const day = 86_400_000;
  const rows = Array.from({ length: 90 }, (_, at) =>
    trafficRow({ bucket: instant(begin + at * bucketMs + (at % 3) * day), requests: at + 1 }),
  );
  await sink.deliver({ token: '1', results: [{ kind: 'traffic', rows }] });
  const total = async (by: Connection) => {
    const answer = await asked(by, 'traffic', begin, begin + 3 * day, { step: '300' });
    return answer.reduce((sum, [, , requests]) => sum + Number(requests), 0);
  };
  const all = (90 * 91) / 2;
  await connection.command('DROP TABLE traffic_rollup');
  await connection.command(
    'ALTER TABLE schema_versions DELETE WHERE version >= 2 SETTINGS mutations_sync = 1',
  );
  expect(await total(new Connection(database.access))).toBe(all);
  await migrate(connection, {});
  expect(await numberOf(connection, 'sum(requests)', 'traffic_rollup FINAL')).toBe(all);
  expect(await numberOf(connection, 'count()', 'traffic_rollup FINAL')).toBeLessThan(12);
  expect(await total(connection)).toBe(all);
});

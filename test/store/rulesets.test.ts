import { join } from 'node:path';
import { clickhouseSink, migrate } from '@why502/clickhouse';
import { mechanisms } from '@why502/mechanisms';
import type { Mechanism, Verdict } from '@why502/model';
import { analyze, fileSource } from '@why502/pipeline-analyze';
import { query } from '@why502/pipeline-store';
import { expect, it } from 'vitest';
import { verdict } from '../contracts/results.ts';
import { corpusFolder, scenarios } from '../corpus.ts';
import { type Database, numberOf, useEngine } from './own-engine.ts';

const engine = useEngine();

/** A recording in which several mechanisms are found. */
const { extended, error } = scenarios().find(({ name }) => name === 'two-hosts-restart-and-cookie-header')!;

/** Saves what given rules find in the recording. */
async function save(
  { access }: Database,
  rules: readonly Mechanism[],
): Promise<ReadonlyMap<string, Verdict>> {
  const told = new Map<string, Verdict>();
  await analyze({
    sources: [extended, error].map((path) => fileSource(join(corpusFolder, path), path)),
    mechanisms: rules,
    sinks: [clickhouseSink({ ...access, origin: 'here' })],
    on: (result) => result.kind === 'verdict' && told.set(result.verdict.id, result.verdict),
  });
  return told;
}

it('T18: after other rules judged the same logs all verdicts carry their name, and what they changed is listed', async () => {
  const database = engine.database();
  const { connection } = database;
  const before = await save(database, mechanisms);
  const [lost] = [...before.values()].flatMap(({ mechanism }) => mechanism ?? []);
  const after = await save(
    database,
    mechanisms.filter(({ id }) => id !== lost),
  );

  const [verdictsBefore, verdictsAfter] = [before, after].map((all) => [...all.values()]);
  const [old, ...none] = new Set(verdictsBefore!.map(({ ruleset }) => ruleset));
  const [now, ...noOther] = new Set(verdictsAfter!.map(({ ruleset }) => ruleset));
  expect([none, noOther, old === now]).toEqual([[], [], false]);
  expect(await connection.rows('SELECT ruleset, count() AS n FROM verdicts FINAL GROUP BY ruleset')).toEqual([
    { ruleset: now, n: before.size },
  ]);

  const changed = [...before].flatMap(([id, { cause, mechanism }]) => {
    const other = after.get(id)!;
    const moved = other.cause !== cause || other.mechanism !== mechanism;
    return moved ? [[old, now, cause, mechanism, other.cause, other.mechanism ?? ''].join(' ')] : [];
  });
  expect(changed.length).toBeGreaterThan(0);
  expect(changed.length).toBeLessThan(before.size);
  const { columns, rows } = await query(connection, { words: ['rulesets'] }, 0);
  expect(columns.map(({ name }) => name)).toEqual([
    ...['ruleset_before', 'ruleset', 'cause_before', 'mechanism_before', 'cause', 'mechanism'],
    ...['verdicts', 'example'],
  ]);
  const listed = rows.flatMap((row) => {
    const [was, is, causeWas, mechanismWas, cause, mechanism, n] = row as string[];
    return Array<string>(Number(n)).fill([was, is, causeWas, mechanismWas, cause, mechanism].join(' '));
  });
  expect(listed.sort()).toEqual(changed.sort());
});

it('the same rules change nothing, however often they are asked', async () => {
  const database = engine.database();
  await save(database, mechanisms);
  await save(database, mechanisms);
  expect((await query(database.connection, { words: ['rulesets'] }, 0)).rows).toEqual([]);
});

it('a store of version 2 gets the new columns, and what it holds is compared with what the first ruleset says', async () => {
  const { connection, sink, access } = engine.database();
  await sink.deliver({
    token: '1',
    results: [{ kind: 'verdict', verdict: verdict({ mechanism: 'wrong_address', ruleset: undefined }) }],
  });
  await connection.command('DROP VIEW otel_logs');
  await connection.command('DROP TABLE rulings');
  await connection.command(
    'ALTER TABLE verdicts DROP COLUMN trace_id, DROP COLUMN span_id, DROP COLUMN ruleset SETTINGS mutations_sync = 1',
  );
  await connection.command(
    'ALTER TABLE schema_versions DELETE WHERE version = 3 SETTINGS mutations_sync = 1',
  );
  // Done again, as by a process that was killed before it could say that it was done.
  await migrate(connection, {});
  await connection.command(
    'ALTER TABLE schema_versions DELETE WHERE version = 3 SETTINGS mutations_sync = 1',
  );
  await migrate(connection, {});
  expect(await numberOf(connection, 'count()', 'rulings FINAL')).toBe(1);

  const trace = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
  const newer = clickhouseSink({ ...access, origin: 'here' });
  await newer.deliver({
    token: '2',
    results: [{ kind: 'verdict', verdict: verdict({ trace, revision: 1 }) }],
  });
  expect(await connection.rows('SELECT TraceId, SpanId FROM otel_logs')).toEqual([
    { TraceId: trace.traceId, SpanId: trace.spanId },
  ]);
  expect((await query(connection, { words: ['rulesets'] }, 0)).rows).toEqual([
    ['', '0123456789ab', 'upstream_fault', 'wrong_address', 'upstream_fault', 'process_down', 1, 'v1'],
  ]);
});

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection, clickhouseSink, conditionColumns, migrate, panels, schemaOf } from '@why502/clickhouse';
import { type LocalStore, localStore } from '@why502/engine';
import { patient } from '@why502/flow';
import { combined, createNames, textFormat } from '@why502/formats';
import { instant, millis, Problem, probability, type Result } from '@why502/model';
import { query, queryPanel, querySql, questions } from '@why502/pipeline-store';
import { describe, expect, it } from 'vitest';
import { incident, trafficRow, verdict } from '../contracts/results.ts';
import { breaking } from './breaking-proxy.ts';
import { numberOf, useEngine, verdicts } from './own-engine.ts';

const engine = useEngine();

/** The route class of a request target, by a reader of logs. */
function routeOf(path: string): string | undefined {
  const line = Buffer.from(`::1 - - [23/Nov/2026:07:24:51 +0000] "GET ${path} HTTP/1.1" 502 1 "-" "-"`);
  const decoder = textFormat(combined).decoder('access.log', createNames());
  const record = decoder.read(line, 0, line.length, 1);
  return 'kind' in record && record.kind === 'request' ? record.route : undefined;
}

describe('a store', () => {
  it('keeps every field of a result', async () => {
    const { connection, sink } = engine.database();
    const results: Result[] = [
      { kind: 'verdict', verdict: verdict({ status: undefined, path: undefined }) },
      { kind: 'incident', incident: incident() },
      { kind: 'traffic', rows: [trafficRow({ requests: 5, durations: [2, 3] })] },
    ];
    expect(await sink.deliver({ token: 'a', results })).toEqual({ kind: 'stored' });
    const [row] = await connection.rows<Record<string, unknown>>('SELECT *, route FROM verdicts');
    expect(row).toMatchObject({
      id: 'v1',
      time: '2026-11-23 07:24:51.204',
      source: 'nginx',
      file: 'access.log',
      line: 1043,
      status: null,
      path: '',
      route: '',
      duration_ms: 12,
      confidence: 0.9404,
      candidates: [{ cause: 'network', mechanism: 'firewall_reject', confidence: 0.04 }],
    });
    const [kept] = await connection.rows<Record<string, unknown>>('SELECT * FROM incidents');
    expect(kept).toMatchObject({ id: 'i1', requests: 126, by_status: { '200': 3, '502': 123 } });
    expect(await connection.rows('SELECT requests, duration_counts FROM traffic')).toEqual([
      { requests: 5, duration_counts: [2, 3] },
    ]);
  });

  it.each([
    '/v1/orders?customer=17',
    '/a/b/c/d/e/f',
    '/users/42/',
    '/',
    '/a-very-long-segment-of-a-path/x',
    '/caf%C3%A9/m%22n',
  ])('sees the same route in %s as those who read logs do', async (path) => {
    const { connection, sink } = engine.database();
    const route = routeOf(path);
    await sink.deliver({
      token: '1',
      results: [{ kind: 'verdict', verdict: verdict({ path: path as never }) }],
    });
    expect(await connection.rows('SELECT route FROM verdicts')).toEqual([{ route }]);
  });

  it('leaves a batch out that comes again', async () => {
    const { connection, sink } = engine.database();
    const batch = { token: 'once', results: verdicts(0, 1_000) };
    await sink.deliver(batch);
    await sink.deliver(batch);
    expect(await numberOf(connection, 'count()', 'verdicts')).toBe(1_000);
  });

  it('lets a later revision replace an earlier one, whatever it changes', async () => {
    const { connection, sink } = engine.database();
    const later = verdict({ revision: 1, cause: 'network', mechanism: undefined });
    await sink.deliver({ token: '1', results: [{ kind: 'verdict', verdict: verdict() }] });
    await sink.deliver({ token: '2', results: [{ kind: 'verdict', verdict: later }] });
    expect(await connection.rows('SELECT cause, mechanism, revision FROM failures')).toEqual([
      { cause: 'network', mechanism: '', revision: 1 },
    ]);
  });

  it('replaces a bucket of traffic, and leaves those of others', async () => {
    const { connection, sink, access } = engine.database();
    const other = clickhouseSink({ ...access, origin: 'elsewhere' });
    await sink.deliver({ token: '1', results: [{ kind: 'traffic', rows: [trafficRow({ requests: 5 })] }] });
    await sink.deliver({ token: '2', results: [{ kind: 'traffic', rows: [trafficRow({ requests: 8 })] }] });
    await other.deliver({ token: '3', results: [{ kind: 'traffic', rows: [trafficRow({ requests: 1 })] }] });
    expect(await connection.rows('SELECT sum(total) AS n FROM traffic_by_minute')).toEqual([{ n: 9 }]);
  });

  it('refuses a batch with a row that no table takes, and goes on to take others', async () => {
    const { connection, sink } = engine.database();
    const results = verdicts(0, 10, (at) => (at === 3 ? { revision: -1 } : {}));
    await sink.deliver({ token: '0', results: verdicts(0, 1) });
    const delivery = await sink.deliver({ token: '1', results });
    expect(delivery.kind).toBe('rejected');
    expect(await numberOf(connection, 'count()', 'verdicts')).toBe(1);
    expect(await sink.deliver({ token: '2', results: verdicts(0, 2) })).toEqual({ kind: 'stored' });
  });

  it.each([
    ['a wrong password', 'W502_STORE_REFUSED', () => ({ ...engine.address, password: 'wrong' })],
    [
      'a server that is not there',
      'W502_STORE_UNREACHABLE',
      () => ({ ...engine.address, url: 'http://127.0.0.1:9' }),
    ],
  ])('waits for somebody to mend %s', async (_, code, at) => {
    const { sink } = engine.database(at());
    const delivery = await sink.deliver({ token: '1', results: verdicts(0, 1) });
    expect(delivery).toMatchObject({ kind: 'retry', cause: { code } });
  });

  it('says that a user may not write', async () => {
    const { connection, access } = engine.database();
    await migrate(connection, {});
    // As whom the engine starts itself, who may do next to nothing.
    const user = { ...engine.address, user: 'default', password: '' };
    const sink = clickhouseSink({ ...access, address: async () => user, origin: 'here' });
    expect(await sink.deliver({ token: '1', results: verdicts(0, 1) })).toMatchObject({
      kind: 'retry',
      cause: { code: 'W502_STORE_READ_ONLY' },
    });
  });

  it('leaves a store alone that a newer version made', async () => {
    const { connection, sink } = engine.database();
    await migrate(connection, {});
    await connection.command('INSERT INTO schema_versions (version) VALUES (999)');
    expect(await sink.deliver({ token: '1', results: verdicts(0, 1) })).toMatchObject({
      kind: 'retry',
      cause: { code: 'W502_STORE_NEWER' },
    });
  });

  it('waits when a column is gone, and goes on when it is back', async () => {
    const { connection, sink } = engine.database();
    await sink.deliver({ token: '1', results: verdicts(0, 1) });
    await connection.command('ALTER TABLE verdicts RENAME COLUMN certainty TO gone');
    expect(await sink.deliver({ token: '2', results: verdicts(0, 2) })).toMatchObject({
      kind: 'retry',
      cause: { code: 'W502_STORE_DRIFTED' },
    });
    await connection.command('ALTER TABLE verdicts RENAME COLUMN gone TO certainty');
    expect(await sink.deliver({ token: '2', results: verdicts(0, 2) })).toEqual({ kind: 'stored' });
  });

  it('deletes what is older than it keeps', async () => {
    const { connection, access } = engine.database();
    const sink = clickhouseSink({ ...access, origin: 'here', keepDays: 1 });
    await sink.deliver({
      token: '1',
      results: verdicts(0, 2, (at) => ({ time: instant(at === 0 ? Date.UTC(2020, 1) : Date.now()) })),
    });
    await connection.command('OPTIMIZE TABLE verdicts FINAL');
    expect(await numberOf(connection, 'count()', 'verdicts')).toBe(1);
  });

  it('has DDL for a cluster that the server understands', async () => {
    const { connection } = engine.database();
    await migrate(connection, {});
    for (const statement of schemaOf({ cluster: 'eu`west', keepDays: 30 })) {
      const parsed = await connection.rows<{ q: string }>('SELECT formatQuery({q: String}) AS q', {
        q: statement,
      });
      expect(parsed[0]?.q).toMatch(/ON CLUSTER `eu\\`west`/);
    }
  });
});

describe('K1: a connection that breaks between a block and its answer', () => {
  it('loses nothing and doubles nothing', { timeout: 120_000 }, async () => {
    const { connection, access } = engine.database();
    await migrate(connection, {});
    const proxy = await breaking(new URL(engine.address.url));
    const sink = patient(
      clickhouseSink({
        ...access,
        address: async () => ({ ...engine.address, url: proxy.url }),
        origin: 'here',
      }),
      { longest: millis(60_000), wait: async () => {} },
    );
    const rows = 50_000;
    const perBatch = 1_000;
    for (let from = 0; from < rows; from += perBatch) {
      const results = verdicts(from, from + perBatch);
      expect(await sink.deliver({ token: `${from}`, results })).toEqual({ kind: 'stored' });
    }
    await sink.close();
    proxy.close();
    expect(proxy.broken()).toBeGreaterThan(5);
    expect(await numberOf(connection, 'count()', 'verdicts')).toBe(rows);
    expect(await numberOf(connection, 'count()', 'verdicts FINAL')).toBe(rows);
  });
});

describe('a question', () => {
  it.each(questions().map(({ name }) => name))('%s is answered', async (name) => {
    const { connection, sink } = engine.database();
    const before = verdict({ ruleset: 'before', mechanism: 'wrong_address' });
    await sink.deliver({ token: '0', results: [{ kind: 'verdict', verdict: before }] });
    await sink.deliver({
      token: '1',
      results: [
        {
          kind: 'verdict',
          verdict: verdict({
            confidence: probability(0.4),
            wouldSettle: [{ field: 'attempts', text: 'log more' }],
          }),
        },
        { kind: 'incident', incident: incident() },
      ],
    });
    const words = [
      name,
      ...(name === 'incident'
        ? ['i1']
        : name === 'compare'
          ? ['2026-11-22/2026-11-23', '2026-11-23/2026-11-24']
          : []),
    ];
    const answer = await query(connection, { words }, Date.now());
    expect(answer.rows.length).toBeGreaterThan(0);
  });

  it.each(
    [...questions(), ...panels()]
      .filter(({ conditions }) => conditions !== undefined)
      .map((one) => [one.name, one] as const),
  )('%s takes a condition on each column', async (_, question) => {
    const { connection, sink } = engine.database();
    const one = verdict({
      confidence: probability(0.4),
      wouldSettle: [{ field: 'attempts', text: 'log more' }],
    });
    const results: Result[] = [
      { kind: 'verdict', verdict: one },
      { kind: 'incident', incident: incident() },
    ];
    await sink.deliver({ token: '1', results });
    const values = Object.fromEntries(
      question.arguments.flatMap(({ name, what }) =>
        what.endsWith('FROM/TO')
          ? [
              [`${name}_from`, '2026-11-22 00:00:00'],
              [`${name}_to`, '2026-11-25 00:00:00'],
            ]
          : [[name, name === 'step' ? '300' : 'i1']],
      ),
    );
    const asked = (where: readonly string[]) => queryPanel(connection, question, { where }, values, 0);
    const all = await asked([]);
    expect(all.rows.length).toBeGreaterThan(0);
    const table = question.conditions === 'incidents' ? 'incidents' : 'failures';
    for (const column of conditionColumns[question.conditions!]) {
      const [row] = await connection.rows<{ value: string }>(
        `SELECT toString(${column}) AS value FROM ${table}`,
      );
      expect((await asked([`${column}=${row!.value}`])).rows).toEqual(all.rows);
      const other = (await asked([`${column}=x${row!.value}`])).rows;
      expect(other).not.toEqual(all.rows);
    }
  });

  it('takes no condition for SQL', { timeout: 120_000 }, async () => {
    const { connection, sink } = engine.database();
    await sink.deliver({ token: '1', results: verdicts(0, 3) });
    const payloads = [
      "' OR 1=1 --",
      "'; DROP TABLE verdicts; --",
      '{where_0: String}',
      '\\',
      '\u0000',
      "') UNION ALL SELECT 1 --",
      '`',
      '%',
      '${x}',
      '🙂',
    ];
    for (const payload of payloads)
      for (const column of ['host', 'peer', 'path', 'mechanism', 'id']) {
        const answer = await query(connection, { words: ['top'], where: [`${column}=${payload}`] }, 0);
        expect(answer.rows).toEqual([]);
      }
    await expect(query(connection, { words: ['top'], where: ['1=1 OR id=x'] }, 0)).rejects.toThrow(Problem);
    expect(await numberOf(connection, 'count()', 'verdicts')).toBe(3);
  });

  it.each([
    'DROP TABLE verdicts',
    "INSERT INTO verdicts (id) VALUES ('x')",
    'ALTER TABLE verdicts DELETE WHERE 1',
    'TRUNCATE TABLE verdicts',
    'CREATE TABLE x (a Int32) ENGINE = Memory',
    'SELECT 1; DROP TABLE verdicts',
    'SYSTEM STOP MERGES',
    "SELECT 1 INTO OUTFILE '/tmp/x'",
  ])('in SQL that would change something is refused: %s', async (sql) => {
    const { connection, sink } = engine.database();
    await sink.deliver({ token: '1', results: verdicts(0, 1) });
    await expect(querySql(connection, sql)).rejects.toThrow(/W502_SQL/);
    expect(await numberOf(connection, 'count()', 'verdicts')).toBe(1);
  });

  it('of an empty store says so', async () => {
    const { connection } = engine.database();
    await expect(query(connection, { words: ['top'] }, 0)).rejects.toThrow('W502_STORE_EMPTY');
  });
});

describe('a folder with a store', () => {
  it('refuses nobody who opens it while others do and leave', { timeout: 120_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'why502-opened-at-once-'));
    // As a tail that saves and queries that ask: whose engine it is changes all the time.
    const visit = async (): Promise<number | 'gone'> => {
      const opened = localStore(folder);
      const { url, user, password } = await opened.address();
      const headers = { 'X-ClickHouse-User': user, 'X-ClickHouse-Key': password, connection: 'close' };
      const said = await fetch(`${url}/?query=SELECT%201`, { headers }).then(
        ({ status }) => status,
        () => 'gone' as const,
      );
      await opened.close();
      return said;
    };
    const visits = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const all = [];
        for (let round = 0; round < 5; round++) all.push(await visit());
        return all;
      }),
    );
    const all = visits.flat();
    expect(all.filter((said) => said !== 200 && said !== 'gone')).toEqual([]);
    expect(all.filter((said) => said === 200).length).toBeGreaterThan(4);
    expect(readdirSync(folder)).toEqual(['data']);
    rmSync(folder, { recursive: true });
  });

  it('is shared, and taken over when its owner leaves', { timeout: 60_000 }, async () => {
    const shared = mkdtempSync(join(tmpdir(), 'why502-shared-'));
    const first = localStore(shared);
    const second = localStore(shared);
    const access = (one: LocalStore) => ({ address: () => one.address(), database: 'why502' });
    const sink = clickhouseSink({ ...access(second), origin: 'second' });
    const url = (await first.address()).url;
    expect((await second.address()).url).toBe(url);
    await sink.deliver({ token: '1', results: verdicts(0, 3) });
    await first.close();
    const again = patient(sink, { longest: millis(20_000) });
    expect(await again.deliver({ token: '2', results: verdicts(0, 5) })).toEqual({ kind: 'stored' });
    expect(await numberOf(new Connection(access(second)), 'count()', 'verdicts FINAL')).toBe(5);
    await sink.close();
    await second.close();
    rmSync(shared, { recursive: true, force: true });
  });

  it('lets nobody in without the password', async () => {
    const asked = async (user: string, sql: string) =>
      (
        await fetch(`${engine.address.url}/?query=${encodeURIComponent(sql)}`, {
          headers: { 'X-ClickHouse-User': user },
        })
      ).status;
    expect(await asked('why502', 'SELECT 1')).not.toBe(200);
    expect(await asked('default', "SELECT * FROM file('/etc/passwd', 'LineAsString')")).not.toBe(200);
    expect(await asked('default', 'SELECT * FROM test_0.verdicts')).not.toBe(200);
  });
});

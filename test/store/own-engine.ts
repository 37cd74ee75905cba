import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection, clickhouseSink, type ServerAddress } from '@why502/clickhouse';
import { type LocalStore, localStore } from '@why502/engine';
import type { Result, Sink, Verdict } from '@why502/model';
import { afterAll, beforeAll, expect } from 'vitest';
import { verdict } from '../contracts/results.ts';
import { rootFolder } from '../workspaces.ts';

/** An engine that the tests of a file share. */
export interface OwnEngine {
  /** For whatever else they keep; removed after them. */
  readonly folder: string;
  readonly address: ServerAddress;
  /** A database of its own, in which nothing is yet. */
  database(at?: ServerAddress): Database;
}

export interface Database {
  readonly access: { readonly address: () => Promise<ServerAddress>; readonly database: string };
  readonly connection: Connection;
  readonly sink: Sink;
}

/** Starts an engine before the tests of a file, and stops it after them. */
export function useEngine(): OwnEngine {
  let folder = '';
  let store: LocalStore;
  let address: ServerAddress;
  let used = 0;
  beforeAll(async () => {
    // The engine is a process of its own, which runs what was built.
    const built = spawnSync('npx', ['tsc', '-b', 'packages/engine'], { cwd: rootFolder });
    expect(built.status).toBe(0);
    folder = mkdtempSync(join(tmpdir(), 'why502-store-'));
    store = localStore(join(folder, 'store'));
    address = await store.address();
  }, 60_000);
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    get folder() {
      return folder;
    },
    get address() {
      return address;
    },
    database(at = address) {
      const access = { address: async () => at, database: `test_${used++}` };
      return {
        access,
        connection: new Connection(access),
        sink: clickhouseSink({ ...access, origin: 'here' }),
      };
    },
  };
}

/** Verdicts with the numbers from one up to before another as their ids. */
export function verdicts(
  from: number,
  to: number,
  fields: (at: number) => Partial<Verdict> = () => ({}),
): Result[] {
  return Array.from({ length: to - from }, (_, index) => ({
    kind: 'verdict',
    verdict: verdict({ id: idOf(from + index), ...fields(from + index) }),
  }));
}

export function idOf(at: number): string {
  return at.toString(16).padStart(16, '0');
}

/** One number that a statement answers with. */
export async function numberOf(connection: Connection, expression: string, table: string): Promise<number> {
  const [row] = await connection.rows<{ n: string }>(`SELECT ${expression} AS n FROM ${table}`);
  return Number(row!.n);
}

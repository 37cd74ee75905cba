import { Problem } from '@why502/model';
import type { Connection } from './connection.ts';
import { incidentTable } from './incident-table.ts';
import { ruleAll, rulingTable } from './ruling-table.ts';
import { addColumns, createTable, expiry, identifier, type Table, type TableOptions } from './table.ts';
import { rollUpAll, trafficRollup } from './traffic-rollup.ts';
import { trafficTable } from './traffic-table.ts';
import { verdictTable } from './verdict-table.ts';
import { createViews } from './views.ts';

/** All tables that hold results. */
const tables: readonly Table[] = [verdictTable, rulingTable, incidentTable, trafficTable, trafficRollup];

interface Migration {
  readonly statements: (options: TableOptions) => readonly string[];
  /** Brings into new tables what the old ones hold. May be done again. */
  readonly fill?: (connection: Connection) => Promise<void>;
}

/** What leads from one version of the store to the next. The number of a migration is its place, from 1. */
const migrations: readonly Migration[] = [
  {
    statements: (options) => [
      ...[verdictTable, incidentTable, trafficTable].flatMap((table) => createTable(table, options)),
      ...createViews(options.cluster),
    ],
  },
  { statements: (options) => createTable(trafficRollup, options), fill: rollUpAll },
  {
    statements: (options) => [
      ...addColumns(verdictTable, 3, options),
      ...createTable(rulingTable, options),
      ...createViews(options.cluster),
    ],
    fill: ruleAll,
  },
];

/** The version that this program writes and reads. */
export const schemaVersion = migrations.length;

/** Every statement that makes a store from nothing, for whoever wants to run or read them. */
export function schemaOf(options: TableOptions): readonly string[] {
  return migrations.flatMap(({ statements }) => statements(options));
}

/**
 * Brings the store to the version of this program. Several processes may do so at once: each statement leaves what is
 * there as it is.
 *
 * @throws Problem W502_STORE_NEWER, and what a statement meets
 */
export async function migrate(connection: Connection, options: TableOptions): Promise<void> {
  const on = options.cluster === undefined ? '' : ` ON CLUSTER ${identifier(options.cluster)}`;
  const has = await versionOf(connection);
  if (has > schemaVersion)
    throw new Problem('W502_STORE_NEWER', {
      where: connection.place,
      excerpt: `version ${has}, this program knows ${schemaVersion}`,
    });
  if (has < schemaVersion) {
    await connection.command(
      `CREATE DATABASE IF NOT EXISTS ${identifier(connection.database)}${on}`,
      {},
      false,
    );
    await connection.command(
      `CREATE TABLE IF NOT EXISTS schema_versions${on} (version UInt32, applied DateTime DEFAULT now()) ENGINE = ReplacingMergeTree ORDER BY version`,
    );
    for (let version = has + 1; version <= schemaVersion; version++) {
      const { statements, fill } = migrations[version - 1]!;
      for (const statement of statements(options)) await connection.command(statement);
      await fill?.(connection);
      await connection.command(`INSERT INTO schema_versions (version) VALUES (${version})`);
    }
  }
  if (options.keepDays !== undefined)
    for (const table of tables) {
      const name = options.cluster === undefined ? table.name : `${table.name}_local`;
      await connection.command(
        `ALTER TABLE ${identifier(name)}${on} MODIFY TTL ${expiry(table.timeColumn, options.keepDays)}`,
      );
    }
}

/** 0 where there is no store yet. */
async function versionOf(connection: Connection): Promise<number> {
  if (!(await connection.has('schema_versions'))) return 0;
  const [highest] = await connection.rows<{ version: number }>(
    `SELECT max(s.version) AS version FROM schema_versions AS s`,
  );
  return Number(highest?.version ?? 0);
}

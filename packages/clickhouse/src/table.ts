/** A table, from which its DDL for one server and for a cluster is written. */
export interface Table {
  readonly name: string;
  /** Column and type, in the order in which rows are written. */
  readonly columns: readonly Column[];
  /** Of rows that are equal in these the one with the highest revision counts. */
  readonly orderBy: string;
  readonly partitionBy: string;
  /** The time that decides when a row is old. */
  readonly timeColumn: string;
  /** Spreads rows over the shards of a cluster: rows that replace each other must come to the same one. */
  readonly shardBy: string;
}

export interface Column {
  readonly name: string;
  readonly type: string;
  /** The server computes it, mostly from the others, so that it is not written. */
  readonly computed?: string;
  /** Version of the store that brought it; default the one that brought the table. */
  readonly since?: number;
}

export interface TableOptions {
  /** Rows older than this many days are deleted. Default: none is. */
  readonly keepDays?: number;
  /** Name of a cluster of which each shard holds a part, replicated by a Keeper. Default: one server. */
  readonly cluster?: string;
}

/** Blocks that a server remembers, so that one that is sent again is left out; the default of a plain table is none. */
const deduplicationWindow = 10_000;

/** Statements that make a table where it is not there: one, or in a cluster that of the shards and that over all of them. */
export function createTable(table: Table, options: TableOptions): readonly string[] {
  const { cluster } = options;
  if (cluster === undefined) return [local(table, table.name, '', 'ReplacingMergeTree(revision)', options)];
  const shard = `${table.name}_local`;
  const on = ` ON CLUSTER ${identifier(cluster)}`;
  const replica = "'/clickhouse/tables/{shard}/{database}/{table}', '{replica}'";
  return [
    local(table, shard, on, `ReplicatedReplacingMergeTree(${replica}, revision)`, options),
    `CREATE TABLE IF NOT EXISTS ${identifier(table.name)}${on} AS ${identifier(shard)}
ENGINE = Distributed(${identifier(cluster)}, currentDatabase(), ${identifier(shard)}, ${table.shardBy})`,
  ];
}

/** Statements that give a table of before the columns of a version, where it does not have them. */
export function addColumns(table: Table, version: number, { cluster }: TableOptions): readonly string[] {
  const added = table.columns
    .filter(({ since }) => since === version)
    .map((column) => `ADD COLUMN IF NOT EXISTS ${definition(column)}`)
    .join(', ');
  if (cluster === undefined) return [`ALTER TABLE ${identifier(table.name)} ${added}`];
  // The shards first: the table over all of them asks them for its columns.
  return [`${table.name}_local`, table.name].map(
    (name) => `ALTER TABLE ${identifier(name)} ON CLUSTER ${identifier(cluster)} ${added}`,
  );
}

function definition({ name, type, computed }: Column): string {
  return `${identifier(name)} ${type}${computed === undefined ? '' : ` MATERIALIZED ${computed}`}`;
}

function local(table: Table, name: string, on: string, engine: string, options: TableOptions): string {
  const columns = table.columns.map((column) => `  ${definition(column)}`).join(',\n');
  const window = engine.startsWith('Replicated')
    ? 'replicated_deduplication_window'
    : 'non_replicated_deduplication_window';
  return `CREATE TABLE IF NOT EXISTS ${identifier(name)}${on} (
${columns}
)
ENGINE = ${engine}
PARTITION BY ${table.partitionBy}
ORDER BY ${table.orderBy}${ttl(table, options)}
SETTINGS ${window} = ${deduplicationWindow}`;
}

function ttl({ timeColumn }: Table, { keepDays }: TableOptions): string {
  return keepDays === undefined ? '' : `\nTTL ${expiry(timeColumn, keepDays)}`;
}

export function expiry(timeColumn: string, days: number): string {
  return `toDateTime(${identifier(timeColumn)}) + INTERVAL ${Math.trunc(days)} DAY`;
}

/** The columns that a writer fills, in their order. */
export function writtenColumns(table: Table): string[] {
  return table.columns.filter(({ computed }) => computed === undefined).map(({ name }) => name);
}

/** A name as SQL wants it, whatever it holds. */
export function identifier(name: string): string {
  return `\`${name.replace(/[\\`]/g, '\\$&')}\``;
}

/** An instant as text that every version reads alike, for columns of the type DateTime64(3, 'UTC'). */
export function dateTime(instant: number): string {
  return new Date(instant).toISOString().replace('T', ' ').replace('Z', '');
}

import { readFileSync } from 'node:fs';
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { Problem } from '@why502/model';
import { ofStatement, storeProblem } from './store-problem.ts';

/** Where a server is and who asks it. */
export interface ServerAddress {
  /** `http://host:8123` or `https://host:8443`. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

export interface ConnectionOptions {
  /** Asked for before the first request, and again after a server was not there. */
  readonly address: () => Promise<ServerAddress>;
  readonly database: string;
  /** As the user knows the store, for messages. Default: the URL of the server. */
  readonly place?: string;
  /** File of certificates, in PEM, of who signed that of the server. Default: those that this machine trusts. */
  readonly caFile?: string;
  /** Longer than the longest insert takes: who gives up too early sends a block again that was stored. */
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 120_000;

/**
 * Settings of every request. Inserts wait until their rows are stored, in a cluster on their shards, and a block with a
 * token that was seen is left out; these are defaults that differ between versions.
 */
const settings = {
  async_insert: 0,
  wait_for_async_insert: 1,
  // Under this name old versions know it, too.
  insert_distributed_sync: 1,
  insert_deduplicate: 1,
  date_time_input_format: 'basic',
  // All revisions of a row have its day, by which tables are partitioned: days need not be merged with each other.
  do_not_merge_across_partitions_select_final: 1,
  // Rows are arrays all through.
  input_format_json_named_tuples_as_objects: 0,
} as const;

/** An answer as it is shown: names and types of its columns, and rows of values. */
export interface Answer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

/** What a question may cost: it must not hold up those who write. */
const limitsOfQuestions = { max_execution_time: 60, max_memory_usage: '800000000' } as const;

/** A connection to a database of a server, over HTTP. Errors come out as problems. */
export class Connection {
  readonly database: string;
  readonly #options: ConnectionOptions;
  readonly #known = new Set<string>();
  #client: ClickHouseClient | undefined;
  #place: string;

  constructor(options: ConnectionOptions) {
    this.database = options.database;
    this.#options = options;
    this.#place = options.place ?? 'ClickHouse';
  }

  /** The server, for messages: without a password. */
  get place(): string {
    return this.#place;
  }

  /** @param inDatabase false for what works before the database is there */
  async command(
    statement: string,
    parameters: Readonly<Record<string, unknown>> = {},
    inDatabase = true,
  ): Promise<void> {
    await this.#attempt((client) =>
      client
        .command({
          query: statement,
          query_params: { ...parameters },
          ...(inDatabase ? {} : withoutDatabase),
        })
        .then(() => undefined),
    );
  }

  /** Rows of an answer as objects. Parameters are bound by the server and never become a part of the statement. */
  async rows<Row>(
    query: string,
    parameters: Readonly<Record<string, unknown>> = {},
    inDatabase = true,
  ): Promise<readonly Row[]> {
    return this.#attempt(async (client) => {
      const answer = await client.query({
        query,
        format: 'JSONEachRow',
        query_params: { ...parameters },
        ...(inDatabase ? {} : withoutDatabase),
      });
      return answer.json<Row>();
    });
  }

  /** Whether the database has a table; asked until it has. */
  async has(table: string): Promise<boolean> {
    if (this.#known.has(table)) return true;
    const found = await this.rows(
      'SELECT 1 FROM system.tables WHERE database = {database: String} AND name = {table: String}',
      { database: this.database, table },
      false,
    );
    if (found.length > 0) this.#known.add(table);
    return found.length > 0;
  }

  /**
   * Answers a question, which can change nothing: the server refuses it otherwise.
   *
   * @throws Problem W502_SQL_WRITES, W502_SQL_BAD, and what the server meets
   */
  async answer(query: string, parameters: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
    try {
      return await this.#attempt(async (client) => {
        const answer = await client.query({
          query,
          format: 'JSONCompact',
          query_params: { ...parameters },
          clickhouse_settings: { ...limitsOfQuestions, readonly: '2' },
        });
        const { meta, data } = await answer.json<unknown[]>();
        return { columns: meta ?? [], rows: data };
      });
    } catch (error) {
      throw error instanceof Problem ? ofStatement(error) : error;
    }
  }

  /** Stores rows as one block; a block whose token the table has seen is left out. */
  async insert(
    table: string,
    columns: readonly string[],
    rows: readonly (readonly unknown[])[],
    token: string,
  ): Promise<void> {
    await this.#attempt((client) =>
      client
        .insert({
          table,
          columns: columns as [string, ...string[]],
          values: rows as unknown[],
          format: 'JSONCompactEachRow',
          clickhouse_settings: { insert_deduplication_token: token },
        })
        .then(() => undefined),
    );
  }

  async close(): Promise<void> {
    await this.#client?.close();
    this.#client = undefined;
  }

  async #attempt<T>(request: (client: ClickHouseClient) => Promise<T>): Promise<T> {
    this.#client ??= await this.#open();
    try {
      return await request(this.#client);
    } catch (error) {
      const problem = storeProblem(error, this.#place);
      // Another process may run the engine by now.
      if (problem.code === 'W502_STORE_UNREACHABLE') await this.close();
      // Tables may have gone.
      if (problem.code === 'W502_STORE_DRIFTED') this.#known.clear();
      throw problem;
    }
  }

  async #open(): Promise<ClickHouseClient> {
    const { url, user, password } = await this.#options.address();
    this.#place = this.#options.place ?? url;
    const { caFile, timeoutMs } = this.#options;
    return createClient({
      url,
      username: user,
      password,
      database: this.database,
      application: 'why502',
      request_timeout: timeoutMs ?? defaultTimeoutMs,
      compression: { request: !isOnThisMachine(url), response: false },
      log: { level: ClickHouseLogLevel.OFF },
      clickhouse_settings: settings,
      ...(caFile === undefined ? {} : { tls: { ca_cert: readFileSync(caFile) } }),
    });
  }
}

/** Every server has this database. */
const withoutDatabase = { http_headers: { 'X-ClickHouse-Database': 'system' } };

function isOnThisMachine(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}

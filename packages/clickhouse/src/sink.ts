import {
  type Batch,
  type Delivery,
  type Millis,
  millis,
  Problem,
  type Result,
  type Sink,
} from '@why502/model';
import { Connection, type ConnectionOptions } from './connection.ts';
import { incidentRow, incidentTable } from './incident-table.ts';
import { migrate } from './migrations.ts';
import { rulingRow, rulingTable } from './ruling-table.ts';
import { isOfRows } from './store-problem.ts';
import { type Table, type TableOptions, writtenColumns } from './table.ts';
import { rollUp } from './traffic-rollup.ts';
import { trafficLine, trafficTable } from './traffic-table.ts';
import { verdictRow, verdictTable } from './verdict-table.ts';

export interface ClickHouseSinkOptions extends ConnectionOptions, TableOptions {
  /** Who counted the traffic: a machine that follows its logs, or a set of archives. Its rows replace only its own. */
  readonly origin: string;
}

/** After a failure that somebody must mend, nobody asks again before this. */
const later: Millis = millis(5_000);
const soon: Millis = millis(500);

/**
 * Stores results in ClickHouse. Tables are made before the first batch. A batch becomes one block per table, with a token
 * made of its own, so that a batch that comes again after any failure changes nothing. Then the slots are summed up whose
 * traffic it holds: a batch is stored when these are, too.
 */
export function clickhouseSink(options: ClickHouseSinkOptions): Sink {
  const connection = new Connection(options);
  let isReady = false;

  async function store({ token, results }: Batch): Promise<void> {
    if (!isReady) await migrate(connection, options);
    isReady = true;
    for (const [table, rows] of blocks(results, options.origin)) {
      if (rows.length > 0)
        await connection.insert(table.name, writtenColumns(table), rows, `${table.name} ${token}`);
    }
    const buckets = bucketsOf(results);
    if (buckets.size > 0) await rollUp(connection, options.origin, buckets);
  }

  return {
    name: 'ClickHouse',
    async deliver(batch): Promise<Delivery> {
      try {
        await store(batch);
        return { kind: 'stored' };
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (isOfRows(error)) return { kind: 'rejected', cause: error };
        // Tables may have been dropped with the server.
        if (error.code === 'W502_STORE_DRIFTED') isReady = false;
        return { kind: 'retry', after: error.code === 'W502_STORE_UNREACHABLE' ? soon : later, cause: error };
      }
    },
    close: () => connection.close(),
  };
}

/** Rows per table, in the order of the results. */
function blocks(
  results: readonly Result[],
  origin: string,
): readonly (readonly [Table, readonly (readonly unknown[])[]])[] {
  const verdicts: (readonly unknown[])[] = [];
  const rulings: (readonly unknown[])[] = [];
  const incidents: (readonly unknown[])[] = [];
  const traffic: (readonly unknown[])[] = [];
  for (const result of results) {
    if (result.kind === 'verdict') {
      verdicts.push(verdictRow(result.verdict));
      if (result.verdict.final) rulings.push(rulingRow(result.verdict));
    } else if (result.kind === 'incident') incidents.push(incidentRow(result.incident));
    else for (const row of result.rows) traffic.push(trafficLine(row, origin));
  }
  return [
    [verdictTable, verdicts],
    [rulingTable, rulings],
    [incidentTable, incidents],
    [trafficTable, traffic],
  ];
}

function bucketsOf(results: readonly Result[]): ReadonlySet<number> {
  const buckets = new Set<number>();
  for (const result of results)
    if (result.kind === 'traffic') for (const { bucket } of result.rows) buckets.add(bucket);
  return buckets;
}

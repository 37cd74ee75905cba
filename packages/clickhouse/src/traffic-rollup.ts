import type { Connection } from './connection.ts';
import type { Table } from './table.ts';
import { trafficTable } from './traffic-table.ts';

/** Seconds of a slot of the roll-up: thirty buckets of traffic. */
export const slotSeconds = 300;

/**
 * Traffic of five minutes, for whoever looks at hours. A slot is summed up anew from the buckets, as a whole, whenever one of
 * them has changed: what is written twice cannot inflate it. Its sums only grow, as theirs do.
 */
export const trafficRollup: Table = {
  ...trafficTable,
  name: 'traffic_rollup',
  columns: trafficTable.columns.map((column) =>
    column.name === 'duration_counts' ? { ...column, type: 'Array(UInt64)' } : column,
  ),
};

const keys = 'source, host, upstream, peer, status';
const columns = `${keys}, requests, duration_counts`;
const slot = `toStartOfInterval(bucket, INTERVAL ${slotSeconds} SECOND)`;

function sumUp(condition: string): string {
  return `INSERT INTO traffic_rollup (origin, bucket, ${columns})
SELECT origin, ${slot} AS slot, ${keys}, sum(requests), sumForEach(duration_counts)
FROM traffic FINAL
WHERE ${condition}
GROUP BY origin, slot, ${keys}`;
}

/**
 * Sums up the slots of some buckets of one origin.
 *
 * @param buckets ms since the epoch
 */
export async function rollUp(
  connection: Connection,
  origin: string,
  buckets: ReadonlySet<number>,
): Promise<void> {
  const slots = [...new Set([...buckets].map((at) => Math.floor(at / 1_000 / slotSeconds) * slotSeconds))];
  await connection.command(
    sumUp(`origin = {origin: String}
  AND bucket >= toDateTime({first: UInt32}) AND bucket < toDateTime({end: UInt32})
  AND has({slots: Array(UInt32)}, toUnixTimestamp(${slot}))`),
    { origin, slots, first: Math.min(...slots), end: Math.max(...slots) + slotSeconds },
  );
}

/** Sums up all that is stored, a day at a time: a day fits into the memory of a small server. */
export async function rollUpAll(connection: Connection): Promise<void> {
  const days = await connection.rows<{ day: string }>(
    'SELECT DISTINCT toString(toDate(bucket)) AS day FROM traffic ORDER BY day',
  );
  for (const { day } of days)
    await connection.command(sumUp('toDate(bucket) = toDate({day: String})'), { day });
}

/** All traffic between `since` and `until`, as a table in brackets: slots where whole ones fit, buckets at both ends. */
export const trafficBySlots = `(
  SELECT bucket, ${columns} FROM traffic_rollup FINAL
  WHERE bucket >= {since: DateTime64(3)} AND bucket < ${slotOf('until')} AND bucket >= ${slotAfter('since')}
  UNION ALL
  SELECT bucket, ${columns} FROM traffic FINAL
  WHERE bucket >= toDateTime({since: DateTime64(3)}) AND bucket < {until: DateTime64(3)}
    AND (bucket < ${slotAfter('since')} OR bucket >= ${slotOf('until')}))`;

/** The same of buckets alone, for whoever looks closer than a slot, or where there is no roll-up yet. */
export const trafficByBuckets = `(
  SELECT bucket, ${columns} FROM traffic FINAL
  WHERE bucket >= toDateTime({since: DateTime64(3)}) AND bucket < {until: DateTime64(3)})`;

/** Start of the slot in which a time lies. */
function slotOf(time: 'since' | 'until'): string {
  return `toDateTime(intDiv(toUnixTimestamp({${time}: DateTime64(3)}), ${slotSeconds}) * ${slotSeconds})`;
}

/** Start of the first slot that does not begin before a time. */
function slotAfter(time: 'since' | 'until'): string {
  return `toDateTime(intDiv(toUnixTimestamp({${time}: DateTime64(3)}) + ${slotSeconds - 1}, ${slotSeconds}) * ${slotSeconds})`;
}

import type { TrafficRow } from '@why502/model';
import { dateTime, type Table } from './table.ts';

/**
 * Requests of ten seconds. A row replaces the one of the same key: counts of a bucket only grow, so that the highest
 * count is the last. Whoever wrote them is in the key, since two machines may log requests of the same host and peer.
 */
export const trafficTable: Table = {
  name: 'traffic',
  columns: [
    { name: 'origin', type: 'LowCardinality(String)' },
    { name: 'bucket', type: "DateTime('UTC')" },
    { name: 'source', type: 'LowCardinality(String)' },
    { name: 'host', type: 'LowCardinality(String)' },
    { name: 'upstream', type: 'LowCardinality(String)' },
    { name: 'peer', type: 'LowCardinality(String)' },
    { name: 'status', type: 'UInt16' },
    { name: 'requests', type: 'UInt64' },
    { name: 'duration_counts', type: 'Array(UInt32)' },
    { name: 'revision', type: 'UInt64', computed: 'requests' },
  ],
  orderBy: '(bucket, origin, source, host, upstream, peer, status)',
  partitionBy: 'toDate(bucket)',
  timeColumn: 'bucket',
  shardBy: 'cityHash64(origin, bucket)',
};

/** @param origin who counted: a machine that follows its logs, or a set of archives */
export function trafficLine(row: TrafficRow, origin: string): readonly unknown[] {
  return [
    origin,
    dateTime(row.bucket).slice(0, 19),
    row.source,
    row.host ?? '',
    row.upstream ?? '',
    row.peer ?? '',
    row.status,
    row.requests,
    row.durations,
  ];
}

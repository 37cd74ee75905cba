import type { TrafficRow } from '@why502/model';
import { isoTime, orNull } from './spelling.ts';

/** A row of traffic under its public names. */
export function trafficObject(row: TrafficRow) {
  return {
    kind: 'traffic',
    bucket: isoTime(row.bucket),
    source: row.source,
    host: orNull(row.host),
    upstream: orNull(row.upstream),
    peer: orNull(row.peer),
    status: row.status,
    requests: row.requests,
    duration_counts: row.durations,
  };
}

import type { Counted, Incident } from '@why502/model';
import { dateTime, type Table } from './table.ts';

const counted = 'Array(Tuple(name String, requests UInt64))';

/** One row per revision of an incident, with all that a page about it shows. */
export const incidentTable: Table = {
  name: 'incidents',
  columns: [
    { name: 'id', type: 'String' },
    { name: 'revision', type: 'UInt32' },
    { name: 'mechanism', type: 'LowCardinality(String)' },
    { name: 'cause', type: 'LowCardinality(String)' },
    { name: 'title', type: 'String' },
    { name: 'upstream', type: 'LowCardinality(String)' },
    { name: 'started', type: "DateTime64(3, 'UTC')" },
    { name: 'ended', type: "DateTime64(3, 'UTC')" },
    { name: 'requests', type: 'UInt64' },
    { name: 'effects', type: 'UInt64' },
    { name: 'masked', type: 'UInt64' },
    { name: 'by_status', type: 'Map(String, UInt64)' },
    { name: 'hops', type: counted },
    { name: 'clients', type: 'UInt64' },
    { name: 'main_client', type: 'Tuple(network String, requests UInt64)' },
    { name: 'crawlers', type: counted },
    { name: 'peers', type: counted },
    { name: 'methods', type: counted },
    { name: 'routes', type: counted },
    { name: 'confidence', type: 'Float64' },
    {
      name: 'evidence',
      type: 'Array(Tuple(fact String, text String, requests UInt64, file String, line UInt64))',
    },
    { name: 'not_affected', type: counted },
    { name: 'first_verdict', type: 'String' },
    { name: 'remedy', type: 'Array(Tuple(where String, change String, example String))' },
    { name: 'success', type: 'String' },
  ],
  orderBy: '(toStartOfFiveMinutes(started), id)',
  partitionBy: 'toDate(started)',
  timeColumn: 'started',
  shardBy: 'cityHash64(id)',
};

/** An incident as a row of the table. */
export function incidentRow(incident: Incident): readonly unknown[] {
  return [
    incident.id,
    incident.revision,
    incident.mechanism ?? '',
    incident.cause,
    incident.title,
    incident.upstream ?? '',
    dateTime(incident.started),
    dateTime(incident.ended),
    incident.requests,
    incident.effects,
    incident.masked,
    incident.byStatus,
    pairs(incident.hops),
    incident.clients,
    [incident.mainClient?.network ?? '', incident.mainClient?.requests ?? 0],
    pairs(incident.crawlers),
    pairs(incident.peers),
    pairs(incident.methods),
    pairs(incident.routes),
    incident.confidence,
    incident.evidence.map(({ fact, text, requests, row }) => [
      fact,
      text,
      requests,
      row?.file ?? '',
      row?.line ?? 0,
    ]),
    pairs(incident.notAffected),
    incident.firstVerdict,
    incident.remedy.map(({ where, change, example }) => [where, change, example ?? '']),
    incident.success,
  ];
}

function pairs(counts: readonly Counted[]): readonly unknown[] {
  return counts.map(({ name, requests }) => [name, requests]);
}

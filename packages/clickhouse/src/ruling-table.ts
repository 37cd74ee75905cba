import type { Verdict } from '@why502/model';
import type { Connection } from './connection.ts';
import { dateTime, type Table } from './table.ts';

/**
 * What each ruleset found a request to be. Of a verdict only what was saved last stays; here what other rules had said stays as
 * well, so that both can be compared.
 */
export const rulingTable: Table = {
  name: 'rulings',
  columns: [
    { name: 'id', type: 'String' },
    { name: 'ruleset', type: 'LowCardinality(String)' },
    { name: 'revision', type: 'UInt32' },
    { name: 'time', type: "DateTime64(3, 'UTC')" },
    { name: 'merged_into', type: 'String' },
    { name: 'cause', type: 'LowCardinality(String)' },
    { name: 'mechanism', type: 'LowCardinality(String)' },
    { name: 'confidence', type: 'Float64' },
    { name: 'saved', type: "DateTime64(3, 'UTC')", computed: 'now64(3)' },
  ],
  orderBy: '(toStartOfFiveMinutes(time), id, ruleset)',
  partitionBy: 'toDate(time)',
  timeColumn: 'time',
  shardBy: 'cityHash64(id)',
};

/** A verdict as a row of the table; first looks rule nothing. */
export function rulingRow(verdict: Verdict): readonly unknown[] {
  return [
    verdict.id,
    verdict.ruleset ?? '',
    verdict.revision,
    dateTime(verdict.time),
    verdict.mergedInto ?? '',
    verdict.cause,
    verdict.mechanism ?? '',
    verdict.confidence,
  ];
}

/** Brings in what was saved before rulesets had names, so that the first one that has a name can be compared with it. */
export async function ruleAll(connection: Connection): Promise<void> {
  await connection.command(`INSERT INTO rulings (id, ruleset, revision, time, merged_into, cause, mechanism, confidence)
SELECT id, ruleset, revision, time, merged_into, cause, mechanism, confidence FROM verdicts FINAL WHERE final`);
}

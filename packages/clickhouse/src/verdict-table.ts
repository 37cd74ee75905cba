import type { Verdict } from '@why502/model';
import { dateTime, type Table } from './table.ts';

/** The route class of `path`, as `RouteClasses` in the formats makes it of the bytes of a target. */
const routeOfPath = `if(path = '', '', concat('/', arrayStringConcat(arrayMap(
    segment -> if(length(segment) > 16 OR match(segment, '[^!-~]|[0-9"]') OR position(segment, char(92)) > 0, '*', segment),
    arraySlice(splitByChar('/', trimRight(cutQueryStringAndFragment(path), '/')), 2, 4)), '/')))`;

/** One row per revision of a verdict. Names and units are those of the JSON contract; absent text is empty. */
export const verdictTable: Table = {
  name: 'verdicts',
  columns: [
    { name: 'id', type: 'String' },
    { name: 'revision', type: 'UInt32' },
    { name: 'final', type: 'Bool' },
    { name: 'time', type: "DateTime64(3, 'UTC')" },
    { name: 'source', type: 'LowCardinality(String)' },
    { name: 'file', type: 'String' },
    { name: 'line', type: 'UInt64' },
    { name: 'request_id', type: 'String' },
    { name: 'status', type: 'Nullable(UInt16)' },
    { name: 'method', type: 'LowCardinality(String)' },
    { name: 'host', type: 'LowCardinality(String)' },
    { name: 'path', type: 'String' },
    { name: 'upstream', type: 'LowCardinality(String)' },
    { name: 'peer', type: 'LowCardinality(String)' },
    { name: 'duration_ms', type: 'Nullable(Float64)' },
    { name: 'rows', type: 'Array(Tuple(source String, file String, line UInt64))' },
    { name: 'merged_into', type: 'String' },
    { name: 'outcome', type: 'LowCardinality(String)' },
    { name: 'generator', type: 'LowCardinality(String)' },
    { name: 'hop', type: 'LowCardinality(String)' },
    { name: 'decision', type: 'LowCardinality(String)' },
    { name: 'cause', type: 'LowCardinality(String)' },
    { name: 'mechanism', type: 'LowCardinality(String)' },
    { name: 'confidence', type: 'Float64' },
    { name: 'mechanism_confidence', type: 'Float64' },
    { name: 'certainty', type: 'LowCardinality(String)' },
    { name: 'candidates', type: 'Array(Tuple(cause String, mechanism String, confidence Float64))' },
    {
      name: 'evidence',
      type: 'Array(Tuple(fact String, weight_db Float64, text String, file String, line UInt64))',
    },
    { name: 'primary', type: 'String' },
    { name: 'remedy', type: 'Array(Tuple(where String, change String, example String))' },
    { name: 'would_settle', type: 'Array(Tuple(field String, text String))' },
    { name: 'incident', type: 'String' },
    { name: 'trace_id', type: 'String', since: 3 },
    { name: 'span_id', type: 'String', since: 3 },
    { name: 'ruleset', type: 'LowCardinality(String)', since: 3 },
    { name: 'route', type: 'LowCardinality(String)', computed: routeOfPath },
  ],
  // Cause and mechanism are in no key: all revisions of a verdict must meet in one part, where the last one wins.
  orderBy: '(toStartOfFiveMinutes(time), id)',
  partitionBy: 'toDate(time)',
  timeColumn: 'time',
  shardBy: 'cityHash64(id)',
};

/** A verdict as a row of the table. */
export function verdictRow(verdict: Verdict): readonly unknown[] {
  const [first] = verdict.rows;
  return [
    verdict.id,
    verdict.revision,
    verdict.final,
    dateTime(verdict.time),
    first?.source ?? '',
    first?.file ?? '',
    first?.line ?? 0,
    verdict.requestId ?? '',
    verdict.status ?? null,
    verdict.method ?? '',
    verdict.host ?? '',
    verdict.path ?? '',
    verdict.upstream ?? '',
    verdict.peer ?? '',
    verdict.duration ?? null,
    verdict.rows.map(({ source, file, line }) => [source, file, line]),
    verdict.mergedInto ?? '',
    verdict.outcome,
    verdict.generator,
    verdict.hop,
    verdict.decision,
    verdict.cause,
    verdict.mechanism ?? '',
    verdict.confidence,
    verdict.mechanismConfidence,
    verdict.certainty,
    verdict.candidates.map(({ cause, mechanism, confidence }) => [cause, mechanism, confidence]),
    verdict.evidence.map(({ fact, weight, text, row }) => [
      fact,
      weight,
      text,
      row?.file ?? '',
      row?.line ?? 0,
    ]),
    verdict.primary ?? '',
    verdict.remedy.map(({ where, change, example }) => [where, change, example ?? '']),
    verdict.wouldSettle.map(({ field, text }) => [field, text]),
    verdict.incident ?? '',
    verdict.trace?.traceId ?? '',
    verdict.trace?.spanId ?? '',
    verdict.ruleset ?? '',
  ];
}

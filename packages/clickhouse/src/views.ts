import { identifier } from './table.ts';

/**
 * Views over the tables: the last revision of each verdict, sums by minute, and the shape in which OpenTelemetry's
 * ClickHouse exporter keeps logs, which ClickStack and Grafana read. No sum is kept: a row that is written again cannot
 * inflate what is summed up when it is asked for.
 */
const views: Readonly<Record<string, string>> = {
  failures: `SELECT *, route FROM verdicts FINAL
WHERE merged_into = '' AND outcome IN ('failed', 'truncated')`,

  failures_by_minute: `SELECT toStartOfMinute(time) AS minute, source, host, upstream, peer, hop, cause, mechanism, status, count() AS failures
FROM failures
GROUP BY minute, source, host, upstream, peer, hop, cause, mechanism, status`,

  traffic_by_minute: `SELECT toStartOfMinute(bucket) AS minute, source, host, upstream, peer, status, sum(requests) AS total
FROM traffic FINAL
GROUP BY minute, source, host, upstream, peer, status`,

  otel_logs: `SELECT
  toDateTime64(time, 9) AS Timestamp,
  toDateTime(time) AS TimestampTime,
  trace_id AS TraceId, span_id AS SpanId, toUInt8(0) AS TraceFlags,
  multiIf(outcome = 'failed', 'ERROR', outcome = 'not_an_error', 'DEBUG', 'WARN') AS SeverityText,
  toUInt8(multiIf(outcome = 'failed', 17, outcome = 'not_an_error', 5, 13)) AS SeverityNumber,
  'why502' AS ServiceName,
  concat(toString(ifNull(status, 0)), ' ', method, ' ', host, path, ': ', if(mechanism = '', 'unknown', mechanism)) AS Body,
  '' AS ResourceSchemaUrl, map('service.name', 'why502') AS ResourceAttributes,
  '' AS ScopeSchemaUrl, 'why502' AS ScopeName, '' AS ScopeVersion, map('', '') AS ScopeAttributes,
  map('why502.verdict.id', id, 'why502.verdict.revision', toString(revision), 'why502.source', source,
    'why502.hop', hop, 'why502.cause', cause, 'error.type', mechanism, 'why502.certainty', certainty,
    'why502.confidence', toString(confidence), 'why502.incident', incident, 'http.request.method', method,
    'http.response.status_code', toString(ifNull(status, 0)), 'server.address', host, 'url.path', path,
    'network.peer.address', peer, 'why502.ruleset', ruleset) AS LogAttributes,
  'why502.verdict' AS EventName
FROM verdicts FINAL WHERE merged_into = ''`,
};

export function createViews(cluster: string | undefined): readonly string[] {
  const on = cluster === undefined ? '' : ` ON CLUSTER ${identifier(cluster)}`;
  return Object.entries(views).map(
    ([name, select]) => `CREATE OR REPLACE VIEW ${identifier(name)}${on} AS ${select}`,
  );
}

// `npm run grafana`: dashboards for Grafana, of what is stored in ClickHouse and of what Prometheus scrapes, into docs/operations/grafana.
// With --check: fails where a page is not what this would write.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as common from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder as PromQuery } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';

const folder = new URL('../docs/operations/grafana/', import.meta.url);
const check = process.argv.includes('--check');

/** The colours of the causes, the same as in the dashboard of why502. */
const colors = {
  upstream_overload: '#d55e00',
  misconfiguration: '#0072b2',
  dns_unpropagated: '#cc79a7',
  upstream_fault: '#b3261e',
  network: '#009e73',
  client: '#8c8c3a',
  provider: '#56b4e9',
  intended: '#a7a9ac',
  unknown: '#6b6f76',
};

const source = {
  clickhouse: { type: 'grafana-clickhouse-datasource', uid: '${source}' },
  prometheus: { type: 'prometheus', uid: '${source}' },
};

/** The plugin for ClickHouse has no builder of its own. Format 0 is a series over time, 1 a table. */
function sql(refId, rawSql, format) {
  return {
    build: () => ({
      refId,
      datasource: source.clickhouse,
      editorType: 'sql',
      queryType: format === 0 ? 'timeseries' : 'table',
      format,
      rawSql: rawSql.trim(),
    }),
  };
}

function promQl(expression, legend) {
  return new PromQuery().expr(expression).legendFormat(legend).datasource(source.prometheus);
}

function overTime(title, target, unit, where) {
  const panel = new TimeSeries()
    .title(title)
    .withTarget(target)
    .datasource(where)
    .unit(unit)
    .min(0)
    .span(12)
    .height(8)
    .fillOpacity(60)
    .lineWidth(0);
  for (const [cause, color] of Object.entries(colors))
    panel.overrideByRegexp(`.*\\b${cause}$`, [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }]);
  return panel;
}

function stacked(panel) {
  return panel.stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group('A'));
}

function table(title, rawSql) {
  return new Table()
    .title(title)
    .withTarget(sql('A', rawSql, 1))
    .datasource(source.clickhouse)
    .span(12)
    .height(9);
}

function figure(title, target, unit, where) {
  return new Stat().title(title).withTarget(target).datasource(where).unit(unit).span(6).height(4);
}

const chosen = 'cause IN (${cause:singlequote}) AND host IN (${host:singlequote})';

const stored = new DashboardBuilder('why502: root causes')
  .uid('why502-clickhouse')
  .tags(['why502'])
  .time({ from: 'now-24h', to: 'now' })
  .withVariable(
    new DatasourceVariableBuilder('source').label('ClickHouse').type('grafana-clickhouse-datasource'),
  )
  .withVariable(variable('cause', 'SELECT DISTINCT cause FROM why502.failures ORDER BY cause'))
  .withVariable(variable('host', 'SELECT DISTINCT host FROM why502.failures ORDER BY host'))
  .withRow(new RowBuilder('Now'))
  .withPanel(
    figure(
      'Share of requests that failed',
      sql(
        'A',
        `WITH (SELECT sum(requests) FROM why502.traffic FINAL WHERE $__timeFilter(bucket)) AS asked
SELECT count() / greatest(1, asked) AS share FROM why502.failures WHERE $__timeFilter(time) AND ${chosen}`,
        1,
      ),
      'percentunit',
      source.clickhouse,
    ),
  )
  .withPanel(
    figure(
      'Failed requests',
      sql('A', `SELECT count() AS failures FROM why502.failures WHERE $__timeFilter(time) AND ${chosen}`, 1),
      'short',
      source.clickhouse,
    ),
  )
  .withPanel(
    figure(
      'Incidents',
      sql('A', 'SELECT count() AS incidents FROM why502.incidents FINAL WHERE $__timeFilter(started)', 1),
      'short',
      source.clickhouse,
    ),
  )
  .withPanel(
    figure(
      'Not explained',
      sql(
        'A',
        `SELECT countIf(mechanism = '') / greatest(1, count()) AS share FROM why502.failures WHERE $__timeFilter(time) AND ${chosen}`,
        1,
      ),
      'percentunit',
      source.clickhouse,
    ),
  )
  .withPanel(
    stacked(
      overTime(
        'Failures by cause',
        sql(
          'A',
          `SELECT $__timeInterval(time) AS time, cause, count() AS failures FROM why502.failures
WHERE $__timeFilter(time) AND ${chosen} GROUP BY time, cause ORDER BY time`,
          0,
        ),
        'short',
        source.clickhouse,
      ),
    ),
  )
  .withPanel(
    overTime(
      'Failing share by peer, the ten worst',
      sql(
        'A',
        `WITH worst AS (SELECT peer FROM why502.failures WHERE $__timeFilter(time) AND ${chosen} AND peer != '' GROUP BY peer ORDER BY count() DESC LIMIT 10)
SELECT time, peer, sum(failed) / greatest(1, sum(asked)) AS share FROM (
  SELECT $__timeInterval(time) AS time, peer, count() AS failed, 0 AS asked FROM why502.failures
  WHERE $__timeFilter(time) AND ${chosen} AND peer IN worst GROUP BY time, peer
  UNION ALL
  SELECT $__timeInterval(bucket) AS time, peer, 0 AS failed, sum(requests) AS asked FROM why502.traffic FINAL
  WHERE $__timeFilter(bucket) AND peer IN worst GROUP BY time, peer)
GROUP BY time, peer ORDER BY time`,
        0,
      ),
      'percentunit',
      source.clickhouse,
    ),
  )
  .withRow(new RowBuilder('Why'))
  .withPanel(
    table(
      'Causes',
      `SELECT cause, mechanism, count() AS failures, round(avg(confidence), 2) AS sure, uniq(peer) AS peers, min(time) AS first, max(time) AS last
FROM why502.failures WHERE $__timeFilter(time) AND ${chosen} GROUP BY cause, mechanism ORDER BY failures DESC`,
    ),
  )
  .withPanel(
    table(
      'Incidents',
      `SELECT started, ended, title, requests, clients, round(confidence, 2) AS sure,
  arrayStringConcat(arrayMap(one -> one.text, evidence), '; ') AS because,
  arrayStringConcat(arrayMap(one -> concat(one.where, ': ', one.change), remedy), '; ') AS to_do
FROM why502.incidents FINAL WHERE $__timeFilter(started) AND cause IN (\${cause:singlequote}) ORDER BY requests DESC LIMIT 50`,
    ),
  )
  .withPanel(
    table(
      'Routes',
      `SELECT host, route, count() AS failures, topK(1)(mechanism)[1] AS mostly FROM why502.failures
WHERE $__timeFilter(time) AND ${chosen} GROUP BY host, route ORDER BY failures DESC LIMIT 50`,
    ),
  )
  .withPanel(
    table(
      'What would make reasons surer',
      `SELECT any(wish.text) AS do_this, source, count() AS failures FROM why502.failures ARRAY JOIN would_settle AS wish
WHERE $__timeFilter(time) AND ${chosen} GROUP BY source, wish.field ORDER BY failures DESC LIMIT 20`,
    ),
  );

const scraped = new DashboardBuilder('why502: metrics')
  .uid('why502-prometheus')
  .tags(['why502'])
  .time({ from: 'now-6h', to: 'now' })
  .withVariable(new DatasourceVariableBuilder('source').label('Prometheus').type('prometheus'))
  .withRow(new RowBuilder('Requests'))
  .withPanel(
    stacked(
      overTime(
        'Failures by cause',
        promQl('sum by (why502_cause) (rate(why502_failures_total[$__rate_interval]))', '{{why502_cause}}'),
        'reqps',
        source.prometheus,
      ),
    ),
  )
  .withPanel(
    overTime(
      'Share of requests that failed',
      promQl(
        'sum by (why502_source) (rate(why502_failures_total[$__rate_interval])) / sum by (why502_source) (rate(why502_requests_total[$__rate_interval]))',
        '{{why502_source}}',
      ),
      'percentunit',
      source.prometheus,
    ),
  )
  .withPanel(
    overTime(
      'Failures by mechanism',
      promQl(
        'topk(10, sum by (error_type) (rate(why502_failures_total[$__rate_interval])))',
        '{{error_type}}',
      ),
      'reqps',
      source.prometheus,
    ),
  )
  .withPanel(
    overTime(
      'Duration of requests, 95th percentile',
      promQl(
        'histogram_quantile(0.95, sum by (le, why502_source) (rate(why502_request_duration_seconds_bucket[$__rate_interval])))',
        '{{why502_source}}',
      ),
      's',
      source.prometheus,
    ),
  )
  .withRow(new RowBuilder('why502 itself'))
  .withPanel(
    overTime('Lag', promQl('why502_lag_seconds', '{{instance}} {{why502_source}}'), 's', source.prometheus),
  )
  .withPanel(
    overTime(
      'Lines',
      promQl(
        'sum by (why502_source, result) (rate(why502_lines_total[$__rate_interval]))',
        '{{why502_source}} {{result}}',
      ),
      'short',
      source.prometheus,
    ),
  )
  .withPanel(
    overTime(
      'Results at sinks',
      promQl('sum by (sink, result) (rate(why502_results_total[$__rate_interval]))', '{{sink}} {{result}}'),
      'short',
      source.prometheus,
    ),
  )
  .withPanel(
    overTime(
      'Results that wait for a sink',
      promQl('why502_outbox_waiting', '{{instance}} {{sink}}'),
      'short',
      source.prometheus,
    ),
  )
  .withPanel(
    overTime(
      'Incidents that began, by mechanism',
      promQl('sum by (error_type) (increase(why502_incidents_total[$__rate_interval]))', '{{error_type}}'),
      'short',
      source.prometheus,
    ),
  );

function variable(name, query) {
  return new QueryVariableBuilder(name)
    .label(name)
    .datasource(source.clickhouse)
    .query(query)
    .multi(true)
    .includeAll(true)
    .current({ text: 'All', value: '$__all' });
}

mkdirSync(folder, { recursive: true });
for (const [name, dashboard] of Object.entries({ clickhouse: stored, prometheus: scraped })) {
  const file = new URL(`why502-${name}.json`, folder);
  const text = `${JSON.stringify(dashboard.build(), null, 2)}\n`;
  if (!check) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    console.error(`${fileURLToPath(file)} is not what scripts/grafana.mjs writes: run npm run grafana`);
    process.exitCode = 1;
  }
}

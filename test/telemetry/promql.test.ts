import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { start, until, useCommand } from '../live/running-tail.ts';
import { rootFolder } from '../workspaces.ts';
import { Collector, valuesOf } from './collector.ts';
import { alertsOf, targetsOf } from './dashboards.ts';
import { freePort } from './free-port.ts';
import { askedBy } from './promql.ts';
import { recentLog } from './recent-log.ts';

const folder = useCommand();

/** Labels that whoever scrapes puts on everything. */
const ofScrapers = ['instance', 'job'];

/** Of each series its labels, and the values that each of them has. */
type Exported = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>;

function exportedBy(text: string): Exported {
  const exported = new Map<string, Map<string, Set<string>>>();
  for (const [, name, labels] of text.matchAll(/^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? /gm)) {
    const known = exported.get(name!) ?? new Map<string, Set<string>>();
    exported.set(name!, known);
    for (const [, label, value] of (labels ?? '').matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g))
      known.set(label!, (known.get(label!) ?? new Set()).add(value!));
  }
  return exported;
}

/** What an expression, and the text that its labels are put into, ask for and nobody serves. */
function missing(expression: string, texts: readonly string[], exported: Exported): readonly string[] {
  const { metrics, labels, values } = askedBy(expression);
  const shown = texts.flatMap((text) =>
    [...text.matchAll(/\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}/g)].map(([, label]) => label!),
  );
  return [...metrics].flatMap((metric) => {
    const known = exported.get(metric);
    if (known === undefined) return [metric];
    return [
      ...[...labels, ...shown]
        .filter((label) => !known.has(label) && !ofScrapers.includes(label))
        .map((label) => `${metric} by ${label}`),
      ...values
        .filter(
          ({ label, oneOf }) => known.has(label) && !oneOf.some((value) => known.get(label)!.has(value)),
        )
        .map(({ label, oneOf }) => `${metric}{${label}="${oneOf.join('|')}"}`),
    ];
  });
}

describe('an expression of PromQL', () => {
  it('names metrics, labels and values, and its functions, spans and operators are none of them', () => {
    const { metrics, labels, values } = askedBy(
      'topk(3, sum by (a, b) (rate(x_total{c=~"d|e",f!="g"}[5m]))) / on (a) group_left (h) (y offset 15m) > 0.5 unless bool z',
    );
    expect([...metrics]).toEqual(['x_total', 'y', 'z']);
    expect([...labels]).toEqual(['a', 'b', 'c', 'f', 'h']);
    expect(values).toEqual([{ label: 'c', oneOf: ['d', 'e'] }]);
  });

  it('asks for what nobody serves, and that is named', () => {
    const exported = exportedBy('x_total{a="1",result="parsed"} 3\n');
    expect(missing('rate(x_total[5m])', [], exported)).toEqual([]);
    expect(missing('sum by (b) (rate(y_total[5m]))', [], exported)).toEqual(['y_total']);
    expect(missing('sum by (b) (x_total{result="lost"})', ['{{ $labels.c }}'], exported)).toEqual([
      'x_total by b',
      'x_total by c',
      'x_total{result="lost"}',
    ]);
  });
});

/** A failure of ten minutes ago of which the log says nothing. */
function unexplained(): string {
  const time = new Date(Date.now() - 600_000).toISOString().slice(0, 19);
  return `{"time":"${time}+00:00","status":502,"request":"GET /b HTTP/1.1","host":"shop.example","upstream_addr":"-","upstream_status":"-","upstream_connect_time":"-","upstream_header_time":"-","upstream_response_time":"-","request_time":0.005}\n`;
}

it('a tail serves every metric, label and value that the dashboard and the alerts ask for', {
  timeout: 60_000,
}, async () => {
  const collector = new Collector();
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = await collector.open();
  // One event is too large for the collector.
  let refused: unknown;
  collector.answer = (events) => {
    const ids = events.map(({ attributes }) => valuesOf(attributes)['why502.verdict.id']);
    refused ??= ids[0];
    return ids.includes(refused) ? 413 : 200;
  };
  const access = join(folder(), 'access.log');
  writeFileSync(access, unexplained() + recentLog());
  const port = await freePort();
  const state = join(folder(), 'state');
  const { child, ended } = start(
    ...[access, '--format', 'json', '--from', 'start', '--state', state],
    ...['--otel', '--listen', `127.0.0.1:${port}`],
  );
  let served = '';
  await until(() => {
    void fetch(`http://127.0.0.1:${port}/metrics`)
      .then((response) => response.text())
      .then((text) => {
        served = text;
      })
      .catch(() => {});
    return /why502_incidents_total\{/.test(served) && /result="refused".*\} [1-9]/.test(served);
  }, 30_000);
  child.kill('SIGTERM');
  await ended;
  await collector.close();
  delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;

  const exported = exportedBy(served);
  const panels = targetsOf('prometheus').map(({ title, query, legend }) => ({
    title,
    expressions: [query],
    texts: [legend],
  }));
  const asking = [...panels, ...alertsOf('why502.rules.yml')];
  expect(asking.length).toBeGreaterThan(12);
  for (const { title, expressions, texts } of asking)
    for (const expression of expressions)
      expect([title, missing(expression, texts, exported)]).toEqual([title, []]);

  // And the page of telemetry tells of each.
  const page = readFileSync(join(rootFolder, 'docs/operations/telemetry.md'), 'utf8');
  const told = [...page.matchAll(/^\| `(why502\.[\w.]+)` \|/gm)].map(([, name]) =>
    name!.replaceAll('.', '_'),
  );
  const families = [...served.matchAll(/^# TYPE (why502_\w+) /gm)].map(([, name]) => name!);
  expect(
    families.map((name) => name.replace(/(_seconds)?(_total)?$/, '')).filter((name) => !told.includes(name)),
  ).toEqual([]);
});

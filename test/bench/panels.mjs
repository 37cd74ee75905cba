// `npm run bench:panels`: how long each panel of the dashboard takes on a store of a million verdicts and ten million rows of
// traffic, and how soon the page can be used. Needs Debian's chromium for the latter.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { panels, rollUpAll } from '@why502/clickhouse';
import { dashboard, openStore } from '@why502/pipeline-dashboard';
import { queryPanel } from '@why502/pipeline-store';

const runs = 7;
/** Rows that the page asks for, of panels of which it does not show all. */
const limits = { failures: 50, hops: 40, incidents: 50, wishes: 20 };
const verdicts = Number(process.argv[2] ?? 1_000_000);
const traffic = Number(process.argv[3] ?? 10_000_000);
/** A day of requests, failures all through and an outage of an hour. */
const from = '2026-11-23 00:00:00';
const until = '2026-11-24 00:00:00';

const folder = mkdtempSync(join(tmpdir(), 'why502-panels-'));
const store = await openStore({ name: folder, environment: {} });
const { connection } = store;
try {
  const sink = store.sink('bench', 10_000);
  // Makes the tables.
  await sink.deliver({ token: 'none', results: [] });
  await sink.deliver({ token: 'one', results: [] });
  await sink.close();
  await fill();
  await rollUpAll(connection);
  // As the engine does with days that are over, in its own time.
  for (const table of ['verdicts', 'traffic', 'traffic_rollup', 'incidents'])
    await connection.command(`OPTIMIZE TABLE ${table} FINAL`);
  const rows = [];
  for (const panel of panels()) rows.push(await measure(panel));
  rows.sort((a, b) => b.median - a.median);
  for (const { name, median, worst, count } of rows)
    console.log(
      `${name.padEnd(12)} ${String(median).padStart(6)} ms  worst ${String(worst).padStart(6)} ms  ${count} rows`,
    );
  await page();
} finally {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
}

async function fill() {
  await connection.command(`INSERT INTO verdicts (id, revision, final, time, source, file, line, request_id, status, method, host, path,
  upstream, peer, duration_ms, rows, outcome, generator, hop, decision, cause, mechanism, confidence, mechanism_confidence, certainty,
  candidates, evidence, remedy, would_settle, incident)
SELECT lower(hex(sipHash64(number))), 0, true, toDateTime64('${from}', 3, 'UTC') + toIntervalMillisecond(if(number % 3 = 0, number * 86, 43200000 + number % 3600000)),
  'nginx', '/var/log/nginx/access.log', number, lower(hex(sipHash128(number))), [502, 502, 504, 500][1 + number % 4], ['GET', 'POST'][1 + number % 2],
  concat('shop', toString(number % 5), '.example.com'), concat('/api/orders/', toString(number % 5000)), 'orders', concat('10.0.0.', toString(number % 40), ':8080'),
  number % 900, [('nginx', '/var/log/nginx/access.log', number)], 'failed', 'proxy', 'nginx', if(number % 17 = 0, 'unexplained', 'attributed'),
  ['upstream_fault', 'misconfiguration', 'network', 'upstream_overload'][1 + number % 4],
  ['process_down', 'keepalive_mismatch', 'connect_timeout', 'worker_exhaustion'][1 + number % 4], 0.7 + (number % 30) / 100, 0.7, 'corroborated',
  [('network', 'reset_in_transit', 0.02)], [('imprint', 8, 'the peer was connected and sent no valid header: 502 after 5 ms', '/var/log/nginx/access.log', number),
    ('peer_record', 6, 'the peer answered 709 and failed 2 within about 10 s', '', 0)], [('upstream', 'Start the process again', 'systemctl status app')],
  if(number % 5 = 0, [('error_log', 'give the error log of the same time as well')], []), lower(hex(sipHash64(number % 200)))
FROM numbers(${verdicts})`);
  await connection.command(`INSERT INTO traffic (origin, bucket, source, host, upstream, peer, status, requests, duration_counts)
SELECT 'bench', toDateTime('${from}', 'UTC') + 10 * (number % 8640), 'nginx', concat('shop', toString(intDiv(number, 8640) % 5), '.example.com'), 'orders',
  concat('10.0.0.', toString(intDiv(number, 43200) % 40), ':8080'), [200, 301, 404, 502, 204, 304][1 + intDiv(number, 1728000) % 6], 1 + number % 90,
  arrayMap(i -> toUInt32(i % 7), range(19))
FROM numbers(${traffic})`);
  await connection.command(`INSERT INTO incidents (id, revision, mechanism, cause, title, started, ended, requests, clients, confidence)
SELECT lower(hex(sipHash64(number))), 0, 'process_down', 'upstream_fault', 'The process behind the peer is down', toDateTime64('${from}', 3, 'UTC') + 300 * number,
  toDateTime64('${from}', 3, 'UTC') + 300 * number + 200, 5000 - number, 100, 0.9 FROM numbers(200)`);
}

async function measure(panel) {
  const values = Object.fromEntries(
    panel.arguments.map(({ name }) => [name, name === 'step' ? '1800' : 'abcdef']),
  );
  const asked = { since: `${from}Z`, until: `${until}Z`, where: [], limit: limits[panel.name] ?? 5_000 };
  const times = [];
  let count = 0;
  for (let run = 0; run < runs; run++) {
    const began = performance.now();
    const answer = await queryPanel(connection, panel, asked, values, Date.now());
    times.push(Math.round(performance.now() - began));
    count = answer.rows.length;
  }
  times.sort((a, b) => a - b);
  return { name: panel.name, median: times[runs >> 1], worst: times.at(-1), count };
}

async function page() {
  const assets = fileURLToPath(new URL('../../packages/dashboard/dist/page/assets/', import.meta.url));
  const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'));
  const bytes = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(join(assets, name))).length, 0);
  console.log(`JavaScript of the first load, gzipped: ${(bytes / 1_000).toFixed(1)} kB`);
  if (!existsSync('/usr/bin/chromium'))
    return console.log('chromium is not installed: the page was not opened');
  const { chromium } = await import('playwright-core');
  const served = await dashboard({ connection, place: store.place, port: 0 });
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  const times = [];
  for (let run = 0; run < runs; run++) {
    const context = await browser.newContext();
    const opened = await context.newPage();
    const began = performance.now();
    await opened.goto(served.url);
    await opened.locator('.time-chart').waitFor();
    await opened.locator('.causes li').first().waitFor();
    times.push(Math.round(performance.now() - began));
    await context.close();
  }
  times.sort((a, b) => a - b);
  console.log(
    `from the address to the chart and the causes: median ${times[runs >> 1]} ms, worst ${times.at(-1)} ms`,
  );
  await browser.close();
  await served.close();
}

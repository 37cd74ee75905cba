import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Collector, valuesOf } from '../telemetry/collector.ts';
import { finals, main, printed, start, until, useCommand } from './running-tail.ts';

const folder = useCommand();

/** Half an hour up to an hour ago, every seventh line of which tells of a failure. */
function log(): string {
  const begin = Date.now() - 5_400_000;
  return Array.from({ length: 1_800 }, (_, at) => {
    const time = new Date(begin + at * 1_000).toISOString().slice(0, 19);
    const status = at % 7 === 0 ? 502 : 200;
    const connect = status === 200 ? '0.001' : '-';
    return `{"time":"${time}+00:00","status":${status},"request":"GET /${at} HTTP/1.1","host":"shop.example","upstream_addr":"10.0.0.1:80","upstream_status":"${status}","upstream_connect_time":"${connect}","upstream_header_time":"${connect}","upstream_response_time":"0.010","request_time":0.010}\n`;
  }).join('');
}

function ask(store: string, statement: string): number {
  const { stdout } = spawnSync(
    process.execPath,
    [main, 'query', '--store', store, '--format', 'json', '--sql', statement],
    { encoding: 'utf8' },
  );
  // There may be no store yet.
  return stdout === '' ? 0 : Number(JSON.parse(stdout).n);
}

it('begins with its store down, says on the screen what it says, and delivers it all when the store is up', {
  timeout: 180_000,
}, async () => {
  const access = join(folder(), 'access.log');
  const state = join(folder(), 'state');
  writeFileSync(access, log());
  const first = start(
    ...[access, '--format', 'json', '--from', 'start', '--state', state, '--save'],
    ...['--store', 'http://127.0.0.1:9/why502'],
  );
  await until(() => finals(printed(first.said.out)).length > 200, 30_000);
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(3);
  expect(first.said.err.match(/W502_STORE_UNREACHABLE/g)?.length).toBe(1);
  expect(first.said.err).toContain('W502_RESULTS_WAIT');
  const said = finals(printed(first.said.out)).length;

  const store = join(folder(), 'store');
  const second = start(access, '--format', 'json', '--state', state, '--save', '--store', store);
  await until(
    () => second.child.exitCode !== null || ask(store, 'SELECT count() AS n FROM verdicts') > 0,
    60_000,
  );
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
  expect(finals(printed(second.said.out))).toEqual([]);
  expect(ask(store, 'SELECT count() AS n FROM verdicts')).toBe(said);
  expect(ask(store, 'SELECT uniqExact(id) AS n FROM verdicts')).toBe(said);
});

it('C5: a collector that fails keeps no store waiting, and has every event once when it is up again', {
  timeout: 120_000,
}, async () => {
  const collector = new Collector();
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = await collector.open();
  collector.answer = () => 500;
  const access = join(folder(), 'otel.log');
  const state = join(folder(), 'otel-state');
  const store = join(folder(), 'otel-store');
  writeFileSync(access, log());
  const saving = ['--state', state, '--otel', '--save', '--store', store];
  const first = start(access, '--format', 'json', '--from', 'start', ...saving);
  const saved = () => ask(store, 'SELECT uniqExact(id) AS n FROM verdicts');
  await until(() => saved() > 200, 60_000);
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(3);
  expect(first.said.err).toContain('W502_OTEL_REFUSED');
  expect(collector.events.length).toBe(0);

  collector.answer = () => 200;
  const second = start(access, '--format', 'json', ...saving);
  await until(() => collector.events.length >= saved(), 30_000);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
  delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
  const ids = collector.events.map(({ attributes }) => valuesOf(attributes)['why502.verdict.id']);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBe(saved());
  await collector.close();
});

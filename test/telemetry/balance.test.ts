import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { finals, main, printed, start, until, useCommand } from '../live/running-tail.ts';
import { Collector, valuesOf } from './collector.ts';
import { freePort } from './free-port.ts';

const folder = useCommand();
let collector: Collector;

beforeEach(async () => {
  collector = new Collector();
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = await collector.open();
});

afterEach(async () => {
  delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
  await collector.close();
});

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

interface Books {
  readonly accepted: number;
  readonly waiting: number;
  readonly delivered: number;
  readonly refused: number;
  readonly dropped: number;
}

/** What is served of each sink. */
function booksIn(text: string): Readonly<Record<string, Books>> {
  const books: Record<string, Record<string, number>> = {};
  for (const [, name, labels, value] of text.matchAll(
    /^why502_(outbox_\w+|results_total)\{(.*)\} (\d+)$/gm,
  )) {
    const label = (key: string) => new RegExp(`\\b${key}="([^"]*)"`).exec(labels!)?.[1];
    const what = name === 'results_total' ? label('result')! : name!.replace(/^outbox_|_total$/g, '');
    const sink = label('sink')!;
    books[sink] = { ...books[sink], [what]: Number(value) };
  }
  return books as unknown as Readonly<Record<string, Books>>;
}

/** Scrapes all the time, and keeps every sum that was not that of its parts. */
function scraping(port: number) {
  const state = { books: {} as Readonly<Record<string, Books>>, scrapes: 0, wrong: [] as Books[] };
  const timer = setInterval(async () => {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined);
    const text = await response?.text().catch(() => undefined);
    if (text === undefined) return;
    state.books = booksIn(text);
    state.scrapes++;
    for (const one of Object.values(state.books))
      if (one.accepted !== one.delivered + one.refused + one.dropped + one.waiting) state.wrong.push(one);
  }, 20);
  return { state, stop: () => clearInterval(timer) };
}

it('every result is delivered, refused or waits, at each sink and each scrape, through an outage and a restart', {
  timeout: 90_000,
}, async () => {
  const access = join(folder(), 'access.log');
  writeFileSync(access, log());
  const saving = ['--save', '--store', 'http://127.0.0.1:9/why502', '--state', join(folder(), 'state')];
  const tail = async (from: string) => {
    const port = await freePort();
    const args = ['--format', 'json', '--from', from, '--otel', '--listen', `127.0.0.1:${port}`];
    return { ...start(access, ...args, ...saving), ...scraping(port) };
  };

  collector.answer = () => 503;
  const first = await tail('start');
  await until(() => (first.state.books.opentelemetry?.waiting ?? 0) > 200, 30_000);
  first.child.kill('SIGTERM');
  await first.ended;
  first.stop();
  const handed = first.state.books.opentelemetry!.accepted;
  expect(first.state.books.ClickHouse).toMatchObject({ accepted: handed, waiting: handed });

  // It is up again, and one event is too large for it.
  let large: unknown;
  collector.answer = (events) => {
    const ids = events.map(({ attributes }) => valuesOf(attributes)['why502.verdict.id']);
    large ??= ids[0];
    return ids.includes(large) ? 413 : 200;
  };
  const second = await tail('checkpoint');
  await until(() => second.state.books.opentelemetry?.waiting === 0, 30_000);
  second.child.kill('SIGTERM');
  await second.ended;
  second.stop();
  const { opentelemetry, ClickHouse } = second.state.books;
  expect(opentelemetry!.accepted).toBeGreaterThanOrEqual(handed);
  expect(opentelemetry).toMatchObject({ refused: 1, dropped: 0, delivered: opentelemetry!.accepted - 1 });
  expect(ClickHouse).toMatchObject({ waiting: opentelemetry!.accepted, delivered: 0 });

  const said = finals([...printed(first.said.out), ...printed(second.said.out)]);
  expect(new Set(said).size).toBe(said.length);
  expect(collector.events.length + opentelemetry!.refused).toBe(said.length);
  expect([first.state.wrong, second.state.wrong]).toEqual([[], []]);
  expect(Math.min(first.state.scrapes, second.state.scrapes)).toBeGreaterThan(5);
});

it('what a collector refuses of what it takes is said once, counted as refused, and not sent again', {
  timeout: 60_000,
}, async () => {
  const access = join(folder(), 'partly.log');
  const state = join(folder(), 'partly');
  writeFileSync(access, log());
  const sent: unknown[] = [];
  collector.answer = (events) => {
    sent.push(...events.map(({ attributes }) => valuesOf(attributes)['why502.verdict.id']));
    return { rejected: 1, message: 'too old' };
  };
  const port = await freePort();
  const tail = start(
    ...[access, '--format', 'json', '--from', 'start', '--otel', '--listen', `127.0.0.1:${port}`],
    ...['--state', state],
  );
  const { state: scraped, stop } = scraping(port);
  await until(() => (scraped.books.opentelemetry?.delivered ?? 0) > 200, 30_000);
  await until(() => scraped.books.opentelemetry!.waiting === 0, 10_000);
  tail.child.kill('SIGTERM');
  expect(await tail.ended).toBe(0);
  stop();
  expect(tail.said.err.match(/W502_OTEL_PARTIAL/g)?.length).toBe(1);
  expect(tail.said.err).toMatch(/1 of \d+ refused: too old/);
  expect(new Set(sent).size).toBe(sent.length);
  expect(scraped.wrong).toEqual([]);
  const doctor = spawnSync(process.execPath, [main, 'doctor', '--counters', state, '--format', 'json'], {
    encoding: 'utf8',
  });
  const { balanced, sums } = JSON.parse(doctor.stdout);
  expect(balanced).toBe(true);
  const refused = sent.length - collector.events.length;
  expect(refused).toBeGreaterThan(0);
  expect(sums.at(-1)).toMatchObject({ of: 'opentelemetry', parts: { refused, waiting: 0 } });

  // And so it is by analyze, which says it at its end.
  const analysis = spawn(process.execPath, [main, 'analyze', '--otel', '--format', 'json', access]);
  let said = '';
  analysis.stdout.resume();
  analysis.stderr.on('data', (text) => {
    said += text;
  });
  expect(await new Promise((resolve) => analysis.once('exit', resolve))).toBe(3);
  expect(said.match(/W502_OTEL_PARTIAL/g)?.length).toBe(1);
});

it('of standard input without a state it is so as well, by memory', { timeout: 60_000 }, async () => {
  const port = await freePort();
  collector.answer = () => (collector.asked < 2 ? 503 : 200);
  const tail = start('--format', 'json', '--otel', '--listen', `127.0.0.1:${port}`);
  const { state, stop } = scraping(port);
  tail.child.stdin.write(log());
  await until(() => (state.books.opentelemetry?.delivered ?? 0) > 200, 40_000);
  tail.child.stdin.end();
  expect(await tail.ended).toBe(0);
  stop();
  expect(state.wrong).toEqual([]);
  expect(state.books.opentelemetry!.dropped).toBe(0);
});

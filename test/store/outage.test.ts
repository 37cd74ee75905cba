import { spawnSync } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { Connection } from '@why502/clickhouse';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { analyzed, main, start, until, useCommand } from '../live/running-tail.ts';
import { useEngine } from './own-engine.ts';

const commandFolder = useCommand();
const engine = useEngine();

beforeAll(() => {
  process.env.WHY502_CLICKHOUSE_PASSWORD = engine.address.password;
});

afterAll(() => {
  delete process.env.WHY502_CLICKHOUSE_PASSWORD;
});

/** A way to the server that can be closed and opened again, at the same port. */
class Gate {
  #server: Server | undefined;
  readonly #open = new Set<Socket>();
  port = 0;

  async open(): Promise<void> {
    const { hostname, port } = new URL(engine.address.url);
    this.#server = createServer((client) => {
      const upstream = connect(Number(port), hostname);
      for (const socket of [client, upstream]) {
        this.#open.add(socket);
        socket.on('error', () => {}).on('close', () => this.#open.delete(socket));
      }
      client.pipe(upstream).pipe(client);
    });
    await new Promise<void>((resolve) => this.#server!.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server!.close();
    for (const socket of this.#open) socket.destroy();
  }
}

/** Twenty lines a second, from an hour and a half ago on; every twentieth of a failure. */
function lines(from: number, to: number, begin: number): string {
  return Array.from({ length: to - from }, (_, index) => {
    const at = from + index;
    const time = new Date(begin + at * 50).toISOString().slice(0, 19);
    const status = at % 20 === 0 ? 502 : 200;
    const connected = status === 200 ? '0.001' : '-';
    return `{"time":"${time}+00:00","status":${status},"request":"GET /${at} HTTP/1.1","host":"shop.example","upstream_addr":"10.0.0.1:80","upstream_status":"${status}","upstream_connect_time":"${connected}","upstream_header_time":"${connected}","upstream_response_time":"0.010","request_time":0.010}\n`;
  }).join('');
}

function residentMiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1_024;
}

function counters(state: string) {
  const args = [main, 'doctor', '--counters', state, '--format', 'json'];
  const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, sums: JSON.parse(stdout).sums };
}

it('C2, C3: a store that is down for a while and a tail that is killed meanwhile: nothing lost, nothing doubled', {
  timeout: 60_000,
}, async () => {
  const gate = new Gate();
  await gate.open();
  const begin = Date.now() - 5_400_000;
  const log = join(commandFolder(), 'access.log');
  const state = join(commandFolder(), 'state');
  const perSecond = 20_000;
  const args = [log, '--format', 'json', '--from', 'checkpoint', '--state', state, '--save'];
  const database = `http://${engine.address.user}@127.0.0.1:${gate.port}/outage`;
  let written = 0;
  const write = (count: number) => {
    appendFileSync(log, lines(written, written + count, begin));
    written += count;
  };
  write(2_000);
  const connection = new Connection({ address: async () => engine.address, database: 'outage' });
  const stored = async (what: string) => {
    const [row] = await connection.rows<{ n: string }>(`SELECT ${what} AS n FROM verdicts`).catch(() => []);
    return Number(row?.n ?? 0);
  };
  const first = start(...args.map((arg) => (arg === 'checkpoint' ? 'start' : arg)), '--store', database);
  await until(() => first.said.out !== '', 20_000);
  const before = residentMiB(first.child.pid!);
  gate.close();
  const writing = setInterval(() => write(perSecond / 20), 50);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const after = residentMiB(first.child.pid!);
  first.child.kill('SIGKILL');
  await first.ended;
  const second = start(...args, '--store', database);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  clearInterval(writing);
  const settled = analyzed(lines(0, written - 4_000, begin)).length;
  await until(() => counters(state).sums[2]?.parts.waiting > settled / 2, 20_000);
  await gate.open();
  let there = 0;
  await until(() => {
    void stored('uniqExact(id)').then((count) => {
      there = count;
    });
    return there >= settled;
  }, 20_000);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
  expect(await stored('count()')).toBe(await stored('uniqExact(id)'));
  const { status, sums } = counters(state);
  expect(status).toBe(0);
  expect(sums[2].parts).toMatchObject({ waiting: 0, refused: 0 });
  expect(sums[1].parts.verdicts).toBe(await stored('uniqExact(id)'));
  expect(after - before).toBeLessThan(64);
  gate.close();
  await connection.close();
});

it('C4: with a full outbox it reads no further, says so, and goes on by itself; it can be ended meanwhile', {
  timeout: 120_000,
}, async () => {
  const gate = new Gate();
  await gate.open();
  const begin = Date.now() - 5_400_000;
  const log = join(commandFolder(), 'full.log');
  const state = join(commandFolder(), 'full-state');
  appendFileSync(log, lines(0, 20_000, begin));
  const database = `http://${engine.address.user}@127.0.0.1:${gate.port}/full`;
  const saving = ['--state', state, '--spool', '1MiB', '--save', '--store', database];
  gate.close();
  const first = start(log, '--format', 'json', '--from', 'start', ...saving);
  await until(() => first.said.err.includes('W502_SPOOL_FULL'), 50_000);
  const names = readdirSync(join(state, 'outbox'));
  const size = names.reduce((sum, name) => sum + statSync(join(state, 'outbox', name)).size, 0);
  expect(size).toBeLessThan(1.1 * 1024 ** 2);
  const told = performance.now();
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(3);
  expect(performance.now() - told).toBeLessThan(9_000);

  const second = start(log, '--format', 'json', ...saving);
  await until(() => second.said.err.includes('W502_SPOOL_FULL'), 50_000);
  await gate.open();
  const settled = analyzed(lines(0, 20_000 - 4_000, begin)).length;
  await until(() => counters(state).sums[2].parts.delivered > settled, 30_000);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
  const connection = new Connection({ address: async () => engine.address, database: 'full' });
  const [row] = await connection.rows<{ all: string; ids: string }>(
    'SELECT count() AS all, uniqExact(id) AS ids FROM verdicts',
  );
  expect(Number(row!.ids)).toBeGreaterThanOrEqual(settled);
  expect(row!.all).toBe(row!.ids);
  expect(counters(state).status).toBe(0);
  gate.close();
  await connection.close();
});

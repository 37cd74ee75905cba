import { expect, it } from 'vitest';
import { Moment } from '../world/clock.ts';
import type { Ask } from '../world/trip.ts';
import { because } from '../world/why.ts';
import { World } from '../world/world.ts';
import { App } from './app.ts';
import { type Attempt, Connections } from './exchange.ts';

const address = '10.0.0.1:80';

const ask: Ask = {
  method: 'GET',
  host: 'www.example.com',
  path: '/',
  client: '198.18.0.1',
  agent: '',
  protocol: 'HTTP/1.1',
  bytes: 300,
  referrer: '',
  route: 'home',
  user: 1,
  source: 'eyeball',
  purpose: '',
  patience: 600_000,
  timed: false,
};

/** A process that works for 50 ms, and connections to it that take 10 ms there and back. */
function stage({ takes = 50, backlog = 10, workers = 1, idle = 5000 } = {}) {
  const world = new World('test', 0, 60_000);
  const late = because('timeout_under_load');
  const app = new App(world, { address, workers, backlog, idle, work: () => ({ takes, late }) });
  const timers = { connect: 10_000, answer: 1000 };
  const connections = new Connections(world, {
    from: '10.0.0.9',
    address,
    distance: 10,
    timers,
    keeps: 60_000,
  });
  return { world, app, connections };
}

/** What comes of asking at these milliseconds. */
async function asking({ world, connections }: ReturnType<typeof stage>, ...times: readonly number[]) {
  const attempts: Attempt[] = [];
  for (const time of times) {
    world.clock.at(time, () => {
      void connections.attempt(world.trip(ask), new Moment()).then((attempt) => attempts.push(attempt));
    });
  }
  await world.clock.run();
  return attempts;
}

it('an answer takes the handshake, the way and the work, and its connection is used again', async () => {
  const [first, second] = await asking(stage(), 0, 1000);
  expect(first).toMatchObject({ reused: false, tcp: 10, header: 60, end: { how: 'answer' } });
  expect(second).toMatchObject({ reused: true, tcp: 0, header: 60, ended: 1060 });
});

it('a request meets a connection that the other side just closes', async () => {
  const [, raced, later] = await asking(stage({ idle: 5000 }), 0, 5072, 12_000);
  expect(raced).toMatchObject({ reused: true, end: { how: 'closed', reset: true } });
  expect(raced!.end).toMatchObject({ why: { mechanism: 'keepalive_mismatch' } });
  expect(later).toMatchObject({ reused: false, end: { how: 'answer' } });
});

it('a packet that a full queue dropped is sent again after a second', async () => {
  const crowd = stage({ backlog: 1, takes: 300 });
  const attempts = await asking(crowd, 0, 1, 40);
  expect(attempts.map(({ tcp }) => tcp)).toEqual([10, 10, 1040]);
});

it('nobody who drops packets is waited for longer than the timer', async () => {
  const silent = stage();
  silent.world.network.block(address, { does: 'drops', why: because('connect_timeout') });
  const [attempt] = await asking(silent, 0);
  expect(attempt).toMatchObject({ ended: 10_000, tcp: undefined, end: { how: 'unconnected' } });
});

it('a timer ends the waiting, with the reason of whoever is late', async () => {
  const [attempt] = await asking(stage({ takes: 3000 }), 0);
  expect(attempt).toMatchObject({
    ended: 1010,
    end: { how: 'late', why: { mechanism: 'timeout_under_load' } },
  });
});

it('a process that ends takes along what it works at, and refuses who comes', async () => {
  const dying = stage({ takes: 400 });
  dying.world.clock.at(200, () => dying.app.stop(because('crash_mid_response'), because('process_down')));
  const attempts = await asking(dying, 0, 300);
  expect(attempts.map(({ end }) => end.how)).toEqual(['closed', 'refused']);
  expect(attempts.map(({ end }) => 'why' in end && end.why.mechanism)).toEqual([
    'crash_mid_response',
    'process_down',
  ]);
});

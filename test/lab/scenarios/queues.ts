import { forwarded, http, location, server, upstream } from '../conf.ts';
import { label, type Scenario } from '../scenario.ts';
import { forum, meters } from '../sites.ts';

const queueFull = label(
  'upstream_overload/connection_queue_full',
  'upstream_overload/worker_exhaustion',
  'upstream_overload/timeout_under_load',
);

const unixQueue: Scenario = {
  name: 'socket-queue-of-eight',
  description:
    'Three workers behind a socket with an accept queue of eight. A burst of clients fills the queue: EAGAIN at once.',
  topology: 'nginx -> unix:/run/web.sock, three workers, backlog 8',
  network: '10.1.1',
  host: meters.host,
  text: 'combinedLists',
  json: 'local',
  errorLevel: 'warn',
  http: http(
    upstream('collector', 'server unix:/run/web.sock;'),
    server(meters.host, location('/', 'proxy_pass http://collector;', forwarded)),
  ),
  traffic: [
    { from: 0, to: 36, rate: 20, kinds: meters.kinds },
    { from: 12, to: 24, rate: 130, kinds: meters.kinds, pulse: { on: 1, off: 2.2 } },
  ],
  prepare: (stage) =>
    stage.workers('web', stage.proxy, { path: '/run/web.sock', workers: 3, backlog: 8, ms: [30, 60] }),
  async play(stage) {
    await stage.at(12);
    stage.phase('fault');
    await stage.at(24);
    stage.phase('recovery');
  },
  label: (seen) =>
    seen.status === 502 || (seen.status === 499 && seen.phase !== 'baseline') ? queueFull : undefined,
};

const tcpQueue: Scenario = {
  name: 'tcp-backlog-of-four',
  description:
    'Two workers and an accept queue of four on TCP. When answers slow down, the kernel drops connection requests: some connect after a repetition (1, 2, 3 s), others end at the limit of four seconds.',
  topology: 'nginx -> 10.40.9.2:8008, two workers, backlog 4; proxy_connect_timeout 4s',
  network: '10.40.9',
  host: forum.host,
  text: 'combinedLists',
  json: 'recommended',
  http: http(
    server(
      forum.host,
      location(
        '/',
        'proxy_pass http://10.40.9.2:8008;',
        'proxy_connect_timeout 4s;',
        'proxy_read_timeout 30s;',
        forwarded,
      ),
    ),
  ),
  traffic: [{ from: 0, to: 42, rate: 17, kinds: forum.kinds }],
  prepare: (stage) => stage.workers('small', stage.host(2), { port: 8008, workers: 2, backlog: 4 }),
  async play(stage) {
    await stage.at(13);
    stage.phase('fault');
    stage.the('small').tell([{ do: 'answer', ms: [200, 360] }]);
    await stage.at(28);
    stage.the('small').tell([]);
    stage.phase('recovery');
  },
  label: (seen) =>
    [502, 504].includes(seen.status) || (seen.status === 499 && seen.phase !== 'baseline')
      ? queueFull
      : undefined,
};

export const queues: readonly Scenario[] = [unixQueue, tcpQueue];

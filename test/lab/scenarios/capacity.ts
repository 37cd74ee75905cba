import { forwarded, http, kept, location, server, upstream } from '../conf.ts';
import { label, type Scenario } from '../scenario.ts';
import { clinic, forum, ledger, media } from '../sites.ts';

const exhausted = label(
  'upstream_overload/worker_exhaustion',
  'upstream_overload/timeout_under_load',
  'upstream_overload/connection_queue_full',
);

const slow = label(
  'upstream_overload/timeout_under_load',
  'upstream_overload/worker_exhaustion',
  'upstream_overload/connection_queue_full',
);

const fourThreads: Scenario = {
  name: 'four-threads-wait-for-a-partner',
  description:
    'A pool of four threads. From 12 s to 26 s every transfer waits seven seconds for a partner, so that soon all four threads wait and nothing else is read: timeouts on all routes, trivial ones too.',
  topology: 'nginx -> 10.77.3.5:8000, four threads, one request a connection; proxy_read_timeout 5s',
  network: '10.77.3',
  host: ledger.host,
  text: 'combinedLists',
  json: 'variables',
  http: http(
    server(
      ledger.host,
      location('/', 'proxy_pass http://10.77.3.5:8000;', 'proxy_read_timeout 5s;', forwarded),
    ),
  ),
  traffic: [{ from: 0, to: 40, rate: 16, kinds: ledger.kinds }],
  prepare: (stage) => stage.workers('pool', stage.host(5), { port: 8000, workers: 4, backlog: 511 }),
  async play(stage) {
    await stage.at(12);
    stage.phase('fault');
    stage.the('pool').tell([{ path: '/transfers', do: 'answer', ms: [7000, 7000] }]);
    await stage.at(26);
    stage.the('pool').tell([]);
    stage.phase('recovery');
  },
  label: (seen) => ([504, 499].includes(seen.status) && seen.phase !== 'baseline' ? exhausted : undefined),
};

const fpm: Scenario = {
  name: 'fpm-children-all-busy',
  description:
    'A FastCGI pool of six children behind a socket. A slow search keeps them busy; requests wait in the accept queue beyond the ten seconds that nginx allows. Some callers give up after eight.',
  topology: 'nginx -> fastcgi unix:/run/fpm/site.sock, six children, backlog 511; fastcgi_read_timeout 10s',
  network: '10.5.5',
  host: forum.host,
  text: 'mainTimes',
  json: 'local',
  zone: 'America/New_York',
  http: http(
    server(
      forum.host,
      location(
        '/',
        'include fastcgi_params;',
        'fastcgi_pass unix:/run/fpm.sock;',
        'fastcgi_read_timeout 10s;',
      ),
    ),
  ),
  traffic: [
    { from: 0, to: 40, rate: 14, kinds: forum.kinds },
    { from: 12, to: 26, rate: 4, kinds: [{ weight: 1, path: '/search?q={word}&deep=1' }] },
    { from: 12, to: 34, rate: 1.5, kinds: [{ weight: 1, path: '/t/{id}', patience_ms: [8000, 8000] }] },
  ],
  prepare: (stage) =>
    stage.workers('fpm', stage.proxy, {
      path: '/run/fpm.sock',
      protocol: 'fastcgi',
      workers: 6,
      backlog: 511,
      rules: [{ path: '/search?q=', do: 'answer', ms: [20, 60] }],
    }),
  async play(stage) {
    await stage.at(12);
    stage.phase('fault');
    stage.the('fpm').tell([{ path: '/search', do: 'answer', ms: [3500, 6000] }]);
    await stage.at(27);
    stage.the('fpm').tell([]);
    stage.phase('recovery');
  },
  label: (seen) =>
    [504, 499].includes(seen.status) && seen.ended - seen.started > 7.5 && seen.phase !== 'baseline'
      ? exhausted
      : undefined,
};

const oneThread: Scenario = {
  name: 'one-thread-computes-at-noon',
  description:
    'A single-threaded process that computes 45 ms for each answer. At noon the rate goes from 9 to 29 a second: answers take ever longer, up to the limit of five seconds.',
  topology: 'nginx -> 10.3.30.3:3333, one process; proxy_read_timeout 5s',
  network: '10.3.30',
  host: clinic.host,
  text: 'keyValue',
  json: 'recommended',
  zone: 'Asia/Kolkata',
  http: http(
    upstream('planner', 'server 10.3.30.3:3333;'),
    server(clinic.host, location('/', 'proxy_pass http://planner;', 'proxy_read_timeout 5s;', forwarded)),
  ),
  traffic: [
    { from: 0, to: 46, rate: 9, kinds: clinic.kinds },
    { from: 14, to: 29, rate: 20, kinds: clinic.kinds },
  ],
  prepare: (stage) =>
    stage.app('planner', stage.host(3), { port: 3333, rules: [{ do: 'busy', ms: [40, 50] }] }),
  async play(stage) {
    await stage.at(14);
    stage.phase('fault');
    await stage.at(29);
    stage.phase('recovery');
  },
  label: (seen) =>
    seen.status === 504 || (seen.status === 499 && seen.phase !== 'baseline') ? slow : undefined,
};

const pools: Scenario = {
  name: 'database-pools-of-three-peers-too-small',
  description:
    'Three peers with a pool of five database connections each. A campaign triples the rate; answers reach the limit of two seconds, and what timed out is repeated on the next peer.',
  topology: 'nginx (2 workers) -> 10.88.0.10-12:8090, default max_fails; proxy_read_timeout 2s',
  network: '10.88.0',
  host: media.host,
  text: 'ingress',
  json: 'recommended',
  processes: 2,
  http: http(
    upstream(
      'tracks',
      [10, 11, 12].map((n) => `server 10.88.0.${n}:8090;`),
      'keepalive 16;',
    ),
    server(media.host, location('/', 'proxy_pass http://tracks;', 'proxy_read_timeout 2s;', kept, forwarded)),
  ),
  traffic: [
    { from: 0, to: 42, rate: 20, kinds: media.kinds },
    { from: 13, to: 21, rate: 55, kinds: media.kinds },
  ],
  prepare: (stage) =>
    Promise.all(
      [10, 11, 12].map((n) =>
        stage.app(`tracks${n}`, stage.host(n), {
          port: 8090,
          rules: [...media.slips, { do: 'pool', size: 5, ms: [180, 320] }],
        }),
      ),
    ),
  async play(stage) {
    await stage.at(13);
    stage.phase('fault');
    await stage.at(21);
    stage.phase('recovery');
  },
  label: (seen) => ([502, 504, 499].includes(seen.status) && seen.phase !== 'baseline' ? slow : undefined),
};

export const capacity: readonly Scenario[] = [fourThreads, fpm, oneThread, pools];

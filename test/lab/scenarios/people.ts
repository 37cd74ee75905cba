import { files, forwarded, http, kept, location, server, upstream } from '../conf.ts';
import { label, type Scenario } from '../scenario.ts';
import { clinic, forum, ledger, media, meters } from '../sites.ts';
import type { Stage } from '../stage.ts';

const impatientApp: Scenario = {
  name: 'app-gives-up-after-900-ms',
  description:
    'A new version of an app cancels every request after 900 ms. A tenth of the answers of one route have always taken longer; nobody complained.',
  topology: 'nginx -> 10.151.0.2-3:8080, keepalive',
  network: '10.151.0',
  host: media.host,
  text: 'combinedLists',
  json: 'recommended',
  errorLevel: 'info',
  http: http(
    upstream('media', 'server 10.151.0.2:8080;', 'server 10.151.0.3:8080;', 'keepalive 8;'),
    server(media.host, location('/', 'proxy_pass http://media;', kept, forwarded)),
  ),
  traffic: [
    { from: 0, to: 40, rate: 14, kinds: media.kinds },
    { from: 0, to: 12, rate: 4, kinds: [{ weight: 1, path: '/v2/mixes/{id}' }] },
    { from: 12, to: 40, rate: 4, kinds: [{ weight: 1, path: '/v2/mixes/{id}', patience_ms: [900, 900] }] },
  ],
  prepare: (stage) =>
    Promise.all(
      [2, 3].map((n) =>
        stage.app(`media${n}`, stage.host(n), {
          port: 8080,
          rules: [{ path: '/v2/mixes', share: 0.25, do: 'answer', ms: [700, 2500] }, ...media.slips],
        }),
      ),
    ),
  async play(stage) {
    await stage.at(12);
    stage.phase('fault');
  },
  label: (seen) => (seen.status === 499 && seen.gaveUp ? label('client/client_abort') : undefined),
};

const typing: Scenario = {
  name: 'search-as-you-type-cancels',
  description:
    'A page that searches while one types cancels each search when the next letter comes, 40 to 160 ms later. Nothing is wrong.',
  topology: 'nginx -> 10.152.0.2:8080, no kept connections',
  network: '10.152.0',
  host: forum.host,
  text: 'mainTimes',
  json: 'variables',
  zone: 'Asia/Kolkata',
  baseline: false,
  http: http(server(forum.host, files, location('/', 'proxy_pass http://10.152.0.2:8080;', forwarded))),
  traffic: [
    { from: 0, to: 34, rate: 14, kinds: forum.kinds },
    { from: 0, to: 34, rate: 5, kinds: [{ weight: 1, path: '/search?q={word}', patience_ms: [40, 160] }] },
  ],
  prepare: (stage) =>
    stage.app('forum', stage.host(2), {
      port: 8080,
      rules: [{ path: '/search', do: 'answer', ms: [30, 220] }, ...forum.slips],
    }),
  play: (stage) => stage.at(34),
  label: (seen) => (seen.status === 499 && seen.gaveUp ? label('client/client_abort') : undefined),
};

const callers: Scenario = {
  name: 'callers-leave-a-slow-service-after-three-seconds',
  description:
    'All callers wait three seconds. As load doubles, the queue for four database connections grows beyond that: nearly all failures are of callers that left.',
  topology: 'nginx -> 10.153.0.2:8080, an internal pool of four; proxy_read_timeout 30s',
  network: '10.153.0',
  host: ledger.host,
  text: 'longNames',
  json: 'recommended',
  http: http(
    server(
      ledger.host,
      location('/', 'proxy_pass http://10.153.0.2:8080;', 'proxy_read_timeout 30s;', forwarded),
    ),
  ),
  traffic: [
    {
      from: 0,
      to: 42,
      rate: 9,
      kinds: ledger.kinds.map((kind) => ({ ...kind, patience_ms: [3000, 3000] as const })),
    },
    {
      from: 13,
      to: 26,
      rate: 12,
      kinds: ledger.kinds.map((kind) => ({ ...kind, patience_ms: [3000, 3000] as const })),
    },
  ],
  prepare: (stage) =>
    stage.app('ledger', stage.host(2), {
      port: 8080,
      rules: [...ledger.slips, { do: 'pool', size: 4, ms: [200, 320] }],
    }),
  async play(stage) {
    await stage.at(13);
    stage.phase('fault');
    await stage.at(26);
    stage.phase('recovery');
  },
  label: (seen) =>
    seen.status === 499 && seen.phase !== 'baseline'
      ? label('upstream_overload/timeout_under_load', 'upstream_overload/worker_exhaustion')
      : undefined,
};

const drained: Scenario = {
  name: 'healthy-release-with-drain',
  description:
    'A release that does it right: each of three peers is taken out of the configuration, ends its requests, restarts and comes back. Someone else asks for files that are not there. Nothing fails.',
  topology: 'nginx (2 workers) -> 10.154.0.2-4:8080, keepalive; six reloads',
  network: '10.154.0',
  host: clinic.host,
  text: 'combinedLists',
  json: 'recommended',
  processes: 2,
  errorLevel: 'notice',
  http: without(),
  traffic: [
    { from: 0, to: 44, rate: 22, kinds: clinic.kinds },
    {
      from: 15,
      to: 21,
      rate: 40,
      kinds: [
        { weight: 2, path: '/static/{word}-{id}.js' },
        { weight: 1, path: '/wp-login-missing.php' },
      ],
    },
  ],
  prepare: (stage) => Promise.all([2, 3, 4].map((n) => clinicPeer(stage, n))),
  async play(stage) {
    for (const [index, n] of [2, 3, 4].entries()) {
      await stage.at(8 + index * 10);
      await stage.nginx.reload(without(n));
      await stage.at(12 + index * 10);
      await stage.the(`clinic${n}`).stop('SIGTERM');
      await clinicPeer(stage, n);
      await stage.nginx.reload(without());
    }
  },
  label: () => undefined,
};

function clinicPeer(stage: Stage, n: number) {
  return stage.app(`clinic${n}`, stage.host(n), { port: 8080, graceful: true });
}

function without(absent?: number): string {
  const peers = [2, 3, 4].filter((n) => n !== absent).map((n) => `server 10.154.0.${n}:8080;`);
  return http(
    upstream('clinic', peers, 'keepalive 8;'),
    server(clinic.host, files, location('/', 'proxy_pass http://clinic;', kept, forwarded)),
  );
}

const lunch: Scenario = {
  name: 'healthy-bursts-and-broken-requests',
  description:
    'Bursts of 150 requests a second, slow exports that succeed, bodies that are too large (413), bytes that are no HTTP (400), redirects. Nothing fails.',
  topology: 'nginx -> five peers 10.155.0.2-6:8080, keepalive',
  network: '10.155.0',
  host: meters.host,
  text: 'ltsv',
  json: 'local',
  zone: 'Asia/Kolkata',
  errorLevel: 'info',
  http: http(
    'client_max_body_size 8k;',
    upstream(
      'meters',
      [2, 3, 4, 5, 6].map((n) => `server 10.155.0.${n}:8080;`),
      'keepalive 32;',
    ),
    server(meters.host, location('/', 'proxy_pass http://meters;', kept, forwarded)),
  ),
  traffic: [
    { from: 0, to: 42, rate: 14, kinds: meters.kinds.filter((kind) => kind.patience_ms === undefined) },
    {
      from: 10,
      to: 40,
      rate: 150,
      kinds: meters.kinds.filter((kind) => kind.patience_ms === undefined),
      pulse: { on: 1, off: 9 },
    },
    { from: 0, to: 36, rate: 0.8, kinds: [{ weight: 1, path: '/export/{id}' }] },
    {
      from: 0,
      to: 42,
      rate: 0.5,
      kinds: [{ weight: 1, method: 'POST', path: '/ingest/{word}', body: 20_000 }],
    },
  ],
  raw: [3, 9, 17, 25, 33].map((at) => ({
    at,
    text: at % 2 === 0 ? 'GET / HTTP/9\r\n\r\n' : '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  })),
  prepare: (stage) =>
    Promise.all(
      [2, 3, 4, 5, 6].map((n) =>
        stage.app(`meters${n}`, stage.host(n), {
          port: 8080,
          rules: [{ path: '/export', do: 'answer', ms: [1000, 5500] }],
        }),
      ),
    ),
  play: (stage) => stage.at(42),
  label: () => undefined,
};

export const people: readonly Scenario[] = [impatientApp, typing, callers, drained, lunch];

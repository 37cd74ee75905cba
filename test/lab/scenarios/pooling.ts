import { forwarded, http, kept, location, server, upstream } from '../conf.ts';
import { label, type Scenario, type Seen } from '../scenario.ts';
import { clinic, forum, ledger, media, meters, type Site } from '../sites.ts';
import type { Stretch } from '../traffic.ts';

const race = label('misconfiguration/keepalive_mismatch');

function raced(seen: Seen) {
  return seen.status === 502 && seen.did.length === 0 ? race : undefined;
}

/** A group for each of these routes, each with a pool of its own, and one for the rest. */
function pools(site: Site, peer: string, routes: readonly string[]): string {
  const groups = routes.map((route, index) => ({ route, name: `pool_${index + 1}` }));
  return http(
    ...groups.map(({ name }) => upstream(name, `server ${peer};`, 'keepalive 4;')),
    upstream('pool_rest', `server ${peer};`, 'keepalive 8;'),
    server(
      site.host,
      ...groups.map(({ route, name }) => location(route, `proxy_pass http://${name};`, kept, forwarded)),
      location('/', 'proxy_pass http://pool_rest;', kept, forwarded),
    ),
  );
}

/** One caller for each route that asks at a regular pace. */
function callers(routes: readonly string[], method: string, every: number, to: number): readonly Stretch[] {
  return routes.map((route, index) => ({
    from: 0.2 + index * 0.31,
    to,
    rate: 0,
    every,
    kinds: [{ weight: 1, method, path: `${route}/{id}`, body: method === 'POST' ? 300 : 0 }],
  }));
}

const partners = [
  'abele',
  'borre',
  'cardo',
  'dunne',
  'elvas',
  'foyle',
  'gorme',
  'hulme',
  'irwin',
  'jarro',
  'keswi',
  'lomax',
  'mirfi',
  'norba',
  'ogden',
  'pavia',
  'quern',
  'rufus',
  'selby',
  'tarbe',
  'urano',
  'vessa',
  'wolds',
  'yarra',
];
const postRoutes = partners.map((partner) => `/postings/${partner}`);

const posts: Scenario = {
  name: 'idle-timer-of-two-seconds-loses-posts',
  description:
    'The peer closes connections that were idle for two seconds, nginx keeps them for sixty. Eighteen callers post every two seconds, each over a pool of its own, so that requests meet connections that are just being closed; the only thread of the peer pauses now and then. GETs are repeated silently, POSTs are not.',
  topology: 'nginx, 25 groups -> one Node process 10.121.0.6:3000, keepalive, its idle timer 2 s',
  network: '10.121.0',
  host: ledger.host,
  text: 'combinedLists',
  json: 'recommended',
  baseline: false,
  http: pools(ledger, '10.121.0.6:3000', postRoutes),
  traffic: [
    { from: 0, to: 50, rate: 7, kinds: ledger.kinds },
    ...callers(postRoutes.slice(0, 18), 'POST', 2.14, 50),
    ...callers(postRoutes.slice(18), 'GET', 2.14, 50),
  ],
  prepare: (stage) =>
    stage.app('ledger', stage.host(6), {
      port: 3000,
      keepAlive_ms: 2000,
      rules: ledger.slips,
      median_ms: 15,
      pauses: { every_ms: 420, ms: [120, 300] },
    }),
  play: (stage) => stage.at(50),
  label: raced,
};

const getRoutes = partners.map((partner) => `/v2/partners/${partner}`);

const masked: Scenario = {
  name: 'idle-timer-of-one-second-mostly-masked',
  description:
    'The peer closes connections after one idle second; players ask for news about every second. Nearly all requests are GETs, which nginx repeats on a fresh connection: they end well and leave error lines. The few POSTs fail. There are some application errors all along.',
  topology: 'nginx, 25 groups -> 10.122.0.7:3000, keepalive, its idle timer 1 s',
  network: '10.122.0',
  host: media.host,
  text: 'longNames',
  json: 'variables',
  zone: 'Asia/Kolkata',
  errorLevel: 'warn',
  baseline: false,
  http: pools(media, '10.122.0.7:3000', getRoutes),
  traffic: [
    {
      from: 0,
      to: 58,
      rate: 8,
      kinds: media.kinds,
    },
    ...callers(getRoutes.slice(0, 14), 'GET', 1.14, 58),
    ...callers(getRoutes.slice(14, 17), 'POST', 1.14, 58),
  ],
  prepare: (stage) =>
    stage.app('tracks', stage.host(7), {
      port: 3000,
      keepAlive_ms: 1000,
      rules: media.slips,
      median_ms: 20,
      pauses: { every_ms: 420, ms: [120, 300] },
    }),
  play: (stage) => stage.at(58),
  label: raced,
};

const capped: Scenario = {
  name: 'peer-closes-after-ten-requests',
  description:
    'A peer ends each connection after ten requests without saying so beforehand; a request that is on its way already is lost.',
  topology: 'nginx -> 10.123.0.2:8088, keepalive 8',
  network: '10.123.0',
  host: meters.host,
  text: 'mainTimes',
  json: 'recommended',
  baseline: false,
  http: http(
    upstream('gate', 'server 10.123.0.2:8088;', 'keepalive 8;'),
    server(meters.host, location('/', 'proxy_pass http://gate;', kept, forwarded)),
  ),
  traffic: [{ from: 0, to: 36, rate: 16, kinds: meters.kinds }],
  prepare: (stage) => stage.app('gate', stage.host(2), { port: 8088, closeAfter: 10, rules: meters.slips }),
  play: (stage) => stage.at(36),
  label: raced,
};

const timer = label('misconfiguration/timeout_too_short');

const exportTooLong: Scenario = {
  name: 'exports-longer-than-ten-seconds',
  description:
    'Exports take between three and fifteen seconds, whatever the load; nginx waits ten. Those beyond fail, the others are well, as is every other route.',
  topology: 'nginx -> 10.124.0.4:8080, proxy_read_timeout 10s',
  network: '10.124.0',
  host: clinic.host,
  text: 'combinedLists',
  json: 'local',
  zone: 'America/New_York',
  baseline: false,
  http: http(
    server(
      clinic.host,
      location('/', 'proxy_pass http://10.124.0.4:8080;', 'proxy_read_timeout 10s;', forwarded),
    ),
  ),
  traffic: [
    { from: 0, to: 50, rate: 11, kinds: clinic.kinds },
    { from: 0, to: 45, rate: 1.2, kinds: [{ weight: 1, path: '/statistics/{id}.csv' }] },
  ],
  prepare: (stage) =>
    stage.app('clinic', stage.host(4), {
      port: 8080,
      rules: [{ path: '/statistics', do: 'answer', ms: [3000, 15_000], bytes: 9000 }, ...clinic.slips],
    }),
  play: (stage) => stage.at(50),
  label: (seen) => (seen.status === 504 && seen.path.startsWith('/statistics') ? timer : undefined),
};

const strictLocation: Scenario = {
  name: 'location-with-a-timer-of-two-seconds',
  description:
    'One location was given a read timeout of two seconds; its searches take up to three. Two peers, timeouts are not repeated.',
  topology: 'nginx -> 10.125.0.4-5:8080; /search with proxy_read_timeout 2s and proxy_next_upstream error',
  network: '10.125.0',
  host: forum.host,
  text: 'ingress',
  json: 'recommended',
  http: searching('15s'),
  traffic: [
    {
      from: 0,
      to: 40,
      rate: 14,
      kinds: forum.kinds.map((kind) => (kind.path === '/search?q={word}' ? { ...kind, weight: 12 } : kind)),
    },
  ],
  prepare: (stage) =>
    Promise.all(
      [4, 5].map((n) =>
        stage.app(`forum${n}`, stage.host(n), {
          port: 8080,
          rules: [{ path: '/search', do: 'answer', ms: [300, 2900] }, ...forum.slips],
        }),
      ),
    ),
  async play(stage) {
    await stage.at(12);
    await stage.nginx.reload(searching('2s'));
    stage.phase('fault');
    await stage.at(31);
    await stage.nginx.reload(searching('15s'));
    stage.phase('recovery');
  },
  label: (seen) => (seen.status === 504 && seen.path.startsWith('/search') ? timer : undefined),
};

function searching(limit: string): string {
  return http(
    upstream('forum', 'server 10.125.0.4:8080 max_fails=0;', 'server 10.125.0.5:8080 max_fails=0;'),
    server(
      forum.host,
      location(
        '/search',
        'proxy_pass http://forum;',
        `proxy_read_timeout ${limit};`,
        'proxy_next_upstream error;',
        forwarded,
      ),
      location('/', 'proxy_pass http://forum;', forwarded),
    ),
  );
}

export const pooling: readonly Scenario[] = [posts, masked, capped, exportTooLong, strictLocation];

import { forwarded, http, kept, location, server, upstream } from '../conf.ts';
import { label, type Scenario } from '../scenario.ts';
import { clinic, forum, ledger, media, meters } from '../sites.ts';

const ownLimit = label('upstream_overload/proxy_connection_limit');

const maxConns: Scenario = {
  name: 'max-conns-of-two-peers-reached',
  description:
    'Each peer may have five connections (max_conns). A report that takes a second and a half becomes popular, and there is no peer left to take a request; no attempt fails.',
  topology: 'nginx -> 10.141.0.2-3:8080 max_conns=5, zone',
  network: '10.141.0',
  host: ledger.host,
  text: 'longNames',
  json: 'recommended',
  http: http(
    upstream(
      'books',
      'zone books 64k;',
      'server 10.141.0.2:8080 max_conns=5;',
      'server 10.141.0.3:8080 max_conns=5;',
    ),
    server(ledger.host, location('/', 'proxy_pass http://books;', forwarded)),
  ),
  traffic: [
    { from: 0, to: 38, rate: 15, kinds: ledger.kinds },
    { from: 12, to: 27, rate: 7, kinds: [{ weight: 1, path: '/reports/{id}' }] },
  ],
  prepare: (stage) =>
    Promise.all(
      [2, 3].map((n) =>
        stage.app(`books${n}`, stage.host(n), {
          port: 8080,
          rules: [{ path: '/reports', do: 'answer', ms: [1200, 1800] }, ...ledger.slips],
        }),
      ),
    ),
  async play(stage) {
    await stage.at(12);
    stage.phase('fault');
    await stage.at(27);
    stage.phase('recovery');
  },
  label: (seen) =>
    seen.status === 502 && seen.peers.at(-1) === 'books'
      ? label('upstream_overload/connection_limit')
      : undefined,
};

const workerConnections: Scenario = {
  name: 'few-worker-connections',
  description:
    'nginx has 61 connections a worker. When answers become slow, clients and upstream connections use them up: 500 without an attempt.',
  topology: 'nginx, worker_connections 61 -> 10.142.0.2:8080',
  network: '10.142.0',
  host: media.host,
  text: 'combinedLists',
  json: 'variables',
  connections: 61,
  errorLevel: 'warn',
  http: http(
    'keepalive_timeout 2s;',
    upstream('media', 'server 10.142.0.2:8080;', 'keepalive 4;'),
    server(media.host, location('/', 'proxy_pass http://media;', kept, forwarded)),
  ),
  traffic: [{ from: 0, to: 38, rate: 32, kinds: media.kinds }],
  prepare: (stage) => stage.app('media', stage.host(2), { port: 8080, rules: media.slips }),
  async play(stage) {
    await stage.at(13);
    stage.phase('fault');
    stage.the('media').tell([{ path: '/v2/', do: 'answer', ms: [1700, 2600] }]);
    await stage.at(26);
    stage.the('media').tell(media.slips);
    stage.phase('recovery');
  },
  label: (seen) =>
    seen.status === 500 && seen.did.length === 0 && seen.phase !== 'baseline' ? ownLimit : undefined,
};

const ports: Scenario = {
  name: 'local-ports-used-up',
  description:
    'The proxy has forty local ports for its connections to the only peer and keeps none open. When answers take two seconds at a rate of 25, no port is left (errno 99).',
  topology: 'nginx (ip_local_port_range of 40) -> 10.143.0.2:8080, no kept connections',
  network: '10.143.0',
  host: meters.host,
  text: 'mainTimes',
  json: 'local',
  http: http(server(meters.host, location('/', 'proxy_pass http://10.143.0.2:8080;', forwarded))),
  traffic: [{ from: 0, to: 38, rate: 25, kinds: meters.kinds }],
  async prepare(stage) {
    await stage.app('meters', stage.host(2), { port: 8080, rules: meters.slips, median_ms: 20 });
    stage.run(
      stage.proxy,
      'sysctl -qw net.ipv4.tcp_tw_reuse=1 && sysctl -qw net.ipv4.ip_local_port_range="42000 42039"',
    );
  },
  async play(stage) {
    await stage.at(13);
    stage.phase('fault');
    stage.the('meters').tell([{ method: 'POST', do: 'answer', ms: [1800, 2600] }, ...meters.slips]);
    await stage.at(26);
    stage.the('meters').tell(meters.slips);
    stage.phase('recovery');
  },
  label: (seen) => ([502, 500].includes(seen.status) && seen.did.length === 0 ? ownLimit : undefined),
};

const down: Scenario = {
  name: 'all-servers-of-a-group-marked-down',
  description:
    'A generated configuration marks every server of one group as down (its deployment was scaled to nothing). The other group is well.',
  topology: 'nginx -> group web 10.144.0.2:8080; /search -> group search, both servers down since a reload',
  network: '10.144.0',
  host: forum.host,
  text: 'ltsv',
  json: 'recommended',
  zone: 'America/New_York',
  http: searching(''),
  traffic: [
    {
      from: 0,
      to: 36,
      rate: 17,
      kinds: forum.kinds.map((kind) => (kind.path === '/search?q={word}' ? { ...kind, weight: 9 } : kind)),
    },
  ],
  async prepare(stage) {
    await stage.app('web', stage.host(2), { port: 8080, rules: forum.slips });
    await stage.app('search3', stage.host(3), { port: 9200 });
    await stage.app('search4', stage.host(4), { port: 9200 });
  },
  async play(stage) {
    await stage.at(12);
    await stage.nginx.reload(searching(' down'));
    stage.phase('fault');
    await stage.at(28);
    await stage.nginx.reload(searching(''));
    stage.phase('recovery');
  },
  label: (seen) =>
    seen.status === 502 && seen.peers.at(-1) === 'search' ? label('misconfiguration/no_targets') : undefined,
};

function searching(mark: string): string {
  return http(
    upstream('web', 'server 10.144.0.2:8080;'),
    upstream('search', `server 10.144.0.3:9200${mark};`, `server 10.144.0.4:9200${mark};`),
    server(
      forum.host,
      location('/search', 'proxy_pass http://search;', forwarded),
      location('/', 'proxy_pass http://web;', forwarded),
    ),
  );
}

const loop: Scenario = {
  name: 'rewrite-goes-round-in-circles',
  description:
    'Two rewrites for an old address of the profiles send requests back and forth within nginx: a cycle, 500. Other routes are well.',
  topology: 'nginx -> 10.145.0.2:8080; /profile/ and /members/ rewritten to each other since a reload',
  network: '10.145.0',
  host: clinic.host,
  text: 'combinedLists',
  json: 'local',
  http: rewriting(false),
  traffic: [
    { from: 0, to: 34, rate: 15, kinds: clinic.kinds },
    { from: 0, to: 34, rate: 1.5, kinds: [{ weight: 1, path: '/profile/{id}' }] },
  ],
  prepare: (stage) => stage.app('web', stage.host(2), { port: 8080, rules: clinic.slips }),
  async play(stage) {
    await stage.at(11);
    await stage.nginx.reload(rewriting(true));
    stage.phase('fault');
  },
  label: (seen) =>
    seen.status === 500 && /^\/(profile|members)/.test(seen.path)
      ? label('misconfiguration/routing_loop')
      : undefined,
};

function rewriting(circle: boolean): string {
  const circles = [
    location('/profile/', 'rewrite ^/profile/(.*)$ /members/$1 last;'),
    location('/members/', 'rewrite ^/members/(.*)$ /profile/$1 last;'),
  ];
  return http(
    server(
      clinic.host,
      ...(circle ? circles : []),
      location('/', 'proxy_pass http://10.145.0.2:8080;', forwarded),
    ),
  );
}

export const limits: readonly Scenario[] = [maxConns, workerConnections, ports, down, loop];

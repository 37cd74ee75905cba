import { forwarded, http, kept, location, server, upstream } from '../conf.ts';
import type { Rule } from '../players.ts';
import { label, type Scenario } from '../scenario.ts';
import { clinic, forum, ledger, media } from '../sites.ts';

const down = label(
  'upstream_fault/process_down',
  'upstream_fault/deploy_drain',
  'upstream_fault/crash_mid_response',
);

const restartAndHeader: Scenario = {
  name: 'two-faults-restart-and-large-header',
  description:
    'Two services of one proxy. One is restarted for six seconds; meanwhile and afterwards a route of the other answers with headers beyond 4 kB to some.',
  topology: 'nginx -> forum 10.161.0.2:8080 (one peer), media 10.161.0.3-4:8080 (max_fails=0)',
  network: '10.161.0',
  host: forum.host,
  text: 'longNames',
  json: 'local',
  zone: 'Asia/Kolkata',
  http: http(
    upstream('forum', 'server 10.161.0.2:8080;', 'keepalive 4;'),
    upstream('media', 'server 10.161.0.3:8080 max_fails=0;', 'server 10.161.0.4:8080 max_fails=0;'),
    server(forum.host, location('/', 'proxy_pass http://forum;', kept, forwarded)),
    server(media.host, location('/', 'proxy_pass http://media;', forwarded)),
  ),
  traffic: [
    { from: 0, to: 42, rate: 11, kinds: forum.kinds },
    { from: 0, to: 42, rate: 11, kinds: media.kinds.map((kind) => ({ ...kind, host: media.host })) },
    { from: 0, to: 42, rate: 1.6, kinds: [{ weight: 1, path: '/v2/session/{id}', host: media.host }] },
  ],
  async prepare(stage) {
    await stage.app('forum', stage.host(2), { port: 8080, rules: forum.slips });
    await stage.app('media3', stage.host(3), { port: 8080, rules: media.slips });
    await stage.app('media4', stage.host(4), { port: 8080, rules: media.slips });
  },
  async play(stage) {
    const large: Rule = { path: '/v2/session', share: 0.6, do: 'answer', headerBytes: 5400 };
    await stage.at(12);
    stage.phase('fault');
    for (const name of ['media3', 'media4']) stage.the(name).tell([large, ...media.slips]);
    await stage.at(16);
    await stage.the('forum').stop('SIGTERM');
    await stage.at(22);
    await stage.app('forum', stage.host(2), { port: 8080, rules: forum.slips });
    await stage.at(32);
    for (const name of ['media3', 'media4']) stage.the(name).tell(media.slips);
    stage.phase('recovery');
  },
  label(seen) {
    if (seen.status !== 502 || seen.phase === 'baseline') return undefined;
    if (seen.group === 'media')
      return seen.path.startsWith('/v2/session') ? label('misconfiguration/header_too_big') : undefined;
    return seen.ended < 24 ? down : undefined;
  },
};

const slowAndGone: Scenario = {
  name: 'two-faults-slow-export-and-vanished-host',
  description:
    'Exports that take longer than six seconds fail all along. From 16 s on the host of the document service is off the network as well, for twelve seconds.',
  topology: 'nginx -> 10.162.0.2:8080, proxy_read_timeout 6s; /documents -> 10.162.0.9:8081',
  network: '10.162.0',
  host: clinic.host,
  text: 'ltsv',
  json: 'recommended',
  zone: 'America/New_York',
  baseline: false,
  http: http(
    server(
      clinic.host,
      location('/documents', 'proxy_pass http://10.162.0.9:8081;', forwarded),
      location('/', 'proxy_pass http://10.162.0.2:8080;', 'proxy_read_timeout 6s;', forwarded),
    ),
  ),
  traffic: [
    { from: 0, to: 42, rate: 11, kinds: clinic.kinds.filter(({ path }) => !path.startsWith('/documents')) },
    { from: 0, to: 38, rate: 1, kinds: [{ weight: 1, path: '/statistics/{id}.csv' }] },
    { from: 0, to: 42, rate: 3, kinds: [{ weight: 1, path: '/documents/{id}.pdf' }] },
  ],
  async prepare(stage) {
    await stage.app('clinic', stage.host(2), {
      port: 8080,
      rules: [{ path: '/statistics', do: 'answer', ms: [1500, 9000] }, ...clinic.slips],
    });
    await stage.app('documents', stage.host(9), { port: 8081 });
  },
  async play(stage) {
    await stage.at(16);
    stage.run(stage.proxy, 'ip link set v9 down && ip neigh flush dev br0');
    await stage.at(28);
    stage.run(stage.proxy, 'ip link set v9 up');
  },
  label(seen) {
    if (seen.status === 504 && seen.path.startsWith('/statistics'))
      return label('misconfiguration/timeout_too_short');
    if ([502, 504].includes(seen.status) && seen.path.startsWith('/documents')) {
      return label('network/host_unreachable', 'misconfiguration/access_blocked', 'network/connect_timeout');
    }
    return undefined;
  },
};

const cascade: Scenario = {
  name: 'two-faults-crash-then-limit',
  description:
    'A crash of the only process with requests in flight; impatient callers repeat their requests at six times the usual rate and then run into a limit of requests (503) at the proxy.',
  topology: 'nginx limit_req 30r/s burst=10 -> 10.163.0.3:9000',
  network: '10.163.0',
  host: ledger.host,
  text: 'combinedLists',
  json: 'recommended',
  http: http(
    'limit_req_zone $server_name zone=all:1m rate=30r/s;',
    upstream('ledger', 'server 10.163.0.3:9000;', 'keepalive 6;'),
    server(
      ledger.host,
      location('/', 'limit_req zone=all burst=10 nodelay;', 'proxy_pass http://ledger;', kept, forwarded),
    ),
  ),
  traffic: [
    { from: 0, to: 40, rate: 11, kinds: ledger.kinds },
    { from: 14, to: 22, rate: 55, kinds: ledger.kinds },
  ],
  prepare: (stage) => stage.app('ledger', stage.host(3), { port: 9000, rules: ledger.slips, median_ms: 400 }),
  async play(stage) {
    await stage.at(13);
    stage.phase('fault');
    await stage.the('ledger').stop('SIGKILL');
    await stage.at(19);
    await stage.app('ledger', stage.host(3), { port: 9000, rules: ledger.slips, median_ms: 400 });
    await stage.at(24);
    stage.phase('recovery');
  },
  label(seen) {
    if (seen.status === 503 && seen.peers.length === 0) return label('intended/rate_limited');
    if (seen.status !== 502 || seen.phase === 'baseline') return undefined;
    return seen.started < 13.05
      ? label(
          'upstream_fault/crash_mid_response',
          'upstream_fault/process_down',
          'upstream_overload/out_of_memory',
        )
      : down;
  },
};

export const mixed: readonly Scenario[] = [restartAndHeader, slowAndGone, cascade];

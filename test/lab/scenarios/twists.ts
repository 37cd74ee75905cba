import { forwarded, http, kept, location, server, upstream } from '../conf.ts';
import type { Rule } from '../players.ts';
import { label, type Scenario } from '../scenario.ts';
import { clinic, forum, ledger, media, meters } from '../sites.ts';

const down = label(
  'upstream_fault/process_down',
  'upstream_fault/deploy_drain',
  'upstream_fault/crash_mid_response',
);

const ownPage: Scenario = {
  name: 'stopped-behind-a-page-of-ones-own',
  description:
    'The only process is stopped for eleven seconds. The proxy answers with a page of its own (error_page), which is larger than the usual one, and intercepts errors of the application, too.',
  topology: 'nginx -> 10.171.0.2:8080, error_page 500 502 503 504, proxy_intercept_errors on',
  network: '10.171.0',
  host: clinic.host,
  text: 'longNames',
  json: 'recommended',
  zone: 'Asia/Kolkata',
  http: http(
    upstream('clinic', 'server 10.171.0.2:8080;', 'keepalive 4;'),
    server(
      clinic.host,
      'error_page 500 502 503 504 /sorry.html;',
      location('= /sorry.html', 'root /var/www/html;', 'internal;'),
      location('/', 'proxy_pass http://clinic;', 'proxy_intercept_errors on;', kept, forwarded),
    ),
  ),
  traffic: [{ from: 0, to: 36, rate: 14, kinds: clinic.kinds }],
  prepare(stage) {
    stage.write('www/html/sorry.html', `<html><body>${'We are sorry. '.repeat(120)}</body></html>\n`);
    return stage.app('clinic', stage.host(2), { port: 8080, rules: clinic.slips });
  },
  async play(stage) {
    await stage.at(12);
    stage.phase('fault');
    await stage.the('clinic').stop('SIGTERM');
    await stage.at(23);
    await stage.app('clinic', stage.host(2), { port: 8080, rules: clinic.slips });
    stage.phase('recovery');
  },
  label: (seen) => (seen.status === 502 && seen.phase !== 'baseline' ? down : undefined),
};

const repeated500: Scenario = {
  name: 'application-errors-take-peers-out',
  description:
    'The proxy repeats what was answered with 500 on the next peer. When the database is away, both peers answer 500 to half of the requests; each counts as a failure of the peer, without an error line, and soon there are no live upstreams.',
  topology: 'nginx -> 10.172.0.2-3:8080, proxy_next_upstream error timeout http_500, default max_fails',
  network: '10.172.0',
  host: media.host,
  text: 'combinedLists',
  json: 'variables',
  http: http(
    upstream('media', 'server 10.172.0.2:8080;', 'server 10.172.0.3:8080;', 'keepalive 8;'),
    server(
      media.host,
      location(
        '/',
        'proxy_pass http://media;',
        'proxy_next_upstream error timeout http_500;',
        kept,
        forwarded,
      ),
    ),
  ),
  traffic: [{ from: 0, to: 40, rate: 15, kinds: media.kinds }],
  prepare: (stage) => Promise.all([2, 3].map((n) => stage.app(`media${n}`, stage.host(n), { port: 8080 }))),
  async play(stage) {
    const rules: readonly Rule[] = [{ share: 0.5, do: 'answer', status: 500 }];
    await stage.at(12);
    stage.phase('fault');
    for (const n of [2, 3]) stage.the(`media${n}`).tell(rules);
    await stage.at(24);
    for (const n of [2, 3]) stage.the(`media${n}`).tell([]);
    stage.phase('recovery');
  },
  label: (seen) =>
    [500, 502].includes(seen.status) && seen.phase !== 'baseline'
      ? label('upstream_fault/application_error')
      : undefined,
};

const socketLeft: Scenario = {
  name: 'socket-left-behind-then-removed',
  description:
    'The process behind a socket is killed, and the file of the socket stays (refused); later its supervisor stops it and removes the file (no such file). Both times it comes back.',
  topology: 'nginx -> unix:/run/forum.sock, eight workers',
  network: '10.0.173',
  host: forum.host,
  text: 'mainTimes',
  json: 'local',
  http: http(
    upstream('forum', 'server unix:/run/forum.sock;'),
    server(forum.host, location('/', 'proxy_pass http://forum;', forwarded)),
  ),
  traffic: [{ from: 0, to: 42, rate: 14, kinds: forum.kinds }],
  prepare: (stage) => stage.workers('forum', stage.proxy, { path: '/run/forum.sock', workers: 8 }),
  async play(stage) {
    await stage.at(11);
    stage.phase('fault');
    await stage.the('forum').stop('SIGKILL');
    await stage.at(17);
    await stage.workers('forum', stage.proxy, { path: '/run/forum.sock', workers: 8 });
    await stage.at(26);
    await stage.the('forum').stop('SIGTERM');
    stage.run(stage.proxy, `rm ${stage.folder}/run/forum.sock`);
    await stage.at(33);
    await stage.workers('forum', stage.proxy, { path: '/run/forum.sock', workers: 8 });
    stage.phase('recovery');
  },
  label(seen) {
    if (seen.status !== 502 || seen.phase === 'baseline') return undefined;
    return seen.ended < 25
      ? down
      : { ...down, accept: [...down.accept, { cause: 'misconfiguration', mechanism: 'socket_missing' }] };
  },
};

const ownTimer: Scenario = {
  name: 'workers-killed-by-their-own-timer',
  description:
    'The process manager of the application kills a worker that has worked for five seconds: long postings end without an answer after five seconds sharp, shorter ones are well. The proxy would have waited a minute.',
  topology: 'nginx -> 10.174.0.2:8000; the route /closings takes 2 to 8 s, its worker ends after 5 s',
  network: '10.174.0',
  host: ledger.host,
  text: 'combinedLists',
  json: 'recommended',
  zone: 'America/New_York',
  baseline: false,
  http: http(
    upstream('ledger', 'server 10.174.0.2:8000;'),
    server(ledger.host, location('/', 'proxy_pass http://ledger;', forwarded)),
  ),
  traffic: [
    { from: 0, to: 40, rate: 12, kinds: ledger.kinds },
    { from: 0, to: 34, rate: 1.5, kinds: [{ weight: 1, method: 'POST', path: '/closings/{id}', body: 900 }] },
  ],
  prepare: (stage) =>
    stage.app('ledger', stage.host(2), {
      port: 8000,
      rules: [
        { path: '/closings', share: 0.5, do: 'close', ms: [5000, 5020] },
        { path: '/closings', do: 'answer', ms: [2000, 4950] },
        ...ledger.slips,
      ],
    }),
  play: (stage) => stage.at(40),
  label: (seen) =>
    seen.status === 502 && seen.did.includes('close')
      ? label(
          'upstream_fault/crash_mid_response',
          'misconfiguration/timeout_too_short',
          'upstream_fault/route_bug',
          'upstream_overload/worker_exhaustion',
        )
      : undefined,
};

const abortOnOverflow: Scenario = {
  name: 'full-queue-answers-with-a-reset',
  description:
    'The host of the peer resets connections that its full accept queue cannot take (tcp_abort_on_overflow), where others would drop them. Bursts beyond what two workers can take fail at once, all routes alike.',
  topology: 'nginx -> 10.175.0.2:8000, two workers, backlog 3, net.ipv4.tcp_abort_on_overflow=1',
  network: '10.175.0',
  host: meters.host,
  text: 'combinedLists',
  json: 'local',
  http: http(
    upstream('gate', 'server 10.175.0.2:8000;'),
    server(meters.host, location('/', 'proxy_pass http://gate;', forwarded)),
  ),
  traffic: [
    { from: 0, to: 38, rate: 12, kinds: meters.kinds },
    { from: 12, to: 27, rate: 90, kinds: meters.kinds, pulse: { on: 1.2, off: 1.6 } },
  ],
  prepare(stage) {
    const host = stage.host(2);
    stage.run(host, 'sysctl -qw net.ipv4.tcp_abort_on_overflow=1');
    return stage.workers('gate', host, { port: 8000, workers: 2, backlog: 3, ms: [25, 45] });
  },
  async play(stage) {
    await stage.at(12);
    stage.phase('fault');
    await stage.at(27);
    stage.phase('recovery');
  },
  label: (seen) =>
    [502, 504, 499].includes(seen.status) && seen.phase !== 'baseline'
      ? label(
          'upstream_overload/connection_queue_full',
          'upstream_overload/worker_exhaustion',
          'upstream_overload/timeout_under_load',
          'network/reset_in_transit',
        )
      : undefined,
};

export const twists: readonly Scenario[] = [ownPage, repeated500, socketLeft, ownTimer, abortOnOverflow];

import { forwarded, http, kept, location, server, upstream } from '../conf.ts';
import type { Rule } from '../players.ts';
import { label, type Scenario } from '../scenario.ts';
import { forum, ledger, media } from '../sites.ts';

const bug = label('upstream_fault/route_bug');

const hangs: Scenario = {
  name: 'route-never-answers-since-the-release',
  description:
    'Since a release one route never answers, at any load; all other routes of both peers are as quick as before, until the proxy puts both peers aside because of the timeouts. Some clients leave after four seconds.',
  topology: 'nginx -> 10.81.0.6-7:8080, proxy_next_upstream error, proxy_read_timeout 6s',
  network: '10.81.0',
  host: forum.host,
  text: 'longNames',
  json: 'recommended',
  http: http(
    upstream('forum', 'server 10.81.0.6:8080;', 'server 10.81.0.7:8080;'),
    server(
      forum.host,
      location(
        '/',
        'proxy_pass http://forum;',
        'proxy_next_upstream error;',
        'proxy_read_timeout 6s;',
        forwarded,
      ),
    ),
  ),
  traffic: [
    { from: 0, to: 40, rate: 15, kinds: forum.kinds },
    {
      from: 0,
      to: 38,
      rate: 1.3,
      kinds: [
        { weight: 4, path: '/badges/{word}' },
        { weight: 1, path: '/badges/{word}', patience_ms: [4000, 4000] },
      ],
    },
  ],
  prepare: (stage) =>
    Promise.all([6, 7].map((n) => stage.app(`forum${n}`, stage.host(n), { port: 8080, rules: forum.slips }))),
  async play(stage) {
    await stage.at(12);
    stage.phase('fault');
    for (const n of [6, 7]) stage.the(`forum${n}`).tell([...forum.slips, { path: '/badges', do: 'hang' }]);
  },
  label: (seen) =>
    seen.did.includes('hang') || (seen.status === 502 && seen.peers.at(-1) === 'forum')
      ? label('upstream_fault/route_bug', 'misconfiguration/timeout_too_short')
      : undefined,
};

const closes: Scenario = {
  name: 'upload-route-drops-the-connection',
  description:
    'The handler of one route throws outside of any catch: its framework closes the connection without an answer, after 20 to 200 ms. Other routes are well.',
  topology: 'nginx -> one process 10.82.0.3:5000, keepalive',
  network: '10.82.0',
  host: media.host,
  text: 'mainTimes',
  json: 'variables',
  zone: 'Asia/Kolkata',
  http: http(
    upstream('media', 'server 10.82.0.3:5000;', 'keepalive 10;'),
    server(media.host, location('/', 'proxy_pass http://media;', kept, forwarded)),
  ),
  traffic: [
    { from: 0, to: 38, rate: 17, kinds: media.kinds },
    {
      from: 0,
      to: 38,
      rate: 1.6,
      kinds: [{ weight: 1, method: 'POST', path: '/v2/covers/{id}', body: 40_000 }],
    },
  ],
  prepare: (stage) => stage.app('media', stage.host(3), { port: 5000, rules: media.slips }),
  async play(stage) {
    await stage.at(11);
    stage.phase('fault');
    stage
      .the('media')
      .tell([{ path: '/v2/covers', method: 'POST', do: 'close', ms: [20, 200] }, ...media.slips]);
  },
  label: (seen) => (seen.did.includes('close') && seen.status === 502 ? bug : undefined),
};

const garbage: Rule = {
  path: '/export',
  do: 'raw',
  share: 0.7,
  text: 'HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nX-Gener\x00ator: reports\r\nContent-Length: 5\r\n\r\n1;2;3',
};

const badChunk: Rule = {
  path: '/export',
  do: 'raw',
  text: 'HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n1;2;3\r\nzz\r\n',
};

const malformed: Scenario = {
  name: 'export-writes-its-own-headers',
  description:
    'A route that writes its answers by hand puts a NUL into a header name; now and then it ends a body with an invalid chunk (200, broken off).',
  topology: 'nginx -> two peers 10.83.0.2-3:8080, keepalive, max_fails=0',
  network: '10.83.0',
  host: ledger.host,
  text: 'ltsv',
  json: 'local',
  errorLevel: 'warn',
  http: http(
    upstream(
      'ledger',
      'server 10.83.0.2:8080 max_fails=0;',
      'server 10.83.0.3:8080 max_fails=0;',
      'keepalive 4;',
    ),
    server(ledger.host, location('/', 'proxy_pass http://ledger;', kept, forwarded)),
  ),
  traffic: [
    { from: 0, to: 36, rate: 16, kinds: ledger.kinds },
    { from: 10, to: 36, rate: 1.8, kinds: [{ weight: 1, path: '/export/{id}' }] },
  ],
  prepare: (stage) =>
    Promise.all(
      [2, 3].map((n) =>
        stage.app(`ledger${n}`, stage.host(n), { port: 8080, rules: [garbage, badChunk, ...ledger.slips] }),
      ),
    ),
  async play(stage) {
    await stage.at(10);
    stage.phase('fault');
  },
  label: (seen) =>
    (seen.status === 502 || seen.broken) && seen.did.includes('raw')
      ? label('upstream_fault/malformed_response')
      : undefined,
};

export const responses: readonly Scenario[] = [hangs, closes, malformed];

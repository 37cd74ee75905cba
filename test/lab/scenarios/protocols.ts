import { Authority } from '../certificates.ts';
import { forwarded, http, kept, location, server, upstream } from '../conf.ts';
import { label, type Scenario } from '../scenario.ts';
import { clinic, ledger, meters } from '../sites.ts';

const mismatch = label('misconfiguration/protocol_mismatch');

const toTlsPort: Scenario = {
  name: 'plain-http-to-a-tls-port',
  description:
    'Since a reload the location of documents is sent as plain HTTP to the port that speaks TLS. Everything else is well.',
  topology: 'nginx -> 10.6.6.2:8080; /documents/ -> http://10.6.6.2:8443 (TLS)',
  network: '10.6.6',
  host: clinic.host,
  text: 'longNames',
  json: 'recommended',
  http: documents('8080'),
  traffic: [
    { from: 0, to: 36, rate: 15, kinds: clinic.kinds.filter(({ path }) => !path.startsWith('/documents')) },
    {
      from: 0,
      to: 36,
      rate: 2,
      kinds: [
        { weight: 3, path: '/documents/{id}.pdf' },
        { weight: 1, method: 'POST', path: '/documents', body: 5000 },
      ],
    },
  ],
  async prepare(stage) {
    const identity = new Authority(stage).identity('documents.internal');
    await stage.app('web', stage.host(2), { port: 8080, rules: clinic.slips });
    await stage.app('tls', stage.host(2), { port: 8443, tls: { ...identity } });
  },
  async play(stage) {
    await stage.at(12);
    await stage.nginx.reload(documents('8443'));
    stage.phase('fault');
  },
  label: (seen) => (seen.status >= 500 && seen.peers.at(-1) === '10.6.6.2:8443' ? mismatch : undefined),
};

function documents(port: string): string {
  return http(
    server(
      clinic.host,
      location('/documents', `proxy_pass http://10.6.6.2:${port};`, forwarded),
      location('/', 'proxy_pass http://10.6.6.2:8080;', forwarded),
    ),
  );
}

const grpc: Scenario = {
  name: 'grpc-to-an-http-1-port',
  description:
    'grpc_pass (HTTP/2) leads to a port that speaks HTTP/1.1 only, from the start. Everything else is well.',
  topology: 'nginx -> 10.6.7.3:8080; /meters.v1. -> grpc://10.6.7.3:8080',
  network: '10.6.7',
  host: meters.host,
  text: 'mainTimes',
  json: 'variables',
  baseline: false,
  http: http(
    server(
      meters.host,
      location('/meters.v1.', 'grpc_pass grpc://10.6.7.3:8080;'),
      location('/', 'proxy_pass http://10.6.7.3:8080;', forwarded),
    ),
  ),
  traffic: [
    { from: 0, to: 32, rate: 15, kinds: meters.kinds },
    {
      from: 0,
      to: 32,
      rate: 1.5,
      kinds: [{ weight: 1, method: 'POST', path: '/meters.v1.Readings/Push', body: 60 }],
    },
  ],
  prepare: (stage) => stage.app('meters', stage.host(3), { port: 8080, rules: meters.slips }),
  play: (stage) => stage.at(32),
  label: (seen) =>
    [502, 504].includes(seen.status) && seen.path.startsWith('/meters.v1.') ? mismatch : undefined,
};

const cookies: Scenario = {
  name: 'single-sign-on-answers-with-a-large-header',
  description:
    'The answer of single sign-on for members of many groups carries more than 8 kB of cookies, beyond the header buffer of 8k. Others are not concerned.',
  topology: 'nginx -> three peers 10.6.12.2-4:8081, proxy_buffer_size 8k, keepalive',
  network: '10.6.12',
  host: ledger.host,
  text: 'ltsv',
  json: 'local',
  zone: 'America/New_York',
  http: http(
    upstream(
      'ledger',
      [2, 3, 4].map((n) => `server 10.6.12.${n}:8081;`),
      'keepalive 8;',
    ),
    server(
      ledger.host,
      location(
        '/',
        'proxy_pass http://ledger;',
        'proxy_buffer_size 8k;',
        'proxy_buffers 8 8k;',
        kept,
        forwarded,
      ),
    ),
  ),
  traffic: [
    { from: 0, to: 36, rate: 16, kinds: ledger.kinds },
    { from: 0, to: 36, rate: 0.9, kinds: [{ weight: 1, path: '/sso/callback?code={id}' }] },
  ],
  prepare: (stage) =>
    Promise.all(
      [2, 3, 4].map((n) => stage.app(`ledger${n}`, stage.host(n), { port: 8081, rules: ledger.slips })),
    ),
  async play(stage) {
    await stage.at(12);
    stage.phase('fault');
    for (const n of [2, 3, 4]) {
      stage
        .the(`ledger${n}`)
        .tell([
          ...ledger.slips,
          { path: '/sso', share: 0.5, do: 'answer', status: 302, bytes: 0, headerBytes: 9800 },
        ]);
    }
  },
  label: (seen) =>
    seen.status === 502 &&
    (seen.path.startsWith('/sso') || seen.peers.at(-1) === 'ledger') &&
    seen.phase !== 'baseline'
      ? label('misconfiguration/header_too_big')
      : undefined,
};

export const protocols: readonly Scenario[] = [toTlsPort, grpc, cookies];

import { forwarded, http, kept, location, server, upstream } from '../conf.ts';
import type { Rule } from '../players.ts';
import { label, type Scenario } from '../scenario.ts';
import { clinic, forum, meters } from '../sites.ts';

const errors: Scenario = {
  name: 'database-away-application-says-503',
  description:
    'The database of the application is away for fourteen seconds: it answers 503 at once on routes that need it, and 500 now and then. Routes without the database are well.',
  topology: 'nginx (2 workers) -> three peers 10.84.0.2-4:8080, keepalive',
  network: '10.84.0',
  host: clinic.host,
  text: 'ingress',
  json: 'recommended',
  processes: 2,
  http: http(
    upstream(
      'clinic',
      [2, 3, 4].map((n) => `server 10.84.0.${n}:8080;`),
      'keepalive 8;',
    ),
    server(clinic.host, location('/', 'proxy_pass http://clinic;', kept, forwarded)),
  ),
  traffic: [{ from: 0, to: 40, rate: 19, kinds: clinic.kinds }],
  prepare: (stage) =>
    Promise.all(
      [2, 3, 4].map((n) => stage.app(`clinic${n}`, stage.host(n), { port: 8080, rules: clinic.slips })),
    ),
  async play(stage) {
    await stage.at(12);
    stage.phase('fault');
    const rules: readonly Rule[] = [
      { path: '/patients', do: 'answer', status: 503, share: 0.8, ms: [4, 30] },
      { path: '/bookings', do: 'answer', status: 503, share: 0.7, ms: [4, 30] },
      { path: '/slots', do: 'answer', status: 500, share: 0.2 },
    ];
    for (const n of [2, 3, 4]) stage.the(`clinic${n}`).tell(rules);
    await stage.at(26);
    for (const n of [2, 3, 4]) stage.the(`clinic${n}`).tell(clinic.slips);
    stage.phase('recovery');
  },
  label: () => undefined,
};

const relayed: Scenario = {
  name: 'gateway-behind-reports-its-own-502',
  description:
    'The peer is itself an nginx. The application behind it is stopped, later it hangs: the inner gateway answers 502, then 504 after four seconds, and the outer one passes these on.',
  topology: 'nginx -> 10.85.0.8:80 (nginx) -> 10.85.0.9:8080',
  network: '10.85.0',
  host: forum.host,
  text: 'longNames',
  json: 'variables',
  http: http(
    upstream('inner', 'server 10.85.0.8:80;', 'keepalive 8;'),
    server(forum.host, location('/', 'proxy_pass http://inner;', kept, forwarded)),
  ),
  traffic: [{ from: 0, to: 40, rate: 15, kinds: forum.kinds }],
  async prepare(stage) {
    await stage.app('forum', stage.host(9), { port: 8080, rules: forum.slips });
    await stage.gateway(
      'inner',
      stage.host(8),
      'server { listen 80; keepalive_timeout 90s; location / { proxy_pass http://10.85.0.9:8080; proxy_read_timeout 4s; } }',
    );
  },
  async play(stage) {
    await stage.at(12);
    stage.phase('fault');
    await stage.the('forum').stop('SIGTERM');
    await stage.at(19);
    await stage.app('forum', stage.host(9), {
      port: 8080,
      rules: [{ path: '/t/', do: 'hang' }, ...forum.slips],
    });
    await stage.at(27);
    stage.the('forum').tell(forum.slips);
    stage.phase('recovery');
  },
  label: (seen) =>
    [502, 504, 499].includes(seen.status) && seen.phase !== 'baseline'
      ? label('upstream_fault/relayed_gateway_error', 'upstream_fault/application_error')
      : undefined,
};

const auth: Scenario = {
  name: 'sign-on-service-of-auth-request-down',
  description:
    'Every request is first asked about at a sign-on service (auth_request). It answers 500 for a while and is then stopped: all requests end with 500 and no upstream of their own.',
  topology: 'nginx -> auth_request 10.86.0.4:4000, then 10.86.0.5:8080',
  network: '10.86.0',
  host: meters.host,
  text: 'combinedLists',
  json: 'recommended',
  zone: 'America/New_York',
  http: http(
    server(
      meters.host,
      location(
        '= /_auth',
        'internal;',
        'proxy_pass http://10.86.0.4:4000/check;',
        'proxy_pass_request_body off;',
        'proxy_set_header Content-Length "";',
      ),
      location('/', 'auth_request /_auth;', 'proxy_pass http://10.86.0.5:8080;', forwarded),
    ),
  ),
  traffic: [{ from: 0, to: 38, rate: 14, kinds: meters.kinds }],
  async prepare(stage) {
    await stage.app('auth', stage.host(4), {
      port: 4000,
      rules: [{ do: 'answer', status: 204, ms: [1, 5] }],
    });
    await stage.app('meters', stage.host(5), { port: 8080, rules: meters.slips });
  },
  async play(stage) {
    await stage.at(12);
    stage.phase('fault');
    stage.the('auth').tell([{ do: 'answer', status: 500, ms: [2, 20] }]);
    await stage.at(19);
    await stage.the('auth').stop('SIGTERM');
    await stage.at(26);
    await stage.app('auth', stage.host(4), {
      port: 4000,
      rules: [{ do: 'answer', status: 204, ms: [1, 5] }],
    });
    stage.phase('recovery');
  },
  label: (seen) =>
    seen.status === 500 && seen.phase !== 'baseline' && seen.peers.at(-1) !== '10.86.0.5:8080'
      ? label('upstream_fault/auth_dependency', ...(seen.ended < 18.9 ? [] : ['upstream_fault/process_down']))
      : undefined,
};

export const dependencies: readonly Scenario[] = [errors, relayed, auth];

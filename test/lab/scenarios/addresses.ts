import { files, forwarded, http, kept, location, server, upstream } from '../conf.ts';
import { label, type Scenario } from '../scenario.ts';
import { clinic, forum, ledger, media, meters } from '../sites.ts';

const wrong = label('misconfiguration/wrong_address');

const gateway = [502, 504, 499];

const wrongPort: Scenario = {
  name: 'new-service-on-a-port-nobody-listens-on',
  description:
    'A reload brings a location for a new service with a wrong port. The service runs, on another port of the same host; the location has never worked. Everything else is well.',
  topology: 'nginx -> 10.61.5.3:8080; from the reload on /billing/ -> 10.61.5.3:8800',
  network: '10.61.5',
  host: clinic.host,
  text: 'combinedLists',
  json: 'local',
  errorLevel: 'warn',
  http: billing(''),
  traffic: [
    { from: 0, to: 38, rate: 16, kinds: clinic.kinds },
    { from: 13, to: 38, rate: 2.5, kinds: billingKinds() },
  ],
  async prepare(stage) {
    await stage.app('web', stage.host(3), { port: 8080, rules: clinic.slips });
    await stage.app('billing', stage.host(3), { port: 8008 });
  },
  async play(stage) {
    await stage.at(12);
    await stage.nginx.reload(billing(location('/billing/', 'proxy_pass http://10.61.5.3:8800;', forwarded)));
    stage.phase('fault');
  },
  label: (seen) => (seen.status === 502 && seen.path.startsWith('/billing') ? wrong : undefined),
};

function billing(more: string): string {
  return http(
    upstream('web', 'server 10.61.5.3:8080;', 'keepalive 8;'),
    server(
      clinic.host,
      files,
      ...(more === '' ? [] : [more]),
      location('/', 'proxy_pass http://web;', kept, forwarded),
    ),
  );
}

function billingKinds() {
  return [
    { weight: 3, path: '/billing/invoices/{id}' },
    { weight: 1, method: 'POST', path: '/billing/payments', body: 300 },
  ];
}

const localhost: Scenario = {
  name: 'localhost-has-two-families',
  description:
    'The group names localhost, which is ::1 and 127.0.0.1; the process listens on IPv4 only. Every second request goes to [::1] and is refused; without a repetition it fails.',
  topology: 'nginx -> localhost:5000 ([::1]:5000 and 127.0.0.1:5000), proxy_next_upstream off',
  network: '10.0.77',
  host: forum.host,
  text: 'mainTimes',
  json: 'recommended',
  baseline: false,
  http: http(
    upstream('app', 'server localhost:5000 max_fails=0;'),
    server(
      forum.host,
      location('/', 'proxy_pass http://app;', 'proxy_next_upstream off;', forwarded),
      location('/static/', 'root /var/www/html;'),
    ),
  ),
  traffic: [{ from: 0, to: 35, rate: 18, kinds: forum.kinds }],
  prepare: (stage) =>
    stage.app('local', stage.proxy, { port: 5000, address: '127.0.0.1', rules: forum.slips }),
  play: (stage) => stage.at(35),
  label: (seen) =>
    seen.status === 502 && (seen.peers.at(-1) === '[::1]:5000' || seen.peers.at(-1) === 'localhost')
      ? wrong
      : undefined,
};

const typo: Scenario = {
  name: 'address-of-no-host',
  description:
    'One of two tenants is sent to an address that no host has (a digit is wrong). Connections end after three seconds without a route. It has been so from the start.',
  topology: 'nginx -> 10.71.2.4:9090 for one name, 10.71.2.40:9090 (nobody) for the other',
  network: '10.71.2',
  host: media.host,
  text: 'keyValue',
  json: 'variables',
  baseline: false,
  http: http(
    server(media.host, location('/', 'proxy_pass http://10.71.2.4:9090;', forwarded)),
    server('beta.media.example.net', location('/', 'proxy_pass http://10.71.2.40:9090;', forwarded)),
  ),
  traffic: [
    { from: 0, to: 34, rate: 16, kinds: media.kinds },
    {
      from: 0,
      to: 34,
      rate: 2,
      kinds: media.kinds.slice(0, 4).map((kind) => ({ ...kind, host: 'beta.media.example.net' })),
    },
  ],
  prepare: (stage) => stage.app('media', stage.host(4), { port: 9090, rules: media.slips }),
  play: (stage) => stage.at(34),
  label: (seen) =>
    gateway.includes(seen.status) && seen.host.startsWith('beta')
      ? label('misconfiguration/wrong_address', 'network/host_unreachable', 'network/connect_timeout')
      : undefined,
};

const noResolver: Scenario = {
  name: 'variable-without-a-resolver',
  description:
    'A canary is switched on by a map whose value is a name; nginx has no resolver. A tenth of the users are sent there.',
  topology:
    'nginx -> 10.9.1.6:8085; cookie canary=1 -> http://canary.svc.example:8085 by variable, no resolver',
  network: '10.9.1',
  host: ledger.host,
  text: 'longNames',
  json: 'recommended',
  baseline: false,
  http: http(
    'map $cookie_canary $ledger {\n    default 10.9.1.6:8085;\n    1 canary.svc.example:8085;\n}',
    server(ledger.host, location('/', 'proxy_pass http://$ledger;', forwarded)),
  ),
  traffic: [
    { from: 0, to: 34, rate: 15, kinds: ledger.kinds },
    {
      from: 0,
      to: 34,
      rate: 1.8,
      kinds: ledger.kinds.slice(0, 4).map((kind) => ({ ...kind, headers: { cookie: 'canary=1' } })),
    },
  ],
  prepare: (stage) => stage.app('ledger', stage.host(6), { port: 8085, rules: ledger.slips }),
  play: (stage) => stage.at(34),
  label: (seen) =>
    seen.status === 502 && seen.peers.length === 0 ? label('misconfiguration/resolver_missing') : undefined,
};

const noPrefix: Scenario = {
  name: 'map-without-a-default',
  description:
    'The backend is looked up by the tenant of the path; tenants that were never entered give an empty name (500).',
  topology: 'nginx -> http://$backend by map: amber, birch, cobalt -> 10.9.2.6:8600, nothing else',
  network: '10.9.2',
  host: meters.host,
  text: 'ingress',
  json: 'variables',
  baseline: false,
  http: http(
    'map $uri $backend {\n    ~^/ingest/(delta|ember) "";\n    default http://10.9.2.6:8600;\n}',
    server(meters.host, location('/', 'proxy_pass $backend;', forwarded)),
  ),
  traffic: [{ from: 0, to: 32, rate: 16, kinds: meters.kinds }],
  prepare: (stage) => stage.app('meters', stage.host(6), { port: 8600, rules: meters.slips }),
  play: (stage) => stage.at(32),
  label: (seen) =>
    seen.status === 500 && /^\/ingest\/(delta|ember)/.test(seen.path)
      ? label('misconfiguration/invalid_upstream')
      : undefined,
};

export const addresses: readonly Scenario[] = [wrongPort, localhost, typo, noResolver, noPrefix];

import { forwarded, http, location, server, upstream } from '../conf.ts';
import { label, type Scenario } from '../scenario.ts';
import { clinic, forum, ledger, media, meters } from '../sites.ts';

const resolver = label('dns_unpropagated/resolver_failure');

/** Two services by variable, so that names are looked up while nginx runs. */
function looked(host: string, settings: string, services: Readonly<Record<string, string>>): string {
  const locations = Object.entries(services).map(([path, target]) =>
    location(path, `set $target ${target};`, 'proxy_pass http://$target;', forwarded),
  );
  return http(settings, server(host, ...locations));
}

const notFound: Scenario = {
  name: 'record-deleted-by-mistake',
  description:
    'The record of one of two services is deleted from the zone by mistake and comes back later. The other service is looked up as before.',
  topology: 'nginx -> resolver 10.17.0.53 valid=3s -> search.prod.example and web.prod.example by variable',
  network: '10.17.0',
  host: forum.host,
  text: 'combinedLists',
  json: 'recommended',
  http: looked(forum.host, 'resolver 10.17.0.53 valid=3s ipv6=off;', {
    '/search': 'search.prod.example:7700',
    '/': 'web.prod.example:8080',
  }),
  traffic: [
    {
      from: 0,
      to: 40,
      rate: 17,
      kinds: forum.kinds.map((kind) =>
        kind.path.startsWith('/search') ? { ...kind, weight: kind.weight * 3 } : kind,
      ),
    },
  ],
  async prepare(stage) {
    await stage.names(stage.host(53), {
      'search.prod.example': { a: ['10.17.0.4'] },
      'web.prod.example': { a: ['10.17.0.5'] },
    });
    await stage.app('search', stage.host(4), { port: 7700 });
    await stage.app('web', stage.host(5), { port: 8080, rules: forum.slips });
  },
  async play(stage) {
    await stage.at(12);
    stage.phase('fault');
    stage.the('names').tell({ 'web.prod.example': { a: ['10.17.0.5'] } });
    await stage.at(26);
    stage
      .the('names')
      .tell({ 'search.prod.example': { a: ['10.17.0.4'] }, 'web.prod.example': { a: ['10.17.0.5'] } });
    stage.phase('recovery');
  },
  label: (seen) =>
    seen.status === 502 && seen.path.startsWith('/search') && seen.peers.length === 0
      ? label('dns_unpropagated/name_not_found')
      : undefined,
};

const failing: Scenario = {
  name: 'resolver-says-server-failure',
  description: 'The resolver answers SERVFAIL for every name for twelve seconds.',
  topology:
    'nginx -> resolver 10.17.1.2 valid=2s -> accounts.core.example, transfers.core.example by variable',
  network: '10.17.1',
  host: ledger.host,
  text: 'mainTimes',
  json: 'local',
  zone: 'America/New_York',
  errorLevel: 'info',
  http: looked(ledger.host, 'resolver 10.17.1.2 valid=2s ipv6=off;', {
    '/transfers': 'transfers.core.example:81',
    '/': 'accounts.core.example:81',
  }),
  traffic: [{ from: 0, to: 38, rate: 15, kinds: ledger.kinds }],
  async prepare(stage) {
    await stage.names(stage.host(2), core);
    await stage.app('transfers', stage.host(4), { port: 81, rules: ledger.slips });
    await stage.app('accounts', stage.host(5), { port: 81, rules: ledger.slips });
  },
  async play(stage) {
    await stage.at(13);
    stage.phase('fault');
    stage.the('names').tell({ '*': { code: 2 } });
    await stage.at(25);
    stage.the('names').tell(core);
    stage.phase('recovery');
  },
  label: (seen) =>
    [502, 499].includes(seen.status) && seen.phase !== 'baseline' && seen.peers.length === 0
      ? resolver
      : undefined,
};

const core = {
  'transfers.core.example': { a: ['10.17.1.4'] },
  'accounts.core.example': { a: ['10.17.1.5'] },
};

const silent: Scenario = {
  name: 'resolver-does-not-answer',
  description:
    'The resolver takes queries and does not answer for fourteen seconds; nginx waits four seconds for it. Some clients leave earlier.',
  topology: 'nginx -> resolver 10.17.2.8 valid=2s, resolver_timeout 4s -> feed.internal.example by variable',
  network: '10.17.2',
  host: media.host,
  text: 'ingress',
  json: 'variables',
  http: looked(media.host, 'resolver 10.17.2.8 valid=2s ipv6=off;\nresolver_timeout 4s;', {
    '/': 'feed.internal.example:8080',
  }),
  traffic: [
    {
      from: 0,
      to: 40,
      rate: 9,
      kinds: [...media.kinds, { weight: 6, path: '/v2/feed?cursor={id}', patience_ms: [2500, 3500] }],
    },
  ],
  async prepare(stage) {
    await stage.names(stage.host(8), { 'feed.internal.example': { a: ['10.17.2.9'] } });
    await stage.app('feed', stage.host(9), { port: 8080, rules: media.slips });
  },
  async play(stage) {
    await stage.at(12);
    stage.phase('fault');
    stage.the('names').tell({ '*': { silent: true } });
    await stage.at(26);
    stage.the('names').tell({ 'feed.internal.example': { a: ['10.17.2.9'] } });
    stage.phase('recovery');
  },
  label: (seen) =>
    [502, 499].includes(seen.status) && seen.phase !== 'baseline' && seen.peers.length === 0
      ? resolver
      : undefined,
};

const moved: Scenario = {
  name: 'service-moved-to-another-host',
  description:
    'The name of the service is looked up once, at the start of nginx. The service moves to another host and its old host is switched off; nginx goes on asking the old address until someone reloads it.',
  topology: 'nginx -> upstream server booking.svc.example:8300 (10.17.3.20, later 10.17.3.21)',
  network: '10.17.3',
  host: clinic.host,
  text: 'longNames',
  json: 'variables',
  zone: 'Asia/Kolkata',
  http: http(
    upstream('booking', 'server booking.svc.example:8300;', 'keepalive 4;'),
    server(clinic.host, location('/', 'proxy_pass http://booking;', 'proxy_connect_timeout 10s;', forwarded)),
  ),
  traffic: [{ from: 0, to: 40, rate: 13, kinds: clinic.kinds }],
  async prepare(stage) {
    stage.nginx.hosts('10.17.3.20 booking.svc.example');
    await stage.app('old', stage.host(20), { port: 8300, rules: clinic.slips });
    await stage.app('new', stage.host(21), { port: 8300, rules: clinic.slips });
  },
  async play(stage) {
    await stage.at(13);
    stage.phase('fault');
    stage.nginx.hosts('10.17.3.21 booking.svc.example');
    await stage.the('old').stop('SIGTERM');
    await stage.at(17);
    stage.run(stage.proxy, 'ip link set v20 down');
    await stage.at(28);
    await stage.nginx.reload();
    stage.phase('recovery');
  },
  label: (seen) =>
    [502, 504, 499].includes(seen.status) &&
    seen.peers.at(-1) === '10.17.3.20:8300' &&
    seen.phase !== 'baseline'
      ? label(
          'dns_unpropagated/stale_address',
          'upstream_fault/process_down',
          'network/host_unreachable',
          'upstream_fault/deploy_drain',
          ...(seen.status === 502 ? [] : ['network/connect_timeout']),
        )
      : undefined,
};

const inconsistent: Scenario = {
  name: 'one-of-three-records-is-old',
  description:
    'The name has three addresses since a change of the zone, one of which is of a host that was given up for another use and refuses. nginx takes the addresses in turn and does not repeat.',
  topology:
    'nginx -> resolver 10.17.4.53 -> collect.example by variable: 10.17.4.11, .12 and (from 12 s on) .13; proxy_next_upstream off',
  network: '10.17.4',
  host: meters.host,
  text: 'combinedLists',
  json: 'recommended',
  http: http(
    'resolver 10.17.4.53 valid=1s ipv6=off;',
    server(
      meters.host,
      location(
        '/',
        'set $target collect.example:4318;',
        'proxy_pass http://$target;',
        'proxy_next_upstream off;',
        forwarded,
      ),
    ),
  ),
  traffic: [{ from: 0, to: 40, rate: 18, kinds: meters.kinds }],
  async prepare(stage) {
    stage.host(13);
    await stage.names(stage.host(53), { 'collect.example': { a: ['10.17.4.11', '10.17.4.12'] } });
    await stage.app('one', stage.host(11), { port: 4318, rules: meters.slips });
    await stage.app('two', stage.host(12), { port: 4318, rules: meters.slips });
  },
  async play(stage) {
    await stage.at(12);
    stage.phase('fault');
    stage
      .the('names')
      .tell({ 'collect.example': { a: ['10.17.4.11', '10.17.4.12', '10.17.4.13'], rotate: true } });
    await stage.at(32);
    stage.the('names').tell({ 'collect.example': { a: ['10.17.4.11', '10.17.4.12'] } });
    stage.phase('recovery');
  },
  label: (seen) =>
    seen.status === 502 && seen.peers.at(-1) === '10.17.4.13:4318'
      ? label(
          'dns_unpropagated/inconsistent_answers',
          'dns_unpropagated/stale_address',
          'misconfiguration/wrong_address',
        )
      : undefined,
};

export const names: readonly Scenario[] = [notFound, failing, silent, moved, inconsistent];

import { forwarded, http, kept, location, server, upstream } from '../conf.ts';
import { label, type Scenario, type Seen } from '../scenario.ts';
import { clinic, forum, ledger, media, meters } from '../sites.ts';
import type { Stage } from '../stage.ts';

const blocked = (...more: readonly string[]) => label('misconfiguration/access_blocked', ...more);
const gateway = [502, 504, 499];

function filter(hook: string, rule: string): string {
  return `nft 'add table inet f; add chain inet f c { type filter hook ${hook} priority 0; }; add rule inet f c ${rule}'`;
}

function lastIs(seen: Seen, peer: string): boolean {
  return seen.peers.at(-1) === peer;
}

/** Peers on hosts with these last octets. */
function apps(stage: Stage, octets: readonly number[], port: number, options: object = {}) {
  return Promise.all(octets.map((n) => stage.app(`app${n}`, stage.host(n), { port, ...options })));
}

const unreachable: Scenario = {
  name: 'host-of-one-of-three-peers-gone',
  description:
    'The host of one of three peers drops off the network for fifteen seconds: no answer to ARP, no route after three seconds.',
  topology: 'nginx -> 10.201.0.4-6:8080, max_fails=0, proxy_next_upstream off, no kept connections',
  network: '10.201.0',
  host: media.host,
  text: 'ltsv',
  json: 'local',
  http: http(
    upstream(
      'media',
      [4, 5, 6].map((n) => `server 10.201.0.${n}:8080 max_fails=0;`),
    ),
    server(media.host, location('/', 'proxy_pass http://media;', 'proxy_next_upstream off;', forwarded)),
  ),
  traffic: [{ from: 0, to: 42, rate: 18, kinds: media.kinds }],
  prepare: (stage) => apps(stage, [4, 5, 6], 8080, { rules: media.slips }),
  async play(stage) {
    await stage.at(13);
    stage.phase('fault');
    stage.run(stage.proxy, 'ip link set v5 down && ip neigh flush dev br0');
    await stage.at(28);
    stage.run(stage.proxy, 'ip link set v5 up');
    stage.phase('recovery');
  },
  label: (seen) =>
    gateway.includes(seen.status) && seen.phase !== 'baseline' && lastIs(seen, '10.201.0.5:8080')
      ? label(
          'network/host_unreachable',
          'misconfiguration/access_blocked',
          ...(seen.status === 502 ? [] : ['network/connect_timeout']),
        )
      : undefined,
};

const dropped: Scenario = {
  name: 'packets-to-the-only-peer-are-lost',
  description:
    'A fault on the way loses every packet to the only peer for thirteen seconds: connections time out after four seconds, open requests after eight.',
  topology: 'nginx -> 10.202.0.9:8888, keepalive, proxy_connect_timeout 4s, proxy_read_timeout 8s',
  network: '10.202.0',
  host: clinic.host,
  text: 'combinedLists',
  json: 'recommended',
  zone: 'America/New_York',
  errorLevel: 'warn',
  http: http(
    upstream('slots', 'server 10.202.0.9:8888;', 'keepalive 4;'),
    server(
      clinic.host,
      location(
        '/',
        'proxy_pass http://slots;',
        'proxy_connect_timeout 4s;',
        'proxy_read_timeout 8s;',
        kept,
        forwarded,
      ),
    ),
  ),
  traffic: [{ from: 0, to: 40, rate: 10, kinds: clinic.kinds }],
  prepare: (stage) => apps(stage, [9], 8888, { rules: clinic.slips }),
  async play(stage) {
    await stage.at(12);
    stage.phase('fault');
    stage.run(stage.host(9), filter('input', 'tcp dport 8888 drop'));
    await stage.at(25);
    stage.run(stage.host(9), 'nft flush ruleset');
    stage.phase('recovery');
  },
  label: (seen) =>
    gateway.includes(seen.status) && seen.phase !== 'baseline'
      ? label('network/connect_timeout', 'misconfiguration/access_blocked', 'network/host_unreachable')
      : undefined,
};

const prohibited: Scenario = {
  name: 'firewall-change-prohibits-the-proxy',
  description:
    'A change of a firewall in front of both peers rejects the proxy (ICMP, administratively prohibited); it is taken back. The peers run all along.',
  topology: 'nginx -> 10.203.0.2-3:9443, default max_fails',
  network: '10.203.0',
  host: ledger.host,
  text: 'mainTimes',
  json: 'variables',
  http: http(
    upstream('ledger', 'server 10.203.0.2:9443;', 'server 10.203.0.3:9443;'),
    server(ledger.host, location('/', 'proxy_pass http://ledger;', forwarded)),
  ),
  traffic: [{ from: 0, to: 40, rate: 13, kinds: ledger.kinds }],
  prepare: (stage) => apps(stage, [2, 3], 9443, { rules: ledger.slips }),
  async play(stage) {
    await stage.at(13);
    stage.phase('fault');
    for (const n of [2, 3]) {
      stage.run(stage.host(n), filter('input', 'tcp dport 9443 reject with icmp type admin-prohibited'));
    }
    await stage.at(25);
    for (const n of [2, 3]) stage.run(stage.host(n), 'nft flush ruleset');
    stage.phase('recovery');
  },
  label: (seen) =>
    gateway.includes(seen.status) && seen.phase !== 'baseline'
      ? blocked('network/host_unreachable')
      : undefined,
};

const rejected: Scenario = {
  name: 'new-port-not-open-for-the-proxy',
  description:
    'A new service on its own port: the firewall of its host answers the proxy with a reset, since nobody opened the port. The service itself runs and answers its neighbours. It has never worked from here.',
  topology: 'nginx -> 10.204.0.5:8080; /search -> 10.204.0.6:9200 (rejected)',
  network: '10.204.0',
  host: forum.host,
  text: 'ltsv',
  json: 'recommended',
  baseline: false,
  http: http(
    server(
      forum.host,
      location('/search', 'proxy_pass http://10.204.0.6:9200;', forwarded),
      location('/', 'proxy_pass http://10.204.0.5:8080;', forwarded),
    ),
  ),
  traffic: [{ from: 0, to: 34, rate: 16, kinds: forum.kinds }],
  async prepare(stage) {
    await stage.app('web', stage.host(5), { port: 8080, rules: forum.slips });
    await stage.app('search', stage.host(6), { port: 9200 });
    stage.run(stage.host(6), filter('input', 'tcp dport 9200 reject with tcp reset'));
  },
  play: (stage) => stage.at(34),
  label: (seen) =>
    seen.status === 502 && seen.path.startsWith('/search')
      ? blocked('misconfiguration/wrong_address', 'upstream_fault/process_down')
      : undefined,
};

const resets: Scenario = {
  name: 'middlebox-resets-now-and-then',
  description:
    'A box on the way resets one packet in twenty-four of established connections, whatever peer, route or age.',
  topology: 'nginx -> 10.205.0.21-23:8080, keepalive, max_fails=0, proxy_next_upstream off',
  network: '10.205.0',
  host: meters.host,
  text: 'longNames',
  json: 'local',
  zone: 'Asia/Kolkata',
  http: http(
    upstream(
      'meters',
      [21, 22, 23].map((n) => `server 10.205.0.${n}:8080 max_fails=0;`),
      'keepalive 16;',
    ),
    server(
      meters.host,
      location('/', 'proxy_pass http://meters;', 'proxy_next_upstream off;', kept, forwarded),
    ),
  ),
  traffic: [{ from: 0, to: 42, rate: 26, kinds: meters.kinds }],
  prepare: (stage) => apps(stage, [21, 22, 23], 8080, { rules: meters.slips, median_ms: 45 }),
  async play(stage) {
    await stage.at(11);
    stage.phase('fault');
    for (const n of [21, 22, 23]) {
      stage.run(
        stage.host(n),
        filter('input', 'tcp dport 8080 ct state established numgen random mod 24 0 reject with tcp reset'),
      );
    }
    await stage.at(36);
    for (const n of [21, 22, 23]) stage.run(stage.host(n), 'nft flush ruleset');
    stage.phase('recovery');
  },
  label: (seen) =>
    (gateway.includes(seen.status) || seen.broken) && seen.phase !== 'baseline'
      ? label('network/reset_in_transit', 'misconfiguration/keepalive_mismatch')
      : undefined,
};

const forgets: Scenario = {
  name: 'firewall-forgets-idle-connections',
  description:
    'A stateful firewall forgets connections that were idle for five seconds and resets what comes on them later. Pooled connections that waited longer than that fail on their next request, which is not repeated.',
  topology: 'nginx -> firewall with an idle timer of 5 s -> 10.206.0.7:8080, keepalive 60 s on both sides',
  network: '10.206.0',
  host: ledger.host,
  text: 'combinedLists',
  json: 'recommended',
  baseline: false,
  http: http(
    upstream('ledger', 'server 10.206.0.7:8080;', 'keepalive 32;'),
    server(
      ledger.host,
      location('/', 'proxy_pass http://ledger;', 'proxy_next_upstream off;', kept, forwarded),
    ),
  ),
  traffic: [
    { from: 0, to: 46, rate: 75, kinds: ledger.kinds, pulse: { on: 0.8, off: 6.5 } },
    { from: 0, to: 46, rate: 0.8, kinds: ledger.kinds },
  ],
  async prepare(stage) {
    await stage.app('ledger', stage.host(7), { port: 8080, rules: ledger.slips, median_ms: 130 });
    stage.run(
      stage.host(7),
      [
        'sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_established=5 net.netfilter.nf_conntrack_tcp_loose=0',
        filter('input', 'tcp dport 8080 ct state new tcp flags & (syn|ack) != syn reject with tcp reset'),
        "nft 'add rule inet f c tcp dport 8080 ct state invalid reject with tcp reset'",
      ].join(' && '),
    );
  },
  play: (stage) => stage.at(46),
  label: (seen) =>
    seen.status === 502
      ? label('network/reset_in_transit', 'misconfiguration/keepalive_mismatch')
      : undefined,
};

export const network: readonly Scenario[] = [unreachable, dropped, prohibited, rejected, resets, forgets];

import { Authority } from '../certificates.ts';
import { forwarded, http, location, server, upstream } from '../conf.ts';
import { label, type Scenario } from '../scenario.ts';
import { clinic, forum, ledger, media } from '../sites.ts';

const handshake = label('misconfiguration/tls_handshake');

const certificate = label('misconfiguration/certificate_invalid', 'misconfiguration/tls_handshake');

/** The process is away for a moment while it is given other settings. */
const restarting = label(
  'upstream_fault/process_down',
  'upstream_fault/deploy_drain',
  'upstream_fault/crash_mid_response',
);

const sni: Scenario = {
  name: 'no-name-in-the-handshake',
  description:
    'A service moves behind a gateway that refuses handshakes without a server name; nginx sends none (proxy_ssl_server_name is off by default). It ends when it is switched on.',
  topology: 'nginx -> https://10.6.8.4:8443, later https://10.6.8.5:443 (nginx with ssl_reject_handshake)',
  network: '10.6.8',
  host: media.host,
  text: 'combinedLists',
  json: 'local',
  http: secured('10.6.8.4:8443', ''),
  traffic: [{ from: 0, to: 38, rate: 15, kinds: media.kinds }],
  async prepare(stage) {
    const identity = new Authority(stage).identity('media.internal');
    await stage.app('before', stage.host(4), { port: 8443, rules: media.slips, tls: { ...identity } });
    await stage.app('behind', stage.host(5), { port: 8080, rules: media.slips });
    const tls = `ssl_certificate ${identity.cert};\nssl_certificate_key ${identity.key};\n`;
    await stage.gateway(
      'edge',
      stage.host(5),
      `server { listen 443 ssl default_server; ssl_reject_handshake on; }
server { listen 443 ssl; server_name media.internal ${media.host}; ${tls} location / { proxy_pass http://10.6.8.5:8080; proxy_set_header X-Lab $http_x_lab; } }`,
    );
  },
  async play(stage) {
    await stage.at(13);
    await stage.nginx.reload(secured('10.6.8.5:443', ''));
    stage.phase('fault');
    await stage.at(26);
    await stage.nginx.reload(secured('10.6.8.5:443', 'proxy_ssl_server_name on;'));
    stage.phase('recovery');
  },
  label: (seen) => (seen.status === 502 && seen.peers.at(-1) === '10.6.8.5:443' ? handshake : undefined),
};

function secured(peer: string, more: string): string {
  return http(
    upstream('media_tls', `server ${peer};`),
    server(
      media.host,
      location(
        '/',
        'proxy_pass https://media_tls;',
        'proxy_ssl_name media.internal;',
        ...(more === '' ? [] : [more]),
        forwarded,
      ),
    ),
  );
}

const versions: Scenario = {
  name: 'tls-1-3-only-on-one-of-two-peers',
  description:
    'One of two peers is hardened to TLS 1.3 only; nginx is set to TLS 1.2. Its requests are repeated on the other peer only if that is still allowed; here it is not.',
  topology:
    'nginx -> https://10.6.9.1x:8443, two peers, max_fails=0, proxy_next_upstream off, proxy_ssl_protocols TLSv1.2',
  network: '10.6.9',
  host: ledger.host,
  text: 'ltsv',
  json: 'recommended',
  zone: 'Asia/Kolkata',
  http: http(
    upstream('ledger_tls', 'server 10.6.9.11:8443 max_fails=0;', 'server 10.6.9.12:8443 max_fails=0;'),
    server(
      ledger.host,
      location(
        '/',
        'proxy_pass https://ledger_tls;',
        'proxy_ssl_protocols TLSv1.2;',
        'proxy_next_upstream off;',
        forwarded,
      ),
    ),
  ),
  traffic: [{ from: 0, to: 36, rate: 14, kinds: ledger.kinds }],
  async prepare(stage) {
    const identity = new Authority(stage).identity('ledger.internal');
    stage.kit = { ...identity };
    await stage.app('one', stage.host(11), { port: 8443, rules: ledger.slips, tls: stage.kit });
    await stage.app('two', stage.host(12), { port: 8443, rules: ledger.slips, tls: stage.kit });
  },
  async play(stage) {
    await stage.at(12);
    await stage.the('two').stop();
    await stage.app('two', stage.host(12), {
      port: 8443,
      rules: ledger.slips,
      tls: { ...stage.kit, minVersion: 'TLSv1.3' },
    });
    stage.phase('fault');
    await stage.at(27);
    stage.phase('recovery');
    await stage.the('two').stop();
    await stage.app('two', stage.host(12), { port: 8443, rules: ledger.slips, tls: stage.kit });
  },
  label(seen) {
    if (seen.status !== 502 || seen.peers.at(-1) !== '10.6.9.12:8443') return undefined;
    return seen.phase === 'fault' ? handshake : restarting;
  },
};

const expiry: Scenario = {
  name: 'certificate-expires-in-service',
  description:
    'The certificate of the only peer expires while it serves; nginx verifies it on every connection. The certificate is renewed.',
  topology: 'nginx -> https://10.6.10.8:6443, proxy_ssl_verify on, proxy_ssl_session_reuse off',
  network: '10.6.10',
  host: clinic.host,
  text: 'longNames',
  json: 'variables',
  errorLevel: 'warn',
  http: http(
    server(
      clinic.host,
      location(
        '/',
        'proxy_pass https://10.6.10.8:6443;',
        'proxy_ssl_verify on;',
        'proxy_ssl_trusted_certificate /etc/nginx/tls/ca.pem;',
        'proxy_ssl_name termine.internal;',
        'proxy_ssl_session_reuse off;',
        forwarded,
      ),
    ),
  ),
  traffic: [{ from: 0, to: 38, rate: 14, kinds: clinic.kinds }],
  async prepare(stage) {
    const authority = new Authority(stage);
    const until = new Date(Date.now() + 17_000);
    stage.kit = { ...authority.identity('termine.internal', until) };
    await stage.app('tls', stage.host(8), { port: 6443, rules: clinic.slips, tls: stage.kit });
    stage.kit = { ...authority.identity('termine.internal'), until };
  },
  async play(stage) {
    const until = stage.kit.until as Date;
    await stage.at((until.getTime() - stage.started) / 1000);
    stage.phase('fault');
    await stage.at(28);
    stage.phase('recovery');
    await stage.the('tls').stop();
    await stage.app('tls', stage.host(8), { port: 6443, rules: clinic.slips, tls: stage.kit });
  },
  label(seen) {
    if (seen.status !== 502) return undefined;
    return seen.phase === 'recovery' ? restarting : certificate;
  },
};

const otherName: Scenario = {
  name: 'certificate-for-another-name',
  description:
    'After a renewal one of three peers has a certificate for another name. nginx verifies; what fails there is repeated and, most of the time, masked.',
  topology:
    'nginx -> https, three peers 10.6.11.2-4:8444, proxy_ssl_verify on, max_fails=0; POST and GET repeated',
  network: '10.6.11',
  host: forum.host,
  text: 'combinedLists',
  json: 'recommended',
  http: http(
    upstream(
      'forum_tls',
      [2, 3, 4].map((n) => `server 10.6.11.${n}:8444 max_fails=0;`),
    ),
    server(
      forum.host,
      location(
        '/',
        'proxy_pass https://forum_tls;',
        'proxy_ssl_verify on;',
        'proxy_ssl_trusted_certificate /etc/nginx/tls/ca.pem;',
        'proxy_ssl_name forum.internal;',
        forwarded,
      ),
      location(
        '/search',
        'proxy_pass https://forum_tls;',
        'proxy_next_upstream off;',
        'proxy_ssl_verify on;',
        'proxy_ssl_trusted_certificate /etc/nginx/tls/ca.pem;',
        'proxy_ssl_name forum.internal;',
        forwarded,
      ),
      location('/static/', 'root /var/www/html;'),
    ),
  ),
  traffic: [
    {
      from: 0,
      to: 36,
      rate: 20,
      kinds: forum.kinds.map((kind) => (kind.path === '/search?q={word}' ? { ...kind, weight: 14 } : kind)),
    },
  ],
  async prepare(stage) {
    const authority = new Authority(stage);
    const identity = authority.identity('forum.internal');
    stage.kit = { ...authority.identity('mail.internal') };
    await Promise.all(
      [2, 3, 4].map((n) =>
        stage.app(`tls${n}`, stage.host(n), { port: 8444, rules: forum.slips, tls: { ...identity } }),
      ),
    );
  },
  async play(stage) {
    await stage.at(12);
    await stage.the('tls3').stop();
    await stage.app('tls3', stage.host(3), { port: 8444, rules: forum.slips, tls: stage.kit });
    stage.phase('fault');
  },
  label: (seen) =>
    seen.status === 502 && seen.peers.at(-1) === '10.6.11.3:8444'
      ? seen.phase === 'baseline'
        ? label(
            'upstream_fault/process_down',
            'upstream_fault/deploy_drain',
            'upstream_fault/crash_mid_response',
          )
        : certificate
      : undefined,
};

export const tls: readonly Scenario[] = [sni, versions, expiry, otherName];

import { forwarded, http, location, server, upstream } from '../conf.ts';
import { label, type Scenario } from '../scenario.ts';
import { forum, meters } from '../sites.ts';

const phpSocket: Scenario = {
  name: 'socket-of-the-php-before-the-upgrade',
  description:
    'After an upgrade the pool listens on a socket with another version in its name; nginx still has the old path for /admin/, which was moved to the new pool.',
  topology: 'nginx -> fastcgi unix:/run/php8.1.sock; /admin/ -> fastcgi unix:/run/php7.4.sock (missing)',
  network: '10.0.91',
  host: forum.host,
  text: 'combinedLists',
  json: 'local',
  zone: 'America/New_York',
  http: php('8.1'),
  traffic: [
    { from: 0, to: 36, rate: 15, kinds: forum.kinds },
    {
      from: 0,
      to: 36,
      rate: 2,
      kinds: [
        { weight: 3, path: '/admin/posts/{id}' },
        { weight: 1, method: 'POST', path: '/admin/bans', body: 80 },
      ],
    },
  ],
  prepare: (stage) =>
    stage.workers('php', stage.proxy, { path: '/run/php8.1.sock', protocol: 'fastcgi', workers: 6 }),
  async play(stage) {
    await stage.at(12);
    await stage.nginx.reload(php('7.4'));
    stage.phase('fault');
    await stage.at(27);
    await stage.nginx.reload(php('8.1'));
    stage.phase('recovery');
  },
  label: (seen) =>
    seen.status === 502 && seen.path.startsWith('/admin')
      ? label('misconfiguration/socket_missing')
      : undefined,
};

function php(admin: string): string {
  return http(
    server(
      forum.host,
      'include fastcgi_params;',
      location('/admin/', `fastcgi_pass unix:/run/php${admin}.sock;`),
      location('/', 'fastcgi_pass unix:/run/php8.1.sock;'),
    ),
  );
}

const permission: Scenario = {
  name: 'socket-made-anew-without-permission',
  description:
    'The process restarts and makes its socket with a mode of 600, which the user of nginx may not write to. Someone repairs the mode.',
  topology: 'nginx (www-data) -> unix:/run/gate.sock of root',
  network: '10.0.92',
  host: meters.host,
  text: 'ltsv',
  json: 'variables',
  zone: 'Asia/Kolkata',
  http: http(
    upstream('gate', 'server unix:/run/gate.sock;'),
    server(meters.host, location('/', 'proxy_pass http://gate;', forwarded)),
  ),
  traffic: [{ from: 0, to: 38, rate: 19, kinds: meters.kinds }],
  prepare: (stage) => stage.workers('gate', stage.proxy, { path: '/run/gate.sock', workers: 8 }),
  async play(stage) {
    await stage.at(14);
    await stage.the('gate').stop();
    await stage.workers('gate', stage.proxy, { path: '/run/gate.sock', workers: 8, mode: '600' });
    stage.phase('fault');
    await stage.at(26);
    stage.run(stage.proxy, `chmod 666 ${stage.folder}/run/gate.sock`);
    stage.phase('recovery');
  },
  label(seen) {
    if (seen.status !== 502) return undefined;
    // The process is away for a moment while it restarts.
    return seen.phase === 'baseline'
      ? label(
          'upstream_fault/process_down',
          'upstream_fault/deploy_drain',
          'upstream_fault/crash_mid_response',
          'misconfiguration/socket_permission',
        )
      : label('misconfiguration/socket_permission');
  },
};

export const sockets: readonly Scenario[] = [phpSocket, permission];

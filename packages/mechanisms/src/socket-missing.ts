import { decibans, type Mechanism, proves, refutes, says, supports } from '@why502/model';
import { access, error, log, steady } from './sample/lines.ts';

/** The unix socket of the upstream is not where the proxy looks for it. */
export const socketMissing: Mechanism = {
  id: 'socket_missing',
  cause: 'misconfiguration',
  title: "There is no file at the path of the upstream's socket",
  summary:
    'The proxy reaches the upstream through a unix socket, and nothing lies at that path. Either the path is wrong, often by the version in it, or the service is not started, or it puts its socket into a /tmp of its own. nginx finds out at once and answers 502.',
  status: 'stable',
  prior: decibans(-12),
  weigh: [
    proves('symptom', says('socket_missing'), 'the kernel said that there is no such file'),
    supports(
      'imprint',
      12,
      (e) => e.phase === 'connecting' && e.status === 502 && (e.after ?? 0) < 100,
      'the connection failed at once',
    ),
    refutes(
      'peer_record',
      12,
      (e) => e.everOk,
      'the socket answered before, so the path is right and the service went away',
    ),
    supports('endpoint', 6, (e) => e.address === 'socket', 'the peer is a unix socket'),
    refutes('endpoint', 30, (e) => e.address !== 'socket', 'the peer is no unix socket'),
  ],
  needs: ['error_log', 'attempts'],
  remedy: [
    {
      where: 'upstream',
      change: 'See where the service listens, and start it if it does not',
      example: 'ss -xlp',
    },
    {
      where: 'nginx',
      change: 'Name that path, and mind versions in it and the private /tmp of systemd services',
      example: 'fastcgi_pass unix:/run/php/php8.3-fpm.sock;',
    },
  ],
  success: 'The file is there as soon as the service runs, and the requests are answered',
  mistakenFor: [
    { id: 'process_down', tell: 'the socket answered before, and the service removed it when it stopped' },
    { id: 'socket_permission', tell: 'the file is there, and nginx may not use it' },
  ],
  references: [
    { title: 'Linux unix(7)', url: 'https://man7.org/linux/man-pages/man7/unix.7.html' },
    {
      title: 'nginx: fastcgi_pass',
      url: 'https://nginx.org/en/docs/http/ngx_http_fastcgi_module.html#fastcgi_pass',
    },
  ],
  cases: () => [
    {
      name: 'a socket that never was there',
      access: access({ status: 502, connect: '-', peer: 'unix:/run/php/php-fpm.sock' }),
      error: error({
        level: 'crit',
        message: 'connect() to unix:/run/php/php-fpm.sock failed (2: No such file or directory)',
        action: 'connecting to upstream',
        scheme: 'fastcgi',
        peer: 'unix:/run/php/php-fpm.sock',
      }),
      expect: { is: 'socket_missing' },
    },
    {
      name: 'a socket whose file is there and that nobody listens on',
      access: access({ status: 502, connect: '-', peer: 'unix:/run/php/php-fpm.sock' }),
      error: error({
        message: 'connect() to unix:/run/php/php-fpm.sock failed (111: Connection refused)',
        action: 'connecting to upstream',
        scheme: 'fastcgi',
        peer: 'unix:/run/php/php-fpm.sock',
      }),
      expect: { is: 'process_down' },
    },
    {
      name: 'the file is there, and nginx may not use it',
      access: access({ status: 502, connect: '-', peer: 'unix:/run/app.sock' }),
      error: error({
        level: 'crit',
        message: 'connect() to unix:/run/app.sock failed (13: Permission denied)',
        action: 'connecting to upstream',
        peer: 'unix:/run/app.sock',
      }),
      expect: { is: 'socket_permission' },
    },
    {
      name: 'a socket that answered before, and that its service removed',
      access: log(
        steady({ from: 0, to: 20, peers: ['unix:/run/app.sock'] }),
        access({ second: 30, path: '/a', status: 502, connect: '-', peer: 'unix:/run/app.sock' }),
      ),
      error: error({
        second: 30,
        path: '/a',
        level: 'crit',
        message: 'connect() to unix:/run/app.sock failed (2: No such file or directory)',
        action: 'connecting to upstream',
        peer: 'unix:/run/app.sock',
      }),
      expect: { is: 'process_down' },
    },
  ],
};

import { decibans, type Mechanism, proves, refutes, says, supports } from '@why502/model';
import { access, error } from './sample/lines.ts';

/** The user of nginx may not use the upstream's unix socket. */
export const socketPermission: Mechanism = {
  id: 'socket_permission',
  cause: 'misconfiguration',
  title: "nginx has no permission for the upstream's socket",
  summary:
    'To connect to a unix socket a process needs the right to write to the file and to pass through every folder above it. The workers of nginx run as a user of their own, and this user lacks it. The service is there and would answer.',
  status: 'stable',
  prior: decibans(-12),
  weigh: [
    proves('symptom', says('socket_permission'), 'the kernel denied nginx the use of the socket'),
    supports(
      'imprint',
      12,
      (e) => e.phase === 'connecting' && e.status === 502 && (e.after ?? 0) < 100,
      'the connection failed at once',
    ),
    refutes('peer_record', 8, (e) => e.everOk, 'nginx has got through to this peer'),
    supports('endpoint', 6, (e) => e.address === 'socket', 'the peer is a unix socket'),
    refutes('endpoint', 30, (e) => e.address !== 'socket', 'the peer is no unix socket'),
  ],
  needs: ['error_log', 'attempts'],
  remedy: [
    {
      where: 'upstream',
      change: 'Let the service give its socket to the user that nginx runs as',
      example: 'listen.owner = www-data\nlisten.group = www-data\nlisten.mode = 0660',
    },
    {
      where: 'host',
      change: 'Look at every folder on the way, and on SELinux at the label of the socket',
      example: 'namei -l /run/app/app.sock',
    },
  ],
  success: 'The workers of nginx connect, and the line is gone from the error log',
  mistakenFor: [
    { id: 'access_blocked', tell: 'the same words about an address and port: SELinux or a local filter' },
    { id: 'socket_missing', tell: 'the file is not there at all' },
  ],
  references: [
    {
      title: 'Linux unix(7): pathname socket ownership',
      url: 'https://man7.org/linux/man-pages/man7/unix.7.html',
    },
    {
      title: 'PHP-FPM: listen.owner, listen.mode',
      url: 'https://www.php.net/manual/en/install.fpm.configuration.php#listen-owner',
    },
  ],
  cases: () => [
    {
      name: 'the socket is there and may not be used',
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
      name: 'connecting to an address is not permitted',
      access: access({ status: 502, connect: '-' }),
      error: error({
        level: 'crit',
        message: 'connect() to 192.0.2.10:9000 failed (13: Permission denied)',
        action: 'connecting to upstream',
      }),
      expect: { is: 'access_blocked' },
    },
  ],
};

import { decibans, type Mechanism, proves, refutes, says, supports } from '@why502/model';
import { access, error, log, steady } from './sample/lines.ts';

/** The proxy itself has no connection, file or local port left. */
export const proxyConnectionLimit: Mechanism = {
  id: 'proxy_connection_limit',
  cause: 'upstream_overload',
  title: 'The proxy has no connections, files or local ports left',
  summary:
    'A request through a proxy takes two connections, and each takes a slot of worker_connections and a file. A connection to a peer also takes a local port, which stays occupied for a minute after it was closed. When one of these runs out nginx answers 500, or 502 for ports, without reaching the peer. All peers and routes suffer alike.',
  status: 'stable',
  prior: decibans(-12),
  weigh: [
    proves(
      'symptom',
      says('proxy_connections_exhausted'),
      'nginx said that its worker_connections are used up',
    ),
    proves('symptom', says('proxy_files_exhausted'), 'the kernel gave nginx no more files'),
    proves('symptom', says('connect_no_local_port'), 'no local port was left for a connection to this peer'),
    supports(
      'imprint',
      6,
      (e) => e.phase === 'none' && e.status === 500,
      '500 without trying a peer: nginx could not go on by itself',
    ),
    supports(
      'imprint',
      8,
      (e) => e.phase === 'connecting' && e.status === 502 && (e.after ?? 0) < 100,
      'the connection failed at once',
    ),
    refutes('load', 5, (e) => e.rateRatio < 1.2, 'there was no more to do than usual'),
  ],
  needs: ['error_log', 'attempts'],
  remedy: [
    {
      where: 'nginx',
      change: 'Keep connections to the upstream open, so that they are used again',
      example: 'upstream app { server app:8080; keepalive 64; }',
    },
    {
      where: 'nginx',
      change: 'Raise connections and files together',
      example: 'worker_rlimit_nofile 65536; events { worker_connections 16384; }',
    },
    {
      where: 'host',
      change: 'For local ports widen the range, or give the upstream more addresses',
      example: 'sysctl -w net.ipv4.ip_local_port_range="1024 65535"',
    },
  ],
  success: 'ss -s on the proxy stays well below the limits at the busiest hour',
  mistakenFor: [
    {
      id: 'wrong_address',
      tell: 'bind() failed instead of connect(): proxy_bind names an address that the proxy does not have',
    },
    { id: 'connection_limit', tell: 'the limit is that of the upstream group, and no peer is free' },
  ],
  references: [
    {
      title: 'nginx: worker_connections',
      url: 'https://nginx.org/en/docs/ngx_core_module.html#worker_connections',
    },
    { title: 'Linux ip(7): ip_local_port_range', url: 'https://man7.org/linux/man-pages/man7/ip.7.html' },
  ],
  cases: () => [
    {
      name: 'no local port is left',
      access: log(steady({ from: 10, to: 20, perSecond: 4 }), access({ status: 502, took: 0, connect: '-' })),
      error: error({
        level: 'crit',
        message: 'connect() to 192.0.2.10:9000 failed (99: Cannot assign requested address)',
        action: 'connecting to upstream',
      }),
      expect: { is: 'proxy_connection_limit' },
    },
    {
      name: 'worker_connections are used up',
      access: access({ status: 500, took: 0, peer: '-' }),
      error: error({
        level: 'alert',
        message: '1024 worker_connections are not enough',
        action: 'connecting to upstream',
      }),
      expect: { is: 'proxy_connection_limit' },
    },
    {
      name: 'the local address to bind to is not one of the proxy',
      access: access({ status: 500, took: 0, peer: '-' }),
      error: error({
        level: 'crit',
        message: 'bind(198.51.100.7) failed (99: Cannot assign requested address)',
        action: 'connecting to upstream',
      }),
      expect: { is: 'wrong_address' },
    },
  ],
};

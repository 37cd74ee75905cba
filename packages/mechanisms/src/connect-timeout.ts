import { decibans, type Mechanism, refutes, says, supports } from '@why502/model';
import { access, error, log, repeat, steady } from './sample/lines.ts';
import { connectTimedOut, headerTimedOut } from './sample/words.ts';

/** Nobody answers the connection attempt until the proxy's timer ends it. */
export const connectTimeout: Mechanism = {
  id: 'connect_timeout',
  cause: 'network',
  title: 'The peer does not answer connection attempts',
  summary:
    'The proxy sent its SYN and heard nothing until proxy_connect_timeout. The way to the peer is cut, or its host is gone, and no router says so. It answered before, and other peers do.',
  status: 'stable',
  prior: decibans(-8),
  weigh: [
    supports('symptom', 20, says('connect_timed_out'), 'the connection attempt timed out'),
    supports(
      'imprint',
      17,
      (e) => e.phase === 'connecting' && e.status === 504,
      'no connection came up until the timer ended the try',
    ),
    refutes(
      'peer_record',
      12,
      (e) => !e.everOk,
      'a peer that never answered is more likely a wrong address or blocked',
    ),
    supports(
      'peer_record',
      9,
      (e) => e.answeredMeanwhile === 0,
      'the peer answered nobody while this connection was tried',
    ),
    refutes(
      'peer_record',
      10,
      (e) => (e.answeredMeanwhile ?? 0) >= 0.6,
      'the peer answered others while this connection was tried',
    ),
    supports(
      'client_left',
      12,
      (e) => e.awaited === 'connection' && (e.after ?? 0) >= 1_000,
      'the client left while the connection did not come up',
    ),
    refutes('slow_connects', 8, (e) => e.share >= 0.3, 'connects to the peer come up, after repeated SYNs'),
  ],
  needs: ['error_log', 'attempts', 'attempt_connect'],
  remedy: [
    {
      where: 'network',
      change:
        'Trace the path from the proxy to this peer, and look for packet loss, a changed route or a filter that drops',
      example: 'nc -vz -w 3 PEER PORT; tcptraceroute PEER PORT',
    },
    {
      where: 'nginx',
      change: 'Lower proxy_connect_timeout, so that another peer is tried sooner',
      example: 'proxy_connect_timeout 2s;',
    },
  ],
  success: 'Connects to the peer come up within milliseconds again',
  mistakenFor: [
    {
      id: 'connection_queue_full',
      tell: 'some connects to the peer work meanwhile, in 1, 2, 3 or more seconds',
    },
    { id: 'access_blocked', tell: 'only this proxy cannot reach the peer' },
    { id: 'host_unreachable', tell: 'a router or the own kernel says that there is no route' },
  ],
  references: [
    {
      title: 'nginx: proxy_connect_timeout',
      url: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_connect_timeout',
    },
  ],
  cases: () => [
    {
      name: 'a peer that answered before is silent to a SYN',
      access: log(
        access({ second: 1, status: 200, took: 0.01 }),
        access({ second: 45, status: 504, took: 5.001, connect: '-' }),
      ),
      error: error({ second: 45, ...connectTimedOut }),
      expect: { is: 'connect_timeout' },
    },
    {
      name: 'the answer times out, not the connection',
      access: access({ second: 45, status: 504, took: 5.001, connect: 0.001 }),
      error: error({ second: 45, ...headerTimedOut }),
      expect: { isNot: 'connect_timeout' },
    },
    {
      name: 'some connections to the peer come up meanwhile, late',
      access: log(
        steady({ from: 0, to: 29, perSecond: 2 }),
        repeat(30, (i) =>
          access({ second: 40 + i, path: '/a', status: 200, took: 1.1, connect: i % 2 === 0 ? 1.03 : 0 }),
        ),
        repeat(4, (i) => access({ second: 50 + 4 * i, path: '/a', status: 504, took: 5.001, connect: '-' })),
      ),
      expect: { is: 'connection_queue_full' },
    },
    {
      name: 'an address that never answered is silent',
      access: access({ second: 75, status: 504, took: 60, connect: '-' }),
      error: error({ second: 75, ...connectTimedOut }),
      expect: { is: 'wrong_address' },
    },
  ],
};

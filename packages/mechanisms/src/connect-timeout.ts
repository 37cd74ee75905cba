import { decibans, type Mechanism, refutes, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { access, error, log, repeat, steady } from './sample/lines.ts';
import { connectTimedOut, headerTimedOut } from './sample/words.ts';
import { isOfThisPlace, outlastsConnecting, waitInVain } from './signs/edge.ts';

/** Nobody answers the connection attempt until the proxy's timer ends it. */
export const connectTimeout: Mechanism = {
  id: 'connect_timeout',
  cause: 'network',
  title: 'The peer does not answer connection attempts',
  summary:
    'The proxy sent its SYN and heard nothing until the timer for connecting ended, which is proxy_connect_timeout for nginx and 10 s for an Application Load Balancer. The way to the peer is cut, or its host is gone, and no router says so. It answered before, and other peers do.',
  status: 'stable',
  prior: decibans(-8),
  weigh: [
    refutes('meanwhile', 10, waitInVain, 'others were connected, and waited for an answer in vain'),
    refutes('addresses', 10, (e) => e.successors > 0, 'another address began to answer in place of this one'),
    supports(
      'timer',
      6,
      outlastsConnecting,
      'no attempt to connect lasts so long: what was connected went silent',
    ),
    supports(
      'place_scope',
      5,
      isOfThisPlace,
      'only the way from this place of the edge to the origin is cut',
    ),
    supports('symptom', 20, says('connect_timed_out'), 'the connection attempt timed out'),
    supports(
      'lone_status',
      25,
      (e) => e.phase === undefined && e.status === 504 && e.source === 'alb',
      'of 504s of load balancers of which nothing else is known, half were connections that never came up',
    ),
    supports(
      'lone_line',
      4,
      (e) => e.source !== 'nginx_error' && e.symptom === 'connect_timed_out',
      'of such failures most were a way that a filter had closed, or that led nowhere',
    ),
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
    refutes('health', 10, (e) => e.failed === 0, 'checks of its health come through'),
    supports(
      'health',
      4,
      (e) => e.failed > 0 && e.symptom === 'health_check_timed_out',
      'checks of its health time out as well',
    ),
    refutes(
      'succession',
      6,
      (e) => !e.returned && e.newcomers > 0,
      'the peer does not answer again, and a new one does',
    ),
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
    {
      name: 'a target of a load balancer falls silent after it answered, and comes back',
      alb: log(
        albSteady({ from: 0, to: 59, targets: ['192.0.2.10:9000', '192.0.2.11:9000'], perSecond: 4 }),
        repeat(8, (i) => alb({ second: 70 + 2 * i, path: '/a', status: 504, took: 10.003 })),
        albSteady({ from: 60, to: 85, targets: ['192.0.2.11:9000'], perSecond: 4 }),
        albSteady({ from: 86, to: 180, targets: ['192.0.2.10:9000', '192.0.2.11:9000'], perSecond: 4 }),
      ),
      expect: { is: 'connect_timeout' },
    },
    {
      name: 'a load balancer waits in vain for its idle timeout, and logs no times',
      alb: log(
        albSteady({ from: 0, to: 120, routes: ['/a', '/b'], perSecond: 4 }),
        alb({ second: 100, path: '/a', status: 504, took: 60.004 }),
      ),
      expect: { isNot: 'connect_timeout' },
    },
    {
      name: 'an origin that answered before is silent to the edge',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29 }),
        repeat(10, (i) => cloudflare({ second: 49 + i, path: '/a', status: 522, took: 19 })),
        cloudflareSteady({ from: 70, to: 90 }),
      ),
      expect: { is: 'connect_timeout' },
    },
    {
      name: 'the edge is connected, and waits for the answer in vain',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29 }),
        cloudflare({ second: 130, path: '/a', status: 524, took: 100 }),
      ),
      expect: { isNot: 'connect_timeout' },
    },
  ],
};

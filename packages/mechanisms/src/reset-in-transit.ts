import { always, decibans, type Mechanism, refutes, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { access, error, log, repeat, steady } from './sample/lines.ts';
import { closed } from './sample/words.ts';
import { isBrokenOff } from './signs/balancer.ts';
import { edgeSays, isUnusable } from './signs/edge.ts';

/** Something between proxy and peer cuts connections. */
export const resetInTransit: Mechanism = {
  id: 'reset_in_transit',
  cause: 'network',
  title: 'Something between proxy and peer cuts connections',
  summary:
    'A firewall, a NAT gateway or a load balancer on the way forgets a connection or resets it, and both ends believe that the other did. It happens in any phase, to any method, over all peers and routes, and it does not come in bursts. Connections that break at one age point at an idle timer of the device between.',
  status: 'stable',
  prior: decibans(-14),
  weigh: [
    supports('symptom', 9, edgeSays('answer_unusable'), 'a connection that is reset on the way ends so'),
    supports(
      'imprint',
      14,
      (e) => isUnusable(e) && e.phase === 'waiting' && (e.connect ?? 0) > 0,
      'a new connection broke before an answer',
    ),
    supports('symptom', 14, says('connect_reset'), 'the connection was reset before it came up'),
    supports('symptom', 20, says('body_reset'), 'the connection was reset in the middle of an answer'),
    supports(
      'symptom',
      9,
      says('reset_before_header', 'send_failed'),
      'the connection was reset before an answer',
    ),
    supports(
      'imprint',
      5,
      (e) => e.phase === 'waiting' && e.status === 502,
      'the connection broke before an answer',
    ),
    supports(
      'peers_scope',
      6,
      (e) => e.failing >= 2 && e.silent === 0,
      'several peers have it at the same time, and all of them answer others',
    ),
    refutes(
      'burst',
      12,
      (e) => e.refusedNear,
      'the peer refused connections within seconds: its process went down',
    ),
    refutes('burst', 5, (e) => e.count >= 3, 'several requests of one peer broke within a second'),
    supports('timer', 5, (e) => e.count >= 4 && e.sharp < 0.5 && e.after > 50, 'they break at any age'),
    refutes('timer', 6, (e) => e.after <= 2, 'it broke at once, as a connection that was closed before does'),
    refutes('fresh_retry_answered', 15, always, 'only the reused connection was broken'),
    refutes('peer_record', 12, (e) => !e.everOk, 'no request to the peer ever came through'),
    refutes(
      'route_scope',
      10,
      (e) => e.failedHere >= 3 && e.failedHere >= e.okHere && e.okElsewhere >= 5,
      'it follows the route',
    ),
    supports('imprint', 10, isBrokenOff, 'the connection broke, or what came was no answer'),
    supports('health', 3, (e) => e.failed === 0, 'checks of its health pass meanwhile'),
    refutes('outage', 6, always, 'no peer of the service answers anybody'),
  ],
  needs: ['error_log', 'attempts', 'attempt_connect', 'attempt_response'],
  remedy: [
    {
      where: 'network',
      change:
        'Look at what stands between, and compare its idle timer with the age at which connections break',
      example: 'tcpdump -ni any "tcp[tcpflags] & tcp-rst != 0 and host PEER"',
    },
    {
      where: 'nginx',
      change: 'Keep quiet connections alive',
      example: 'proxy_socket_keepalive on;  # with net.ipv4.tcp_keepalive_time below that timer',
    },
  ],
  success: 'Both ends see the same end of each connection',
  mistakenFor: [
    { id: 'keepalive_mismatch', tell: 'they break within a millisecond or two, on reused connections only' },
    { id: 'crash_mid_response', tell: 'several requests of one peer break in the same second' },
  ],
  references: [
    {
      title: 'nginx: proxy_socket_keepalive',
      url: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_socket_keepalive',
    },
    { title: 'Linux tcp(7)', url: 'https://man7.org/linux/man-pages/man7/tcp.7.html' },
  ],
  cases: () => [
    {
      name: 'connections to several peers are reset as they come up',
      access: log(
        steady({ from: 0, to: 40, peers: ['192.0.2.10:9000', '192.0.2.11:9000'], perSecond: 4 }),
        repeat(4, (i) =>
          access({
            second: 12 + 3 * i,
            path: '/a',
            status: 502,
            connect: '-',
            took: 0.12,
            peer: `192.0.2.1${i % 2}:9000`,
          }),
        ),
      ),
      error: repeat(4, (i) =>
        error({
          second: 12 + 3 * i,
          connection: 30 + i,
          path: '/a',
          message: 'recv() failed (104: Connection reset by peer)',
          action: 'connecting to upstream',
          peer: `192.0.2.1${i % 2}:9000`,
        }),
      ),
      expect: { is: 'reset_in_transit' },
    },
    {
      name: 'several requests of one peer are closed in the same second',
      access: log(
        steady({ from: 0, to: 14, routes: ['/a', '/b', '/c'], perSecond: 2 }),
        repeat(4, (i) => access({ second: 15, path: `/${'abcd'[i]}`, status: 502, took: 0.3 + i / 5 })),
      ),
      error: repeat(4, (i) => error({ second: 15, connection: 30 + i, path: `/${'abcd'[i]}`, ...closed })),
      expect: { is: 'crash_mid_response' },
    },
    {
      name: 'requests of a load balancer break at any age, on all targets and routes',
      alb: log(
        albSteady({
          from: 0,
          to: 60,
          routes: ['/a', '/b', '/c', '/d'],
          targets: ['192.0.2.10:9000', '192.0.2.11:9000', '192.0.2.12:9000'],
          perSecond: 6,
        }),
        repeat(9, (i) =>
          alb({
            second: 20 + 3 * i,
            path: `/${'abcd'[i % 4]}`,
            status: 502,
            target: `192.0.2.1${i % 3}:9000`,
            took: 0.1 + i / 4,
            times: [0.001, 0.099 + i / 4, -1],
          }),
        ),
      ),
      expect: { is: 'reset_in_transit' },
    },
    {
      name: 'requests of one route of a load balancer break',
      alb: log(
        albSteady({ from: 0, to: 90, routes: ['/a', '/b', '/c'], perSecond: 4 }),
        albSteady({ from: 0, to: 20, routes: ['/hook'] }),
        repeat(12, (i) =>
          alb({ second: 25 + 5 * i, path: '/hook', status: 502, took: 0.08, times: [0.001, 0.079, -1] }),
        ),
      ),
      expect: { isNot: 'reset_in_transit' },
    },
    {
      name: 'connections of an edge that are used again break, one by one',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 200, perSecond: 2, connect: [0, 0] }),
        repeat(4, (i) =>
          cloudflare({ second: 30 + 40 * i, method: 'POST', path: '/a', status: 520, took: 0.012 }),
        ),
      ),
      expect: { isNot: 'reset_in_transit' },
    },
    {
      name: 'new connections of an edge break now and then, at any age',
      cloudflare: log(
        cloudflareSteady({
          from: 0,
          to: 200,
          perSecond: 2,
          connect: [12, 18],
          origins: ['192.0.2.10', '192.0.2.11'],
        }),
        repeat(6, (i) =>
          cloudflare({
            second: 30 + 3 * i,
            path: '/a',
            status: 520,
            took: 0.1 + i * 0.4,
            connect: [12, 18],
            origin: i % 2 === 0 ? '192.0.2.10' : '192.0.2.11',
          }),
        ),
      ),
      expect: { is: 'reset_in_transit' },
    },
  ],
};

import {
  always,
  decibans,
  type FactOf,
  type Mechanism,
  proves,
  refutes,
  says,
  supports,
} from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { conf } from './sample/conf.ts';
import { access, error, log, repeat, steady } from './sample/lines.ts';
import { closed, reset } from './sample/words.ts';
import { isBrokenOffAtOnce } from './signs/balancer.ts';
import { edgeSays, isUnusable } from './signs/edge.ts';

/** An edge is as far from its origins as the round trip takes; a proxy stands beside its peers. */
function isNearby({ source }: FactOf<'timer'>): boolean {
  return source !== 'cloudflare';
}

/** The upstream closed an idle kept-alive connection just as the proxy reused it. */
export const keepaliveMismatch: Mechanism = {
  id: 'keepalive_mismatch',
  cause: 'misconfiguration',
  title: 'The upstream closes idle connections just as the proxy reuses them',
  summary:
    'The proxy keeps connections to the peer open and reuses them. The peer closes them when they are idle for a shorter time than the proxy keeps them, and a request sent in that moment is lost. nginx repeats a GET by itself on a new connection; a POST ends in 502. Failures are single and scattered, at low load, on any route, while the peer answers everything else.',
  status: 'stable',
  prior: decibans(-10),
  weigh: [
    supports(
      'lone_status',
      17,
      (e) => e.phase === undefined && e.status === 502 && e.source === 'nginx',
      'of 502s of which nothing else is known, some are idle connections that were closed',
    ),
    refutes(
      'timer',
      10,
      (e) => !isNearby(e) && e.after > 600,
      'news of a closed connection takes one round trip',
    ),
    supports('symptom', 9, edgeSays('answer_unusable'), 'the connection broke before an answer'),
    supports(
      'imprint',
      12,
      (e) => isUnusable(e) && e.phase === 'waiting' && e.connect === 0,
      'it broke before an answer, on a connection that had been used before',
    ),
    refutes(
      'imprint',
      15,
      (e) => isUnusable(e) && (e.connect ?? 0) > 0,
      'the connection was new, so that nobody had let it lie idle',
    ),
    refutes('imprint', 15, (e) => isUnusable(e) && e.phase === 'answering', 'the origin had begun to answer'),
    proves('fresh_retry_answered', always, 'the same peer answered at once on a new connection'),
    supports(
      'symptom',
      11,
      says('reset_before_header', 'closed_before_header', 'send_failed'),
      'the connection broke before an answer',
    ),
    supports(
      'imprint',
      8,
      (e) =>
        e.source !== 'alb' &&
        e.phase === 'waiting' &&
        e.status === 502 &&
        e.connect === 0 &&
        (e.bytesReceived ?? 0) === 0,
      'it broke before a byte of the answer, on a connection that took no time to come up',
    ),
    refutes(
      'symptom',
      30,
      says('connect_refused', 'connect_timed_out', 'header_timed_out', 'connect_no_route'),
      'no kept-alive connection was at work',
    ),
    supports(
      'repeatable',
      5,
      (e) => !e.repeatable,
      'such a request is not repeated by the proxy, so the race shows',
    ),
    refutes(
      'repeatable',
      6,
      (e) => e.repeatable,
      'such a request would have been repeated on a new connection',
    ),
    supports(
      'peer_record',
      6,
      (e) => e.okNear > 8 * e.failedNear,
      'the peer answers nearly everything meanwhile',
    ),
    refutes('peer_record', 15, (e) => !e.everOk, 'a peer that never answered has nothing kept alive'),
    refutes('peer_record', 8, (e) => e.failedNear > e.okNear, 'the peer fails more than it answers'),
    refutes(
      'burst',
      14,
      (e) => e.refusedNear,
      'the peer refused connections within seconds: its process went down',
    ),
    supports('route_scope', 4, (e) => e.okHere > 2 * e.failedHere, 'the same route works meanwhile'),
    refutes(
      'route_scope',
      12,
      (e) => e.failedHere >= 2 && e.failedHere >= e.okHere,
      'the route fails more often than not',
    ),
    refutes('symptom', 20, (e) => e.scheme === 'uwsgi', 'nginx keeps no connection to uWSGI open'),
    supports(
      'peer_record',
      7,
      (e) => e.okNear > 8 * e.failedNear && (e.silentFor ?? 0) >= 1_500,
      'the peer had been idle before, and answers nearly everything',
    ),
    supports('timer', 4, (e) => e.after <= 2, 'it broke within 2 ms of the request'),
    refutes(
      'timer',
      12,
      (e) => isNearby(e) && e.after > 200,
      'a connection that is closed already breaks sooner',
    ),
    refutes(
      'timer',
      7,
      (e) => isNearby(e) && e.after > 50,
      'a connection that is closed already mostly breaks sooner',
    ),
    refutes(
      'timer',
      3,
      (e) => isNearby(e) && e.after > 10,
      'a connection that is closed already mostly breaks sooner',
    ),
    refutes(
      'lone_line',
      8,
      (e) => e.scheme === 'fastcgi' || e.scheme === 'uwsgi' || e.scheme === 'scgi',
      'nginx keeps no connections of this protocol unless told to',
    ),
    supports(
      'lone_status',
      14,
      (e) => e.source === 'alb' && e.status === 502 && e.phase === 'waiting' && (e.after ?? 0) < 50,
      'of targets that closed at once most had closed an idle connection',
    ),
    supports(
      'lone_status',
      29,
      (e) => e.phase === undefined && e.status === 502 && e.source === 'alb',
      'of 502s of load balancers of which nothing else is known, half were idle connections that the target closed first',
    ),
    supports(
      'lone_line',
      2,
      says('closed_before_header', 'reset_before_header'),
      'it is a common reason of single failures',
    ),
    supports('configured_reuse', 4, (e) => e.reuse, 'connections to the peers are kept and used again'),
    refutes('configured_reuse', 30, (e) => !e.reuse, 'no connection to the peers is used twice'),
    supports(
      'imprint',
      13,
      isBrokenOffAtOnce,
      'the connection broke as soon as the request was with the target',
    ),
    supports(
      'idle_gap',
      9,
      (e) => e.fits,
      'it came exactly as long after an answer of the peer as all failures of its kind did',
    ),
    refutes('idle_gap', 3, (e) => !e.fits, 'it did not come at the distance that others of its kind share'),
    supports('health', 5, (e) => e.failed === 0, 'checks of its health pass meanwhile'),
    refutes('health', 8, (e) => e.failed > e.passed, 'checks of its health fail meanwhile'),
    refutes('outage', 12, always, 'no peer of the service answers anybody'),
  ],
  needs: ['error_log', 'attempts', 'attempt_connect', 'method'],
  remedy: [
    {
      where: 'upstream',
      change:
        'Keep idle connections longer than the proxy does. The evidence names after how long the upstream closes them; nginx and ALB use them for 60 s, Cloudflare for 900 s',
      example: 'server.keepAliveTimeout = 75_000; server.headersTimeout = 76_000 // Node.js, ms',
    },
    {
      where: 'nginx',
      change: 'Or let the proxy give them up sooner',
      example: 'keepalive_timeout 4s; # in the upstream block',
    },
    {
      where: 'load balancer',
      change:
        'Or set its idle timeout, 60 s by default, below the time in the evidence; that ends slow answers as well, so the targets are the better place',
      example:
        'aws elbv2 modify-load-balancer-attributes --load-balancer-arn ARN --attributes Key=idle_timeout.timeout_seconds,Value=4',
    },
  ],
  success: 'The scattered failures stop, also when traffic is thin',
  mistakenFor: [
    {
      id: 'crash_mid_response',
      tell: 'several requests to the peer fail in the same second, and it refuses connections after',
    },
    { id: 'route_bug', tell: 'one route fails nearly always' },
    { id: 'protocol_mismatch', tell: 'no request to the peer ever works' },
  ],
  references: [
    {
      title: 'nginx: keepalive_timeout of upstream blocks',
      url: 'https://nginx.org/en/docs/http/ngx_http_upstream_module.html#keepalive_timeout',
    },
    {
      title: 'Node.js: server.keepAliveTimeout',
      url: 'https://nodejs.org/api/http.html#serverkeepalivetimeout',
    },
    {
      title: 'Application Load Balancers: HTTP 502',
      url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-502-issues',
    },
  ],
  cases: () => [
    {
      name: 'a single POST is reset while the peer answers all others',
      access: log(
        steady({ from: 10, to: 19, method: 'POST', perSecond: 2 }),
        access({ method: 'POST', path: '/a', status: 502 }),
      ),
      error: error({
        ...reset,
        method: 'POST',
        path: '/a',
      }),
      expect: { is: 'keepalive_mismatch' },
    },
    {
      name: 'every request of a peer is reset, always',
      access: log(
        access({ method: 'POST', path: '/a', status: 502, peer: '192.0.2.10:9443' }),
        access({ second: 16, status: 502, peer: '192.0.2.10:9443' }),
      ),
      expect: { isNot: 'keepalive_mismatch' },
    },
    {
      name: 'several requests break in one second under load, which no idle connection does',
      access: log(
        steady({ from: 0, to: 30, routes: ['/a', '/b', '/c'] }),
        steady({ from: 31, to: 50, routes: ['/a', '/b', '/c'], perSecond: 6 }),
        repeat(6, (i) => access({ second: 40, path: `/${'abc'[i % 3]}`, status: 502, took: 0.02 })),
      ),
      error: repeat(6, (i) => error({ second: 40, connection: 30 + i, path: `/${'abc'[i % 3]}`, ...closed })),
      expect: { isNot: 'keepalive_mismatch' },
    },
    {
      name: 'the same peer answered the request at once on a new connection',
      access: log(
        steady({ from: 0, to: 30 }),
        access({
          path: '/a',
          status: 502,
          peer: ['192.0.2.10:9000', '192.0.2.10:9000', '192.0.2.11:9000'],
          upstream: [502, 200, 502],
          connect: [0, 0, '-'],
          header: ['-', 0.02, '-'],
          response: [0.001, 0.02, 0.001],
        }),
      ),
      expect: { is: 'keepalive_mismatch' },
    },
    {
      name: 'a single POST is reset, and no connection is used twice',
      access: log(
        steady({ from: 10, to: 19, method: 'POST', perSecond: 2 }),
        access({ method: 'POST', path: '/a', status: 502 }),
      ),
      error: error({ ...reset, method: 'POST', path: '/a' }),
      configurations: [conf({ pass: 'proxy_pass http://192.0.2.10:9000;' })],
      expect: { isNot: 'keepalive_mismatch' },
    },
    {
      name: 'a single GET is reset, on a kept connection that is not tried again',
      access: log(steady({ from: 10, to: 19, perSecond: 2 }), access({ path: '/a', status: 502 })),
      error: error({ ...reset, path: '/a' }),
      configurations: [
        conf({
          group: 'server 192.0.2.10:9000; keepalive 16;',
          location: 'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_next_upstream off;',
        }),
      ],
      expect: { is: 'keepalive_mismatch' },
    },
    {
      name: 'requests of any method break at different ages, over both peers',
      access: log(
        steady({ from: 0, to: 60, peers: ['192.0.2.10:9000', '192.0.2.11:9000'], perSecond: 4 }),
        repeat(6, (i) =>
          access({
            second: 12 + 5 * i,
            path: '/a',
            status: 502,
            took: 0.4 + i / 3,
            peer: `192.0.2.1${i % 2}:9000`,
          }),
        ),
      ),
      error: repeat(6, (i) =>
        error({
          second: 12 + 5 * i,
          connection: 30 + i,
          path: '/a',
          peer: `192.0.2.1${i % 2}:9000`,
          ...reset,
        }),
      ),
      expect: { is: 'reset_in_transit' },
    },
    {
      name: 'requests of a load balancer break at once while the targets answer all others',
      alb: log(
        albSteady({ from: 0, to: 90, targets: ['192.0.2.10:9000', '192.0.2.11:9000'], perSecond: 4 }),
        repeat(3, (i) =>
          alb({ second: 20 + 20 * i, path: '/a', status: 502, took: 0.001, times: [0, 0.001, -1] }),
        ),
      ),
      expect: { is: 'keepalive_mismatch' },
    },
    {
      name: 'a target of a load balancer breaks off late, and then refuses',
      alb: log(
        albSteady({ from: 0, to: 40, perSecond: 4 }),
        repeat(4, (i) =>
          alb({ second: 41, path: '/a', status: 502, took: 0.3 + i / 10, times: [0, 0.3 + i / 10, -1] }),
        ),
        repeat(6, (i) => alb({ second: 42 + i, path: '/a', status: 502, took: 0.001 })),
        albSteady({ from: 50, to: 90, perSecond: 4 }),
      ),
      expect: { isNot: 'keepalive_mismatch' },
    },
    {
      name: 'single requests of an edge meet a connection that the origin closes',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 200, perSecond: 2, connect: [0, 0] }),
        repeat(4, (i) =>
          cloudflare({ second: 30 + 40 * i, method: 'POST', path: '/a', status: 520, took: 0.012 }),
        ),
      ),
      expect: { is: 'keepalive_mismatch' },
    },
    {
      name: 'new connections of an edge break',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 200, perSecond: 2 }),
        repeat(4, (i) =>
          cloudflare({ second: 30 + 40 * i, path: '/a', status: 520, took: 0.4, connect: [20, 30] }),
        ),
      ),
      expect: { isNot: 'keepalive_mismatch' },
    },
  ],
};

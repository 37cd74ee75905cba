import { decibans, type Mechanism, refutes, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { access, log, repeat, steady } from './sample/lines.ts';
import { isCrowd } from './signs/crowd.ts';
import { cannotConnect } from './signs/edge.ts';

/** Answers come, and with the load they grow slower than the proxy waits. */
export const timeoutUnderLoad: Mechanism = {
  id: 'timeout_under_load',
  cause: 'upstream_overload',
  title: 'With the load answers grow slower than the proxy waits',
  summary:
    'The upstream works on every request, and the more there are the longer each takes: they share processors, disks or a database. Step by step with the rate the answers grow slower, until the first ones pass the timer of the proxy. Routes that are slow anyway go first, and many answers still come.',
  status: 'trial',
  prior: decibans(-10),
  weigh: [
    supports(
      'lone_status',
      20,
      (e) => e.phase === undefined && e.status === 504 && e.source === 'nginx',
      'of 504s of which nothing else is known, some were load',
    ),
    refutes('meanwhile', 12, cannotConnect, 'to others no connection came up, since nobody took it'),
    supports(
      'route_pace',
      18,
      isCrowd,
      'many more of them than usual run into the timer, and the route was quick before',
    ),
    refutes(
      'route_pace',
      6,
      (e) => e.ratio < 1.3,
      'the requests that run into the timer came no more often than usual',
    ),
    supports('symptom', 14, says('header_timed_out'), 'the peer was asked and did not answer in time'),
    supports('symptom', 10, says('send_timed_out'), 'the peer did not take the request in time'),
    supports(
      'imprint',
      11,
      (e) => e.phase === 'waiting' && e.status === 504,
      'the peer was asked and did not answer in time',
    ),
    supports(
      'load',
      12,
      (e) => (e.slowdown ?? 0) >= 2 && e.rateRatio >= 1.3,
      'there are more requests than usual, and what is answered takes twice as long or more',
    ),
    supports(
      'load',
      8,
      (e) => e.slowdown === undefined && e.rateRatio >= 2,
      'there are more requests than usual, and how long they take is not known',
    ),
    supports('load', 6, (e) => (e.slowdown ?? 0) >= 2, 'what is answered takes longer than usual'),
    refutes(
      'load',
      10,
      (e) => e.slowdown !== undefined && e.slowdown < 1.3 && e.rateRatio < 1.3,
      'no more requests than usual, and answers as fast as ever',
    ),
    supports(
      'route_scope',
      8,
      (e) => (e.slowestOkOverFailure ?? 0) >= 0.6 && e.okHere > 2 * e.failedHere,
      'most requests of the route are still answered, some close to the timer',
    ),
    supports(
      'route_scope',
      4,
      (e) => (e.slowestOkOverFailure ?? 0) >= 0.6,
      'answers of the route come up close to the timer',
    ),
    supports(
      'client_left',
      12,
      (e) => e.stuck && (e.after ?? 0) >= 1_000 && (e.awaited ?? 'answer') === 'answer',
      'the client left while other requests ran into the timer',
    ),
    supports(
      'timer',
      3,
      (e) => e.sharp >= 0.8 && e.count >= 5 && e.after >= 1_000,
      'like failures end at the same time: a timer of the proxy',
    ),
    supports('load', 5, (e) => e.routes >= 5 && e.routesFailing >= 0.2, 'several routes fail at once'),
    supports(
      'client_left',
      7,
      (e) => e.stuck && e.after === undefined && e.awaited === undefined,
      'the client left a service that let others wait',
    ),
    refutes(
      'route_scope',
      10,
      (e) => e.failedHere >= 3 && e.okElsewhere >= 10 && e.failedElsewhere * 20 < e.okElsewhere,
      'other routes of the service answer meanwhile',
    ),
    supports(
      'load',
      16,
      (e) => (e.inFlightRatio ?? 0) >= 10 && e.rateRatio >= 1.3 && e.routes >= 5 && e.routesFailing >= 0.2,
      'several routes fail, with more to do than usual and many times as many requests in flight',
    ),
  ],
  needs: ['error_log', 'attempts', 'attempt_header', 'attempt_response', 'duration'],
  remedy: [
    {
      where: 'upstream',
      change:
        'Add capacity where the time goes, or let fewer requests in; a longer timer makes the queue longer',
    },
    {
      where: 'nginx',
      change: 'Shed what is too much early, so that the rest is answered',
      example: 'limit_conn_zone $server_name zone=site:1m; limit_conn site 200;',
    },
  ],
  success: 'At the busiest hour the slowest answers stay well below the timer',
  mistakenFor: [
    { id: 'timeout_too_short', tell: 'the route takes as long when there is little to do' },
    { id: 'worker_exhaustion', tell: 'all routes stop at once, and requests in flight stay on a plateau' },
    { id: 'route_bug', tell: 'one route is never answered, at any rate' },
  ],
  references: [
    {
      title: 'nginx: proxy_read_timeout',
      url: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout',
    },
    {
      title: 'Google SRE: addressing cascading failures',
      url: 'https://sre.google/sre-book/addressing-cascading-failures/',
    },
  ],
  cases: () => [
    {
      name: 'answers slow down with the rate until some pass the timer',
      access: log(
        steady({ from: 0, to: 29, routes: ['/a', '/b', '/c', '/d'], took: 0.2 }),
        steady({ from: 30, to: 49, routes: ['/a', '/b', '/c', '/d'], took: 1.2, perSecond: 2 }),
        steady({ from: 50, to: 69, routes: ['/a', '/b', '/c', '/d'], took: 3.8, perSecond: 4 }),
        repeat(10, (i) =>
          access({ second: 60 + i, path: `/${'abcd'[i % 4]}`, status: 504, took: 5 + (i % 3) / 1_000 }),
        ),
      ),
      expect: { is: 'timeout_under_load' },
    },
    {
      name: 'one route takes as long as ever, with little to do',
      access: log(
        steady({ from: 0, to: 90 }),
        repeat(6, (i) => access({ second: 10 + 12 * i, path: '/report', status: 200, took: 9.2 + i / 10 })),
        repeat(2, (i) => access({ second: 55 + 12 * i, path: '/report', status: 504, took: 10.001 })),
      ),
      expect: { is: 'timeout_too_short' },
    },
    {
      name: 'all routes stop at once, with many requests in flight and no more than usual coming',
      access: log(
        steady({ from: 0, to: 39, routes: ['/a', '/b', '/c', '/d', '/e'], perSecond: 2 }),
        repeat(20, (i) =>
          access({
            second: 50 + (i % 10),
            path: `/${'abcde'[i % 5]}`,
            status: 504,
            took: 10 + (i % 3) / 1_000,
          }),
        ),
      ),
      expect: { is: 'worker_exhaustion' },
    },
    {
      name: 'answers behind a load balancer slow down with the rate until some pass its idle timeout',
      alb: log(
        albSteady({ from: 0, to: 109, routes: ['/a', '/b', '/c', '/d'], took: 0.2, perSecond: 2 }),
        albSteady({ from: 110, to: 119, routes: ['/a', '/b', '/c', '/d'], took: 6, perSecond: 4 }),
        albSteady({ from: 120, to: 160, routes: ['/a', '/b', '/c', '/d'], took: 24, perSecond: 8 }),
        repeat(20, (i) =>
          alb({
            second: 140 + i,
            path: `/${'abcd'[i % 4]}`,
            status: 504,
            took: 30.001,
            times: [0.001, -1, -1],
          }),
        ),
      ),
      expect: { is: 'timeout_under_load' },
    },
    {
      name: 'reports behind a load balancer take longer than its idle timeout, with little to do',
      alb: log(
        albSteady({ from: 0, to: 200, routes: ['/a', '/b', '/c'], perSecond: 2 }),
        repeat(6, (i) => alb({ second: 70 + 20 * i, path: '/report', status: 200, took: 48 + i })),
        repeat(4, (i) =>
          alb({ second: 90 + 20 * i, path: '/report', status: 504, took: 60.002, times: [0.001, -1, -1] }),
        ),
      ),
      expect: { isNot: 'timeout_under_load' },
    },
    {
      name: 'a crowd runs into the limit of the edge, on a route that had been quick',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 199, perSecond: 2, routes: ['/search', '/a', '/c'] }),
        repeat(200, (i) => cloudflare({ second: 200 + i / 10, path: '/search', status: 524, took: 100 })),
        repeat(12, (i) => cloudflare({ second: 150 + 4 * i, path: '/search', status: 200, took: 8 * i + 1 })),
      ),
      expect: { is: 'timeout_under_load' },
    },
    {
      name: 'exports that always take long run into the limit of the edge',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 399, perSecond: 2 }),
        repeat(8, (i) =>
          cloudflare({ second: 100 + 30 * i, path: '/export', status: 200, took: 60 + 4 * i }),
        ),
        repeat(4, (i) => cloudflare({ second: 150 + 60 * i, path: '/export', status: 524, took: 100 })),
      ),
      expect: { isNot: 'timeout_under_load' },
    },
  ],
};

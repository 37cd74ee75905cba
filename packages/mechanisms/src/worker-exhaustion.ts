import { decibans, type Mechanism, refutes, says, supports } from '@why502/model';
import { alb, albHealth, albSteady } from './sample/alb.ts';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { access, log, repeat, steady } from './sample/lines.ts';
import { isCrowd } from './signs/crowd.ts';
import { cannotConnect, edgeSays, isOfThisPlace, waitInVain } from './signs/edge.ts';

/** All workers of the upstream are busy or stuck, so accepted connections wait unread. */
export const workerExhaustion: Mechanism = {
  id: 'worker_exhaustion',
  cause: 'upstream_overload',
  title: 'All workers of the upstream are busy or stuck',
  summary:
    'Connections to the peer come up, since the kernel accepts them, but no worker is free to read the request. It waits until proxy_read_timeout ends it, whatever route it asks for. Requests in flight rise to a plateau, and impatient clients leave before.',
  status: 'stable',
  prior: decibans(-10),
  weigh: [
    refutes('place_scope', 12, isOfThisPlace, 'the other places of the edge are answered'),
    refutes('addresses', 10, (e) => e.successors > 0, 'another address began to answer in place of this one'),
    supports(
      'lone_status',
      18,
      (e) => e.phase === undefined && e.status === 504 && e.source === 'nginx',
      'of 504s of which nothing else is known, some were workers that are all busy',
    ),
    supports(
      'symptom',
      12,
      edgeSays('connect_timed_out'),
      'who is busy takes no more connections in the end',
    ),
    supports('meanwhile', 16, waitInVain, 'others were connected, and waited for an answer in vain'),
    refutes('meanwhile', 12, cannotConnect, 'to others no connection came up, since nobody took it'),
    supports(
      'route_pace',
      6,
      isCrowd,
      'many more of them than usual run into the timer, and the route was quick before',
    ),
    supports(
      'symptom',
      14,
      says('header_timed_out', 'send_timed_out'),
      'the peer was connected and did not answer in time',
    ),
    supports(
      'imprint',
      13,
      (e) => e.phase === 'waiting' && e.status === 504,
      'the peer was connected and did not answer in time',
    ),
    refutes(
      'symptom',
      25,
      says('connect_refused', 'connect_no_route', 'header_too_big', 'header_malformed'),
      'a busy worker refuses nothing and sends nothing',
    ),
    supports(
      'load',
      12,
      (e) => (e.inFlightRatio ?? 0) >= 2.5 && e.routesFailing >= 0.4 && e.routes >= 2,
      'many more requests in flight than usual, and most routes fail',
    ),
    supports(
      'load',
      7,
      (e) => (e.inFlightRatio ?? 0) >= 2.5 && e.routesFailing >= 0.2,
      'many more requests in flight than usual',
    ),
    refutes('load', 14, (e) => e.routes >= 3 && e.routesFailing < 0.2, 'nearly all routes answer'),
    supports('load', 7, (e) => e.routesFailing >= 0.5 && e.routes >= 4, 'most routes fail at once'),
    refutes(
      'load',
      6,
      (e) => e.inFlightRatio !== undefined && e.inFlightRatio < 1.5,
      'no more requests in flight than usual',
    ),
    refutes(
      'route_scope',
      10,
      (e) => e.failedHere >= 3 && e.okElsewhere >= 10 && e.failedElsewhere * 20 < e.okElsewhere,
      'other routes of the service answer meanwhile',
    ),
    supports(
      'client_left',
      14,
      (e) => e.stuck && (e.after ?? 0) >= 1_000 && (e.awaited ?? 'answer') === 'answer',
      'the client left while other requests ran into the timer',
    ),
    refutes('client_left', 4, (e) => e.timeoutsNear === 0, 'nothing else timed out when the client left'),
    supports(
      'timer',
      3,
      (e) => e.sharp >= 0.8 && e.count >= 5 && e.after >= 1_000,
      'like failures end at the same time: a timer of the proxy',
    ),
    supports(
      'witness',
      22,
      (e) => e.saw === 'workers_all_busy',
      'the application says that all its workers are busy',
    ),
    supports('load', 5, (e) => e.routes >= 5 && e.routesFailing >= 0.2, 'several routes fail at once'),
    supports(
      'client_left',
      8,
      (e) => e.stuck && e.after === undefined && e.awaited === undefined,
      'the client left a service that let others wait',
    ),
    supports(
      'health',
      9,
      (e) => e.failed > 0 && e.symptom === 'health_check_timed_out',
      'checks of its health get no answer in time either',
    ),
    refutes('health', 5, (e) => e.failed === 0, 'checks of its health are answered in time'),
  ],
  needs: ['error_log', 'attempts', 'attempt_connect', 'attempt_header', 'duration'],
  remedy: [
    {
      where: 'application',
      change:
        'Find what holds the workers, such as a slow query, a lock or a call without a timeout, and give it a timeout',
    },
    {
      where: 'upstream',
      change: 'Add workers only if its processors are idle meanwhile',
      example: 'gunicorn --workers 8 --threads 4',
    },
  ],
  success: 'Requests in flight fall below the number of workers, and even the simplest route answers at once',
  mistakenFor: [
    { id: 'timeout_under_load', tell: 'answers grow slower step by step with the rate, without a plateau' },
    {
      id: 'timeout_too_short',
      tell: 'one slow route times out at low load, and its answers lie close under the timer',
    },
    { id: 'route_bug', tell: 'only one route hangs' },
  ],
  references: [
    {
      title: 'nginx: proxy_read_timeout',
      url: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout',
    },
  ],
  cases: () => [
    {
      name: 'every route times out and many requests are in flight',
      access: log(
        steady({ from: 0, to: 9, routes: ['/a', '/b', '/c', '/d', '/e'], perSecond: 2 }),
        repeat(20, (i) =>
          access({
            second: 40 + (i % 10),
            path: `/${'abcde'[i % 5]}`,
            status: 504,
            took: 6 + (i % 3) / 1_000,
          }),
        ),
      ),
      expect: { is: 'worker_exhaustion' },
    },
    {
      name: 'one route times out among many that answer',
      access: log(
        steady({ from: 40, to: 49, routes: ['/a', '/b', '/c', '/d', '/e'], perSecond: 2 }),
        access({ second: 45, path: '/report', status: 504, took: 6 }),
      ),
      expect: { isNot: 'worker_exhaustion' },
    },
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
      name: 'one route never answers, at any rate',
      access: log(
        steady({ from: 0, to: 90, routes: ['/a', '/b', '/c'] }),
        repeat(4, (i) => access({ second: 35 + 8 * i, path: '/report', status: 504, took: 10.001 })),
      ),
      expect: { is: 'route_bug' },
    },
    {
      name: 'every route of a load balancer waits for the idle timeout, checks of health too',
      alb: log(
        albSteady({ from: 0, to: 59, routes: ['/a', '/b', '/c', '/d', '/e'], perSecond: 4 }),
        repeat(40, (i) =>
          alb({
            second: 120 + i / 2,
            path: `/${'abcde'[i % 5]}`,
            status: 504,
            took: 60.001,
            times: [0.001, i % 2 === 0 ? -1 : 60, -1],
          }),
        ),
      ),
      albHealth: [100, 130].map((second) => albHealth({ second, failed: 'RequestTimedOut' })).join('\n'),
      expect: { is: 'worker_exhaustion' },
    },
    {
      name: 'one route of a load balancer runs into the idle timeout at times',
      alb: log(
        albSteady({ from: 0, to: 200, routes: ['/a', '/b', '/c'], perSecond: 2 }),
        repeat(6, (i) => alb({ second: 70 + 20 * i, path: '/report', status: 200, took: 48 + i })),
        repeat(4, (i) =>
          alb({ second: 90 + 20 * i, path: '/report', status: 504, took: 60.002, times: [0.001, -1, -1] }),
        ),
      ),
      expect: { isNot: 'worker_exhaustion' },
    },
    {
      name: 'every route of an origin runs into the limit of the edge',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 99, perSecond: 4, routes: ['/a', '/b', '/c', '/d'] }),
        repeat(40, (i) =>
          cloudflare({
            second: 200 + i / 4,
            path: ['/a', '/b', '/c', '/d'][i % 4]!,
            status: 524,
            took: 100,
          }),
        ),
      ),
      expect: { is: 'worker_exhaustion' },
    },
    {
      name: 'an origin refuses the connections of the edge',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29 }),
        repeat(10, (i) => cloudflare({ second: 30 + i, path: '/a', status: 521 })),
      ),
      expect: { isNot: 'worker_exhaustion' },
    },
  ],
};

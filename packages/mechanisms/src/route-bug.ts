import { always, decibans, type FactOf, type Mechanism, refutes, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { access, error, log, repeat, steady } from './sample/lines.ts';
import { closed } from './sample/words.ts';
import { isBrokenOffLate } from './signs/balancer.ts';
import { edgeSays } from './signs/edge.ts';

function mostlyHere(e: FactOf<'route_scope'>): boolean {
  const elsewhere = e.failedElsewhere / (e.failedElsewhere + e.okElsewhere);
  return e.failedHere >= 3 && e.failedHere >= e.okHere && e.okElsewhere >= 5 && elsewhere < 0.4;
}

/** One route kills or hangs the upstream, whatever the load. */
export const routeBug: Mechanism = {
  id: 'route_bug',
  cause: 'upstream_fault',
  title: 'One route makes the upstream close or hang',
  summary:
    'Requests for one route reach the process and never get an answer: the handler throws, exits or waits for ever. Other routes of the same process work at the same time, and load does not matter. Since the proxy counts each as a failure of the peer, it may put healthy peers aside, and then innocent routes fail, too.',
  status: 'stable',
  prior: decibans(-10),
  weigh: [
    supports(
      'symptom',
      9,
      edgeSays('answer_unusable'),
      'the origin was asked and sent nothing that could be used',
    ),
    supports(
      'symptom',
      9,
      says('reset_before_header', 'closed_before_header', 'send_failed'),
      'the peer was asked and broke off without an answer',
    ),
    supports(
      'symptom',
      8,
      says('header_timed_out'),
      'the peer did not answer in time, which a slow route does, too',
    ),
    supports(
      'imprint',
      8,
      (e) => e.phase === 'waiting' && (e.bytesReceived ?? 0) === 0,
      'the peer was asked and did not answer',
    ),
    refutes(
      'symptom',
      30,
      says(
        'connect_refused',
        'connect_timed_out',
        'connect_no_route',
        'socket_queue_full',
        'header_too_big',
        'header_malformed',
      ),
      'the route was not what failed',
    ),
    refutes(
      'imprint',
      15,
      (e) => e.phase === 'connecting' || e.phase === 'none',
      'the request never reached the route',
    ),
    refutes('relayed', 15, always, 'the application answered'),
    supports(
      'route_scope',
      16,
      (e) => mostlyHere(e) && !e.timedOut && e.failedHere >= e.failedElsewhere && e.okAround > 0,
      'this route fails more often than not, while others of the service work',
    ),
    supports(
      'route_scope',
      9,
      (e) => mostlyHere(e) && !e.timedOut,
      'this route fails more often than not, and others seldom',
    ),
    supports(
      'route_scope',
      18,
      (e) => mostlyHere(e) && e.timedOut && e.okAround === 0,
      'this route is never answered, while others of the service are',
    ),
    supports(
      'route_scope',
      18,
      (e) => mostlyHere(e) && e.timedOut && e.okHere === 0 && (e.slowestOkOverFailure ?? 1) < 0.3,
      'the route was quick before and is not answered any more, while others of the service are',
    ),
    supports(
      'route_scope',
      5,
      (e) => mostlyHere(e) && e.timedOut && e.okAround > 0,
      'this route times out more often than not, while others of the service work',
    ),
    refutes(
      'route_scope',
      22,
      (e) => (e.slowestOkOverFailure ?? 0) >= 0.9 && e.failedHere > e.okHere,
      'the route has answered after as long a time: it is slow, not broken',
    ),
    refutes('route_scope', 14, (e) => e.okHere > 2 * e.failedHere, 'the route works more often than not'),
    refutes(
      'burst',
      12,
      (e) => e.refusedNear,
      'the peer refused connections within seconds: its process went down',
    ),
    refutes('peer_record', 12, (e) => !e.everOk, 'the peer answers nothing at all, whatever the route'),
    refutes('client_left', 10, always, 'the client did not wait for the answer'),
    refutes(
      'load',
      6,
      (e) => e.rateRatio >= 2 && (e.slowdown ?? 1) >= 3,
      'there is much more to do than usual, and everything is slow',
    ),
    refutes('load', 6, (e) => e.routes >= 3 && e.routesFailing >= 0.6, 'most routes fail at once'),
    refutes(
      'configured_timer',
      10,
      (e) => e.elsewhere !== undefined,
      'it ended at a timer that another version of the configuration sets longer',
    ),
    refutes(
      'endpoint',
      10,
      (e) => e.portContradictsScheme,
      'the port is by custom not one for this scheme, so they may not understand each other',
    ),
    supports(
      'imprint',
      11,
      isBrokenOffLate,
      'the target was asked, and closed the connection or answered badly',
    ),
    supports('health', 4, (e) => e.failed === 0, 'checks of its health pass meanwhile'),
  ],
  needs: ['error_log', 'attempts', 'attempt_connect', 'method'],
  remedy: [
    {
      where: 'application',
      change:
        "Reproduce with the request in the evidence, and look at that handler's exception or endless wait",
    },
    { where: 'application', change: 'If it began with a release, roll that back first' },
    {
      where: 'nginx',
      change: 'Until then keep that route from putting healthy peers aside',
      example: 'location /that/route { proxy_next_upstream off; }  # and max_fails=0 on its servers',
    },
  ],
  success: 'The route answers, and "no live upstreams" is gone',
  mistakenFor: [
    { id: 'timeout_too_short', tell: 'some requests of the route succeed just under the timer' },
    { id: 'keepalive_mismatch', tell: 'single requests of any route fail' },
    { id: 'header_too_big', tell: 'nginx names it in its error log' },
  ],
  references: [
    {
      title: 'nginx: proxy_next_upstream',
      url: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_next_upstream',
    },
  ],
  cases: () => [
    {
      name: 'one route closes the connection while others work',
      access: log(
        steady({ from: 10, to: 19, perSecond: 2 }),
        repeat(4, (i) =>
          access({ second: 10 + 2 * i, method: 'POST', path: '/hook', status: 502, took: 0.004 }),
        ),
      ),
      error: repeat(4, (i) =>
        error({
          second: 10 + 2 * i,
          connection: 30 + i,
          ...closed,
          method: 'POST',
          path: '/hook',
        }),
      ),
      expect: { is: 'route_bug' },
    },
    {
      name: 'the route mostly works',
      access: log(
        steady({ from: 10, to: 19, routes: ['/hook'], method: 'POST', perSecond: 2 }),
        access({ second: 14, method: 'POST', path: '/hook', status: 502 }),
      ),
      expect: { is: 'keepalive_mismatch' },
    },
    {
      name: 'answers of the route lie close under the timer',
      access: log(
        steady({ from: 0, to: 90, routes: ['/a', '/b', '/c'] }),
        repeat(6, (i) => access({ second: 10 + 12 * i, path: '/report', status: 200, took: 9.2 + i / 10 })),
        repeat(2, (i) => access({ second: 55 + 12 * i, path: '/report', status: 504, took: 10.001 })),
      ),
      expect: { is: 'timeout_too_short' },
    },
    {
      name: 'the header of one route is too big',
      access: log(
        steady({ from: 0, to: 40, routes: ['/a', '/b', '/c'] }),
        repeat(4, (i) => access({ second: 12 + 6 * i, path: '/login', status: 502, took: 0.03 })),
      ),
      error: repeat(4, (i) =>
        error({
          second: 12 + 6 * i,
          connection: 30 + i,
          path: '/login',
          message: 'upstream sent too big header',
          action: 'reading response header from upstream',
        }),
      ),
      expect: { is: 'header_too_big' },
    },
    {
      name: 'requests of all routes break in one second',
      access: log(
        steady({ from: 0, to: 14, routes: ['/a', '/b', '/c', '/d'], perSecond: 2 }),
        repeat(4, (i) => access({ second: 15, path: `/${'abcd'[i]}`, status: 502, took: 0.3 + i / 5 })),
        steady({ from: 16, to: 60, routes: ['/a', '/b', '/c', '/d'], perSecond: 2 }),
      ),
      error: repeat(4, (i) => error({ second: 15, connection: 30 + i, path: `/${'abcd'[i]}`, ...closed })),
      expect: { is: 'crash_mid_response' },
    },
    {
      name: 'one route of a load balancer breaks always, others never',
      alb: log(
        albSteady({ from: 0, to: 90, routes: ['/a', '/b', '/c'], perSecond: 4 }),
        albSteady({ from: 0, to: 20, routes: ['/hook'] }),
        repeat(12, (i) =>
          alb({ second: 25 + 5 * i, path: '/hook', status: 502, took: 0.08, times: [0.001, 0.079, -1] }),
        ),
      ),
      expect: { is: 'route_bug' },
    },
    {
      name: 'a load balancer gives up connecting on one route',
      alb: log(
        albSteady({ from: 0, to: 90, routes: ['/a', '/b'], perSecond: 2 }),
        repeat(4, (i) => alb({ second: 30 + 9 * i, path: '/a', status: 504, took: 10.002 })),
      ),
      expect: { isNot: 'route_bug' },
    },
    {
      name: 'one route breaks off towards the edge, and others do not',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 20, routes: ['/b', '/a'], perSecond: 4 }),
        cloudflareSteady({ from: 21, to: 90, perSecond: 4, routes: ['/a', '/c'] }),
        repeat(14, (i) =>
          cloudflare({
            second: 21 + 5 * i,
            status: 520,
            took: 0.3,
            connect: [9, 12],
            client: `203.0.113.${i + 20}`,
          }),
        ),
      ),
      expect: { is: 'route_bug' },
    },
    {
      name: 'all routes break off towards the edge',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29, perSecond: 2, routes: ['/a', '/b', '/c', '/d'] }),
        repeat(8, (i) =>
          cloudflare({ second: 30 + i / 8, path: ['/a', '/b', '/c', '/d'][i % 4]!, status: 520, took: 0.4 }),
        ),
        repeat(4, (i) => cloudflare({ second: 32 + i, path: '/a', status: 521 })),
        cloudflareSteady({ from: 40, to: 60, perSecond: 2, routes: ['/a', '/b', '/c', '/d'] }),
      ),
      expect: { isNot: 'route_bug' },
    },
  ],
};

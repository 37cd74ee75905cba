import { decibans, type Mechanism, refutes, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { conf } from './sample/conf.ts';
import { access, error, log, repeat, steady } from './sample/lines.ts';
import { headerTimedOut } from './sample/words.ts';
import { isCrowd } from './signs/crowd.ts';

/** A route needs longer than the proxy waits, whatever the load. */
export const timeoutTooShort: Mechanism = {
  id: 'timeout_too_short',
  cause: 'misconfiguration',
  title: 'A slow route needs longer than a timer allows',
  summary:
    'A report, an export or an upload takes its time by nature, and the timer of the proxy is set for the rest of the site. Requests of the route that stay just below the timer are answered, those above fail at exactly that age. The upstream may have such a timer as well: it then stops its worker and closes the connection without an answer. The peer is well, and load does not matter.',
  status: 'trial',
  prior: decibans(-12),
  weigh: [
    refutes(
      'route_pace',
      20,
      isCrowd,
      'many more of them than usual run into the timer, and the route was quick before',
    ),
    supports('symptom', 12, says('header_timed_out'), 'the peer was asked and did not answer in time'),
    supports('symptom', 8, says('body_timed_out'), 'the peer paused in its answer for longer than the timer'),
    supports(
      'imprint',
      9,
      (e) => e.phase === 'waiting' && e.status === 504,
      'the peer was asked and did not answer in time',
    ),
    supports(
      'route_scope',
      16,
      (e) => (e.slowestOkOverFailure ?? 0) >= 0.7,
      'the route has answered after nearly as long a time',
    ),
    supports(
      'route_scope',
      10,
      (e) =>
        e.timedOut &&
        e.okAround > 0 &&
        (e.slowestOkOverFailure ?? 1) >= 0.3 &&
        e.okElsewhere >= 5 &&
        e.failedHere > 2 * e.failedElsewhere &&
        e.failedHere * 3 >= e.okHere,
      'the route is answered at other times, and other routes hardly fail',
    ),
    refutes(
      'route_scope',
      8,
      (e) => (e.slowestOkOverFailure ?? 1) < 0.3,
      'what is answered comes long before the timer',
    ),
    refutes('route_scope', 10, (e) => e.okAround === 0, 'the route is never answered, however long it takes'),
    supports(
      'load',
      5,
      (e) => e.rateRatio < 1.5 && (e.slowdown ?? 1) < 1.5,
      'no more requests than usual, and other answers as fast as ever',
    ),
    refutes(
      'load',
      10,
      (e) => (e.inFlightRatio ?? 0) >= 2.5 && e.routes >= 3 && e.routesFailing >= 0.4,
      'most routes fail, with many more requests in flight than usual',
    ),
    refutes('load', 8, (e) => e.routes >= 5 && e.routesFailing >= 0.2, 'several routes fail'),
    refutes(
      'load',
      9,
      (e) => (e.slowdown ?? 1) >= 3 || (e.rateRatio >= 2 && (e.inFlightRatio ?? 4) >= 4),
      'there is much more to do than usual, or everything is slow',
    ),
    supports('timer', 4, (e) => e.sharp >= 0.8 && e.after >= 1_000, 'like failures end at the same time'),
    supports(
      'symptom',
      2,
      says('closed_before_header'),
      'a worker that its own timer stops closes like this',
    ),
    supports(
      'lone_line',
      12,
      (e) => e.source === 'cloudflare' && e.symptom === 'header_timed_out',
      'of 524s that were explained, nearly all were work that is long by design',
    ),
    supports(
      'lone_status',
      10,
      (e) => e.source !== 'nginx' && e.status === 504 && e.phase === 'waiting',
      'of answers that a timer of the hop ended, many were work that takes so long by design',
    ),
    supports(
      'lone_status',
      26,
      (e) => e.phase === undefined && e.status === 504 && (e.source === 'nginx' || e.source === 'alb'),
      'of 504s of which nothing else is known, many were work that is longer than a timer allows',
    ),
    supports(
      'lone_line',
      15,
      (e) => e.source === 'nginx_error' && e.symptom === 'closed_before_header',
      'of such lines most, once explained, were about a timer of the upstream that stopped its worker',
    ),
    supports(
      'witness',
      15,
      (e) => e.saw === 'worker_ran_out_of_time',
      'the application says that it stopped a worker for taking too long',
    ),
    supports(
      'configured_timer',
      22,
      (e) => e.timer !== 'connect' && e.elsewhere !== undefined,
      'another version of the configuration waits longer',
    ),
    supports(
      'configured_timer',
      2,
      (e) => e.timer !== 'connect' && e.written && e.limit < 60_000,
      'it ended at a timer that is shorter than the default',
    ),
    refutes(
      'load',
      16,
      (e) => (e.inFlightRatio ?? 0) >= 10 && e.rateRatio >= 1.3 && e.routes >= 5 && e.routesFailing >= 0.2,
      'several routes fail, with more to do than usual and many times as many requests in flight',
    ),
  ],
  needs: ['error_log', 'attempts', 'attempt_header', 'attempt_response'],
  remedy: [
    {
      where: 'nginx',
      change: 'Raise the timer for this location only',
      example: 'location /that/route { proxy_read_timeout 300s; }',
    },
    {
      where: 'upstream',
      change:
        'Where the upstream closes before the proxy gives up, raise the timer of its own workers for such routes',
      example: 'gunicorn --timeout 300; request_terminate_timeout = 300 ; PHP-FPM; harakiri = 300 ; uWSGI',
    },
    {
      where: 'application',
      change: 'Better for minutes of work: answer 202 at once, and let the client ask for the result',
    },
    {
      where: 'load balancer',
      change:
        'Raise its idle timeout, 60 s by default and for all routes alike, and with it that of the keep-alive connections of the targets',
      example:
        'aws elbv2 modify-load-balancer-attributes --load-balancer-arn ARN --attributes Key=idle_timeout.timeout_seconds,Value=180',
    },
  ],
  success: 'The slow requests of the route end in an answer, and other locations keep their short timer',
  mistakenFor: [
    { id: 'timeout_under_load', tell: 'the route is slow only when there is much to do' },
    { id: 'worker_exhaustion', tell: 'fast routes time out as well' },
    { id: 'route_bug', tell: 'the route is never answered, however long one waits' },
    {
      id: 'keepalive_mismatch',
      tell: 'it breaks within milliseconds of the request, once in a while and on any route',
    },
    {
      id: 'crash_mid_response',
      tell: 'several requests of the peer break within a second, and it refuses connections after',
    },
    { id: 'protocol_mismatch', tell: 'no request to this peer ever worked' },
  ],
  references: [
    {
      title: 'nginx: proxy_read_timeout',
      url: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout',
    },
    {
      title: 'Application Load Balancers: HTTP 504',
      url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-504-issues',
    },
  ],
  cases: () => [
    {
      name: 'answers of one route lie close under the timer',
      access: log(
        steady({ from: 0, to: 90, routes: ['/a', '/b', '/c'] }),
        repeat(6, (i) => access({ second: 10 + 12 * i, path: '/report', status: 200, took: 9.2 + i / 10 })),
        repeat(2, (i) => access({ second: 55 + 12 * i, path: '/report', status: 504, took: 10.001 })),
      ),
      error: repeat(2, (i) =>
        error({ second: 55 + 12 * i, connection: 30 + i, path: '/report', ...headerTimedOut }),
      ),
      expect: { is: 'timeout_too_short' },
    },
    {
      name: 'one route never answers',
      access: log(
        steady({ from: 0, to: 90, routes: ['/a', '/b', '/c'] }),
        repeat(4, (i) => access({ second: 35 + 8 * i, path: '/report', status: 504, took: 10.001 })),
      ),
      error: repeat(4, (i) =>
        error({ second: 35 + 8 * i, connection: 30 + i, path: '/report', ...headerTimedOut }),
      ),
      expect: { is: 'route_bug' },
    },
    {
      name: 'every route times out, fast ones too',
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
      name: 'a route stopped to answer when its timer was set lower',
      access: log(
        steady({ from: 0, to: 90, routes: ['/a', '/b', '/c'] }),
        repeat(4, (i) => access({ second: 35 + 8 * i, path: '/report', status: 504, took: 10.001 })),
      ),
      configurations: [conf({}), conf({ location: 'proxy_read_timeout 10s;' })],
      expect: { is: 'timeout_too_short' },
    },
    {
      name: 'a route never answers, and its timer has been the same all along',
      access: log(
        steady({ from: 0, to: 90, routes: ['/a', '/b', '/c'] }),
        repeat(4, (i) => access({ second: 35 + 8 * i, path: '/report', status: 504, took: 60.01 })),
      ),
      configurations: [conf({}), conf({})],
      expect: { isNot: 'timeout_too_short' },
    },
    {
      name: 'reports behind a load balancer take up to its idle timeout, and longer',
      alb: log(
        albSteady({ from: 0, to: 200, routes: ['/a', '/b', '/c'], perSecond: 2 }),
        repeat(6, (i) => alb({ second: 70 + 20 * i, path: '/report', status: 200, took: 48 + i })),
        repeat(4, (i) =>
          alb({ second: 90 + 20 * i, path: '/report', status: 504, took: 60.002, times: [0.001, -1, -1] }),
        ),
      ),
      expect: { is: 'timeout_too_short' },
    },
    {
      name: 'a load balancer gives up connecting',
      alb: log(
        albSteady({ from: 0, to: 59, targets: ['192.0.2.10:9000', '192.0.2.11:9000'], perSecond: 4 }),
        repeat(8, (i) => alb({ second: 70 + 2 * i, path: '/a', status: 504, took: 10.003 })),
        albSteady({ from: 60, to: 180, targets: ['192.0.2.11:9000'], perSecond: 4 }),
      ),
      expect: { isNot: 'timeout_too_short' },
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
      expect: { is: 'timeout_too_short' },
    },
    {
      name: 'a crowd runs into the limit of the edge, on a route that had been quick',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 199, perSecond: 2, routes: ['/search', '/a', '/c'] }),
        repeat(200, (i) => cloudflare({ second: 200 + i / 10, path: '/search', status: 524, took: 100 })),
        repeat(12, (i) => cloudflare({ second: 150 + 4 * i, path: '/search', status: 200, took: 8 * i + 1 })),
      ),
      expect: { isNot: 'timeout_too_short' },
    },
  ],
};

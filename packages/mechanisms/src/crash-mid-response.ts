import { always, decibans, type Mechanism, refutes, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { access, error, log, repeat, steady } from './sample/lines.ts';
import { closed, reset } from './sample/words.ts';
import { isBrokenOffLate } from './signs/balancer.ts';
import { edgeSays } from './signs/edge.ts';

/** The process of the upstream ended while it worked on requests. */
export const crashMidResponse: Mechanism = {
  id: 'crash_mid_response',
  cause: 'upstream_fault',
  title: 'The process of the upstream ends while it works on requests',
  summary:
    'A worker crashed or was killed, by a fault, by a signal or by its own master for taking too long. All requests that it had in hand break in the same instant, before an answer or in the midst of one, and until it is back the peer may refuse. If they break at one age, such as 30 s, that is the timer of the upstream.',
  status: 'stable',
  prior: decibans(-10),
  weigh: [
    supports(
      'lone_status',
      17,
      (e) => e.phase === undefined && e.status === 502 && e.source === 'nginx',
      'of 502s of which nothing else is known, some are workers that crashed',
    ),
    supports('symptom', 11, edgeSays('answer_unusable'), 'the origin broke off without a whole answer'),
    supports(
      'symptom',
      30,
      says('body_closed'),
      'the peer closed the connection in the middle of an answer that it had begun',
    ),
    supports('symptom', 20, says('body_reset'), 'the connection was reset in the middle of an answer'),
    supports(
      'symptom',
      11,
      says('reset_before_header', 'closed_before_header'),
      'the peer was asked and broke off without an answer',
    ),
    supports('symptom', 8, says('send_failed'), 'the connection broke while the request was sent'),
    supports(
      'imprint',
      8,
      (e) => e.phase === 'waiting' && e.status === 502,
      'the peer was asked and broke off without a valid answer',
    ),
    supports(
      'imprint',
      12,
      (e) => e.phase === 'answering' && e.status === 502,
      'the peer had begun to answer',
    ),
    supports(
      'burst',
      12,
      (e) => e.count >= 2 && e.refusedNear,
      'several requests broke within a second, and the peer refused connections after',
    ),
    supports('burst', 8, (e) => e.refusedNear, 'the peer refused connections within seconds'),
    supports('burst', 6, (e) => e.count >= 3, 'several requests of the peer broke within a second'),
    refutes('burst', 3, (e) => e.count <= 1 && !e.refusedNear, 'nothing else of the peer broke'),
    supports(
      'timer',
      4,
      (e) => e.sharp >= 0.8 && e.count >= 3 && e.after >= 5_000,
      'they break at one age, which is a timer of the upstream',
    ),
    refutes('timer', 10, (e) => e.after <= 2, 'it broke within 2 ms of the request, before work began'),
    refutes('peer_record', 12, (e) => !e.everOk, 'the peer never answered in all the log'),
    refutes('fresh_retry_answered', 25, always, 'a new connection to it was answered at once'),
    refutes(
      'route_scope',
      6,
      (e) => e.failedHere >= 3 && e.failedHere >= e.okHere && e.okElsewhere >= 5 && e.failedElsewhere === 0,
      'only one route breaks, and that nearly always',
    ),
    supports(
      'lone_line',
      8,
      (e) =>
        e.scheme === 'fastcgi' &&
        (e.symptom === 'reset_before_header' || e.symptom === 'closed_before_header'),
      'workers of PHP that break off have mostly crashed',
    ),
    supports(
      'witness',
      15,
      (e) => e.saw === 'process_crashed',
      'another program says that a process crashed',
    ),
    supports(
      'imprint',
      13,
      isBrokenOffLate,
      'the target was asked, and closed the connection or answered badly',
    ),
    supports('health', 4, (e) => e.failed > 0, 'checks of its health fail meanwhile'),
  ],
  needs: ['error_log', 'attempts', 'attempt_connect', 'attempt_bytes_received'],
  remedy: [
    {
      where: 'upstream',
      change: 'Read its log at that second: a signal, an exit code, a stack trace, a worker timeout',
      example: 'journalctl -u app --since "2 min ago"; coredumpctl list',
    },
    {
      where: 'upstream',
      change: 'If the requests break at one age, make them faster, or raise the timer of the worker above it',
      example: 'gunicorn --timeout 60; request_terminate_timeout = 60s',
    },
  ],
  success: 'Requests in hand end in answers, and the process keeps its start time',
  mistakenFor: [
    { id: 'keepalive_mismatch', tell: 'single requests break at once, and the peer answers all others' },
    { id: 'out_of_memory', tell: 'the exit code is 137, or the kernel log names the process' },
    { id: 'route_bug', tell: 'one route breaks nearly always, and others never' },
    { id: 'reset_in_transit', tell: 'they break one by one, over all peers' },
  ],
  references: [
    { title: 'gunicorn: timeout', url: 'https://docs.gunicorn.org/en/stable/settings.html#timeout' },
    {
      title: 'PHP-FPM: request_terminate_timeout',
      url: 'https://www.php.net/manual/en/install.fpm.configuration.php#request-terminate-timeout',
    },
  ],
  cases: () => [
    {
      name: 'requests in flight break in one second on several routes, and the peer comes back',
      access: log(
        steady({ from: 0, to: 14, routes: ['/a', '/b', '/c'], perSecond: 2 }),
        repeat(4, (i) => access({ second: 15, path: `/${'abcd'[i]}`, status: 502, took: 0.3 + i / 5 })),
        steady({ from: 16, to: 60, routes: ['/a', '/b', '/c'], perSecond: 2 }),
      ),
      error: repeat(4, (i) => error({ second: 15, connection: 30 + i, path: `/${'abcd'[i]}`, ...closed })),
      expect: { is: 'crash_mid_response' },
    },
    {
      name: 'a single POST breaks at once while the peer answers all others',
      access: log(
        steady({ from: 0, to: 40, method: 'POST', perSecond: 2 }),
        access({ method: 'POST', path: '/a', status: 502 }),
      ),
      error: error({ method: 'POST', path: '/a', ...reset }),
      expect: { is: 'keepalive_mismatch' },
    },
    {
      name: 'one route breaks always, and others never',
      access: log(
        steady({ from: 0, to: 40, routes: ['/a', '/b', '/c'], perSecond: 2 }),
        repeat(6, (i) => access({ second: 5 + 5 * i, path: '/hook', status: 502, took: 0.02 })),
      ),
      error: repeat(6, (i) => error({ second: 5 + 5 * i, connection: 30 + i, path: '/hook', ...closed })),
      expect: { is: 'route_bug' },
    },
    {
      name: 'the peer breaks off in the middle of its answer',
      access: log(steady({ from: 0, to: 30 }), access({ path: '/a', status: 200, took: 2.1, header: 0.1 })),
      error: error({
        path: '/a',
        message: 'upstream prematurely closed connection',
        action: 'reading upstream',
      }),
      expect: { is: 'crash_mid_response' },
    },
    {
      name: 'requests of several routes break at 30 s, the timer of the worker',
      access: log(
        steady({ from: 0, to: 90, routes: ['/a', '/b', '/c', '/d'], perSecond: 2 }),
        repeat(4, (i) =>
          access({ second: 40 + 10 * i, path: `/${'abcd'[i]}`, status: 502, took: 30.02 + i / 100 }),
        ),
      ),
      error: repeat(4, (i) =>
        error({ second: 40 + 10 * i, connection: 30 + i, path: `/${'abcd'[i]}`, ...closed }),
      ),
      expect: { is: 'crash_mid_response' },
    },
    {
      name: 'all that a target has in hand breaks at once, and it refuses after',
      alb: log(
        albSteady({ from: 0, to: 40, routes: ['/a', '/b', '/c'], perSecond: 4 }),
        repeat(4, (i) =>
          alb({
            second: 41 + i / 100,
            path: `/${'abcd'[i]}`,
            status: 502,
            took: 0.2 + i,
            times: [0.001, 0.199 + i, -1],
          }),
        ),
        repeat(4, (i) => alb({ second: 60 + i, path: '/quiet', status: 200 })),
      ),
      expect: { is: 'crash_mid_response' },
    },
    {
      name: 'one route of a target breaks always, others never',
      alb: log(
        albSteady({ from: 0, to: 90, routes: ['/a', '/b', '/c'], perSecond: 4 }),
        albSteady({ from: 0, to: 20, routes: ['/hook'] }),
        repeat(12, (i) =>
          alb({ second: 25 + 5 * i, path: '/hook', status: 502, took: 0.08, times: [0.001, 0.079, -1] }),
        ),
      ),
      expect: { isNot: 'crash_mid_response' },
    },
    {
      name: 'requests of an edge break off together, and the origin refuses after',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29, perSecond: 2 }),
        repeat(6, (i) => cloudflare({ second: 30 + i / 20, path: '/a', status: 520, took: 0.5 + i / 10 })),
        repeat(6, (i) => cloudflare({ second: 31 + i, path: '/a', status: 521 })),
        cloudflareSteady({ from: 40, to: 60, perSecond: 2 }),
      ),
      expect: { isNot: 'keepalive_mismatch' },
    },
  ],
};

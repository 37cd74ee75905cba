import { decibans, type Mechanism, refutes, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { access, error, log, repeat, steady } from './sample/lines.ts';
import { headerTimedOut } from './sample/words.ts';

/** The client went away before it was answered, of its own accord. */
export const clientAbort: Mechanism = {
  id: 'client_abort',
  cause: 'client',
  title: 'The client went away before the answer',
  summary:
    'The client closed its connection while the upstream was still working: a user moved on, an app cancelled, or the timer of a caller ended. nginx writes 499, which nobody ever receives. Single ones are ordinary. Many at the same age are the timer of a caller, and many at once with other failures an effect of what makes everyone wait.',
  status: 'stable',
  prior: decibans(-12),
  weigh: [
    supports(
      'client_left',
      30,
      (e) => e.source === 'cloudflare' && e.stuck,
      'the visitor left, though others waited as well; at the edge it is visitors themselves who give up',
    ),
    supports('client_left', 24, (e) => !e.stuck, 'the client left a service that answered others as usual'),
    supports('client_left', 24, (e) => (e.after ?? 1_000) < 1_000, 'the client left within a second'),
    refutes(
      'client_left',
      4,
      (e) => e.awaited === 'peer' && (e.after ?? 0) >= 1_000,
      'the name of the peer was looked up in vain for long',
    ),
    supports('client_left', 15, (e) => e.stuck, 'the client left, though others waited as well'),
    supports('symptom', 6, says('client_closed'), 'nginx said that the client closed the connection'),
  ],
  needs: ['duration', 'attempts', 'attempt_connect'],
  remedy: [
    {
      where: 'application',
      change:
        'Look at how long the clients had waited, not at the clients: answer faster, or show them that work goes on',
    },
    {
      where: 'nginx',
      change: 'If the work should be finished although nobody waits, say so',
      example: 'proxy_ignore_client_abort on;',
    },
  ],
  success: 'The share of 499 follows the speed of the route',
  mistakenFor: [
    { id: 'worker_exhaustion', tell: 'other requests run into the timer meanwhile, on most routes' },
    { id: 'timeout_under_load', tell: 'answers grew slower first, and the clients leave at one age' },
  ],
  references: [
    {
      title: 'nginx: proxy_ignore_client_abort',
      url: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ignore_client_abort',
    },
  ],
  cases: () => [
    {
      name: 'single clients leave while everything is answered',
      access: log(
        steady({ from: 0, to: 30, routes: ['/search', '/a'], perSecond: 2 }),
        repeat(3, (i) =>
          access({
            second: 12 + 5 * i,
            path: '/search',
            status: 499,
            took: 0.12 + i / 10,
            upstream: '-',
            header: '-',
          }),
        ),
      ),
      expect: { is: 'client_abort' },
    },
    {
      name: 'nginx says that the client closed',
      access: log(
        steady({ from: 0, to: 30 }),
        access({ path: '/a', status: 499, took: 0.3, upstream: '-', header: '-' }),
      ),
      error: error({
        level: 'info',
        path: '/a',
        message:
          'epoll_wait() reported that client prematurely closed connection, so upstream connection is closed too',
        action: 'sending request to upstream',
      }),
      expect: { is: 'client_abort' },
    },
    {
      name: 'the answer times out, and the client waits for it',
      access: access({ status: 504, took: 60 }),
      error: error(headerTimedOut),
      expect: { isNot: 'client_abort' },
    },
    {
      name: 'clients leave at one age while most routes run into the timer',
      access: log(
        steady({ from: 0, to: 30, routes: ['/a', '/b', '/c', '/d'], perSecond: 2 }),
        repeat(24, (i) =>
          access({ second: 50 + (i % 12), path: `/${'abcd'[i % 4]}`, status: 504, took: 15.001 }),
        ),
        repeat(6, (i) =>
          access({
            second: 52 + i,
            path: `/${'abcd'[i % 4]}`,
            status: 499,
            took: 10,
            upstream: '-',
            header: '-',
          }),
        ),
      ),
      expect: { is: 'worker_exhaustion' },
    },
    {
      name: 'single clients leave a load balancer while everything is answered',
      alb: log(
        albSteady({ from: 0, to: 60, routes: ['/search', '/a'], perSecond: 2 }),
        repeat(3, (i) =>
          alb({
            second: 12 + 9 * i,
            path: '/search',
            status: 460,
            took: 0.12 + i / 10,
            times: [0.001, -1, -1],
          }),
        ),
      ),
      expect: { is: 'client_abort' },
    },
    {
      name: 'callers give up on a slow report at thirty seconds',
      alb: log(
        albSteady({ from: 0, to: 200, routes: ['/a', '/b', '/c'], perSecond: 2 }),
        repeat(6, (i) => alb({ second: 70 + 20 * i, path: '/report', status: 200, took: 28 + i / 4 })),
        repeat(4, (i) =>
          alb({ second: 90 + 20 * i, path: '/report', status: 460, took: 30.002, times: [0.001, -1, -1] }),
        ),
      ),
      expect: { is: 'client_abort' },
    },
    {
      name: 'a visitor leaves the edge',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29 }),
        cloudflare({ second: 20, path: '/a', status: 499, took: 0.6 }),
      ),
      expect: { is: 'client_abort' },
    },
    {
      name: 'the origin refuses the edge',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 19 }),
        cloudflare({ second: 20, path: '/a', status: 521 }),
      ),
      expect: { isNot: 'client_abort' },
    },
  ],
};

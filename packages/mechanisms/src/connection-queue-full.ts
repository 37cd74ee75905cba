import { decibans, type Mechanism, proves, refutes, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { access, error, log, repeat, steady } from './sample/lines.ts';
import { connectTimedOut } from './sample/words.ts';
import { isOfThisPlace, outlastsConnecting, waitInVain } from './signs/edge.ts';

/** The peer's accept queue is full: its process lives and accepts too slowly. */
export const connectionQueueFull: Mechanism = {
  id: 'connection_queue_full',
  cause: 'upstream_overload',
  title: "The peer's accept queue is full",
  summary:
    'The process behind the peer lives, but takes connections slower than they come. On a unix socket a full queue gives EAGAIN, and 502 at once. On TCP Linux drops the SYN: the connect is repeated after about a second, and either comes up late or times out with 504.',
  status: 'stable',
  prior: decibans(-10),
  weigh: [
    refutes('place_scope', 14, isOfThisPlace, 'the other places of the edge are let in'),
    refutes('addresses', 10, (e) => e.successors > 0, 'another address began to answer in place of this one'),
    supports('meanwhile', 8, waitInVain, 'others were connected, and waited for an answer in vain'),
    refutes(
      'timer',
      12,
      outlastsConnecting,
      'no attempt to connect lasts so long: what was connected went silent',
    ),
    proves(
      'symptom',
      says('socket_queue_full'),
      'the kernel said that the socket takes no more connections for now',
    ),
    supports('symptom', 8, says('connect_timed_out'), 'the connection attempt timed out'),
    supports(
      'imprint',
      7,
      (e) => e.phase === 'connecting' && e.status === 504,
      'no connection came up until the timer ended the try',
    ),
    refutes(
      'symptom',
      25,
      says('connect_refused', 'header_timed_out'),
      'a full queue drops, it does not refuse, and lets none in',
    ),
    supports('slow_connects', 9, (e) => e.share >= 0.05, 'connects that work take as long as repeated SYNs'),
    supports(
      'peer_record',
      8,
      (e) => (e.answeredMeanwhile ?? 0) >= 0.6,
      'the peer answered others while this connection was tried',
    ),
    supports(
      'slow_connects',
      16,
      (e) => e.share >= 0.3,
      'most connects that work take as long as repeated SYNs',
    ),
    refutes(
      'peer_record',
      10,
      (e) => e.answeredMeanwhile === 0,
      'the peer answered nobody while this connection was tried',
    ),
    supports(
      'load',
      5,
      (e) => (e.inFlightRatio ?? 0) >= 2 || e.rateRatio >= 2,
      'there is more to do than usual',
    ),
    supports(
      'witness',
      15,
      (e) => e.saw === 'accept_queue_full',
      'another program says that the queue is full',
    ),
    supports(
      'client_left',
      12,
      (e) => e.awaited === 'connection' && (e.after ?? 0) >= 1_000,
      'the client left while the connection did not come up',
    ),
  ],
  needs: ['error_log', 'attempts', 'attempt_connect'],
  remedy: [
    {
      where: 'upstream',
      change: 'Run more workers, or make requests faster: find what holds the workers first',
    },
    {
      where: 'upstream',
      change: 'Then raise the listen backlog and the kernel limit together; alone this only hides the queue',
      example: 'sysctl -w net.core.somaxconn=4096; gunicorn --backlog 4096',
    },
  ],
  success: 'Connects take under a millisecond again, and EAGAIN is gone from the error log',
  mistakenFor: [
    {
      id: 'worker_exhaustion',
      tell: 'that is the reason behind it when requests that got in also wait long',
    },
    { id: 'connect_timeout', tell: 'no connect to the peer comes up at all' },
  ],
  references: [
    { title: 'Linux listen(2): backlog', url: 'https://man7.org/linux/man-pages/man2/listen.2.html' },
  ],
  cases: () => [
    {
      name: 'a unix socket takes no more connections',
      access: access({ status: 502, connect: '-', peer: 'unix:/run/a.sock' }),
      error: error({
        message: 'connect() to unix:/run/a.sock failed (11: Resource temporarily unavailable)',
        action: 'connecting to upstream',
        peer: 'unix:/run/a.sock',
      }),
      expect: { is: 'connection_queue_full' },
    },
    {
      name: 'a unix socket file without a listener',
      access: access({ status: 502, connect: '-', peer: 'unix:/run/a.sock' }),
      error: error({
        message: 'connect() to unix:/run/a.sock failed (111: Connection refused)',
        action: 'connecting to upstream',
        peer: 'unix:/run/a.sock',
      }),
      expect: { is: 'process_down' },
    },
    {
      name: 'a TCP peer lets some connections in, late, and drops others',
      access: log(
        steady({ from: 0, to: 29, perSecond: 2 }),
        repeat(30, (i) =>
          access({ second: 40 + i, path: '/a', status: 200, took: 1.1, connect: i % 2 === 0 ? 1.03 : 0 }),
        ),
        repeat(4, (i) => access({ second: 50 + 4 * i, path: '/a', status: 504, took: 5.001, connect: '-' })),
      ),
      error: repeat(4, (i) =>
        error({ second: 50 + 4 * i, connection: 30 + i, path: '/a', ...connectTimedOut }),
      ),
      expect: { is: 'connection_queue_full' },
    },
    {
      name: 'a TCP peer lets nobody in any more',
      access: log(
        steady({ from: 0, to: 29, perSecond: 2 }),
        repeat(4, (i) => access({ second: 50 + 4 * i, path: '/a', status: 504, took: 5.001, connect: '-' })),
      ),
      error: repeat(4, (i) =>
        error({ second: 50 + 4 * i, connection: 30 + i, path: '/a', ...connectTimedOut }),
      ),
      expect: { is: 'connect_timeout' },
    },
    {
      name: 'a target of a load balancer lets some connections in, late, and drops others',
      alb: log(
        albSteady({ from: 0, to: 39, perSecond: 4 }),
        repeat(60, (i) =>
          alb({
            second: 40 + i / 2,
            path: '/a',
            status: 200,
            took: 1.1,
            times: [i % 2 === 0 ? 1.03 : 3.05, 0.05, 0],
          }),
        ),
        repeat(8, (i) => alb({ second: 52 + 2 * i, path: '/a', status: 504, took: 10.002 })),
        albSteady({ from: 75, to: 120, perSecond: 4 }),
      ),
      expect: { is: 'connection_queue_full' },
    },
    {
      name: 'a target of a load balancer lets nobody in',
      alb: log(
        albSteady({ from: 0, to: 39, targets: ['192.0.2.10:9000', '192.0.2.11:9000'], perSecond: 4 }),
        repeat(8, (i) => alb({ second: 52 + 2 * i, path: '/a', status: 504, took: 10.002 })),
        albSteady({ from: 40, to: 120, targets: ['192.0.2.11:9000'], perSecond: 4 }),
      ),
      expect: { isNot: 'connection_queue_full' },
    },
    {
      name: 'an origin lets some of the connections of an edge in, late',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29, perSecond: 2 }),
        cloudflareSteady({ from: 40, to: 70, perSecond: 4, took: 1.1, connect: [1_030, 20] }),
        repeat(8, (i) => cloudflare({ second: 60 + i, path: '/a', status: 522, took: 19 })),
      ),
      expect: { is: 'connection_queue_full' },
    },
    {
      name: 'an origin lets no connection of an edge in',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29 }),
        repeat(10, (i) => cloudflare({ second: 49 + i, path: '/a', status: 522, took: 19 })),
      ),
      expect: { isNot: 'connection_queue_full' },
    },
  ],
};

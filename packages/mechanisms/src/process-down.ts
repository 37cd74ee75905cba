import { always, decibans, type Mechanism, refutes, says, supports } from '@why502/model';
import { alb, albHealth, albSteady } from './sample/alb.ts';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { access, error, log, repeat, steady } from './sample/lines.ts';
import { noLivePeer, refused } from './sample/words.ts';
import { edgeSays, isOfThisPlace, namesNobody } from './signs/edge.ts';

/** The process behind a peer is not running, so its host refuses connections. */
export const processDown: Mechanism = {
  id: 'process_down',
  cause: 'upstream_fault',
  title: 'The process behind the peer is down',
  summary:
    'The host of the peer is there and answers, but nothing listens on the port, so it refuses the connection at once. The program crashed, was stopped, or is being restarted. Requests that were in flight when it stopped see their connection reset or closed just before the first refusal.',
  status: 'stable',
  prior: decibans(-8),
  weigh: [
    supports(
      'lone_status',
      31,
      (e) => e.phase === undefined && e.status === 502 && e.source === 'nginx',
      'of 502s of which nothing else is known, many are programs that are down',
    ),
    refutes('addresses', 8, (e) => e.successors > 0, 'another address began to answer in place of this one'),
    supports(
      'symptom',
      4,
      edgeSays('answer_unusable'),
      'the connection broke before an answer, as when a process ends',
    ),
    supports(
      'symptom',
      8,
      edgeSays('hop_failed'),
      'the connector of a tunnel answers 502 where nobody listens',
    ),
    supports('naming', 16, namesNobody, 'answers of this route name no address, as by way of a tunnel'),
    refutes('place_scope', 12, isOfThisPlace, 'only one place of the edge fails, so that the peer is up'),
    refutes(
      'addresses',
      8,
      (e) => !e.everAnswered && e.others > 0,
      'the address is not one of those that answer',
    ),
    supports('symptom', 25, says('connect_refused'), 'the peer refused the connection'),
    supports('symptom', 20, says('socket_missing'), 'a service takes its socket away when it stops'),
    supports('symptom', 36, says('socket_refused'), 'the socket file is there and nobody listens on it'),
    supports(
      'imprint',
      16,
      (e) => e.phase === 'connecting' && e.status === 502 && (e.after ?? 0) < 100,
      'the connection failed at once, as refused ones do, but also failed handshakes and local limits',
    ),
    supports(
      'symptom',
      4,
      says('reset_before_header', 'closed_before_header', 'send_failed', 'connect_reset'),
      'the connection broke before an answer, as when a process ends',
    ),
    refutes(
      'symptom',
      30,
      says('connect_timed_out', 'header_timed_out'),
      'a process that is down refuses at once',
    ),
    supports('burst', 12, (e) => e.refusedNear, 'the peer refused connections within seconds'),
    refutes(
      'peer_unlogged',
      12,
      always,
      'whether the peer ever answered is not logged, so the address may be wrong',
    ),
    supports('route_scope', 5, (e) => e.okAround > 0, 'the same route has worked'),
    refutes(
      'route_scope',
      6,
      (e) => e.okAround === 0 && e.okElsewhere > 0,
      'this route never works, while others do',
    ),
    refutes(
      'peer_record',
      16,
      (e) => !e.everOk && e.watched >= 15_000,
      'a peer that never answered in all the log is more likely a wrong address',
    ),
    refutes('peer_record', 9, (e) => !e.everOk, 'a peer that never answered is more likely a wrong address'),
    refutes(
      'peer_record',
      6,
      (e) => e.okNear > 10 * e.failedNear,
      'the peer answers nearly everything meanwhile',
    ),
    refutes(
      'endpoint',
      8,
      (e) => e.address === 'loopback_v6',
      'localhost also means ::1, where many services never listen',
    ),
    refutes('fresh_retry_answered', 20, always, 'a new connection to it worked at once'),
    supports(
      'lone_status',
      14,
      (e) => e.source === 'alb' && e.status === 502 && e.phase === 'connecting' && (e.after ?? 0) < 1_000,
      'of targets that could not be reached at once most were down',
    ),
    supports(
      'lone_status',
      17,
      (e) => e.phase === undefined && e.status === 502 && e.source === 'alb',
      'of 502s of load balancers of which nothing else is known, a few were targets that are down',
    ),
    supports(
      'lone_line',
      17,
      says('connect_refused'),
      'of refusals of which nothing else is known most came from a program that was down',
    ),
    supports(
      'health',
      8,
      (e) => e.failed > 0 && e.symptom === 'health_check_reset',
      'checks of its health are reset',
    ),
    refutes('health', 10, (e) => e.failed === 0, 'checks of its health pass meanwhile'),
  ],
  needs: ['error_log', 'attempts', 'attempt_connect'],
  remedy: [
    {
      where: 'upstream',
      change: 'Start the process again, and read its own log from just before the first refusal',
      example: 'systemctl status app; journalctl -u app --since "10 min ago"',
    },
    {
      where: 'upstream',
      change:
        'If this was a restart, take the peer out of rotation first, or run two and restart them in turn',
    },
  ],
  success: 'The peer answers again, and no more connections to it are refused',
  mistakenFor: [
    { id: 'wrong_address', tell: 'the peer never answered in all the log' },
    { id: 'deploy_drain', tell: 'the address is replaced by a new one and never comes back' },
    { id: 'keepalive_mismatch', tell: 'single requests fail while the peer answers all others' },
  ],
  references: [
    {
      title: 'nginx: server parameters max_fails and fail_timeout',
      url: 'https://nginx.org/en/docs/http/ngx_http_upstream_module.html#server',
    },
  ],
  cases: () => [
    {
      name: 'a peer that answered before refuses connections',
      access: log(
        access({ second: 1, path: '/a', status: 200, took: 0.01 }),
        access({ second: 20, status: 502, connect: '-' }),
      ),
      error: error({ second: 20, ...refused }),
      expect: { is: 'process_down' },
    },
    {
      name: 'a peer that never answered refuses connections',
      access: access({ status: 502, connect: '-' }),
      error: error({ ...refused }),
      expect: { is: 'wrong_address' },
    },
    {
      name: 'the peer is asked no more, and a new one answers in its place',
      access: log(
        steady({ from: 0, to: 59, peers: ['192.0.2.10:9000', '192.0.2.11:9000'], perSecond: 2 }),
        repeat(3, (i) => access({ second: 60 + i, path: '/a', status: 502, connect: '-' })),
        steady({ from: 60, to: 200, peers: ['192.0.2.12:9000', '192.0.2.11:9000'], perSecond: 2 }),
      ),
      error: repeat(3, (i) => error({ second: 60 + i, connection: 30 + i, path: '/a', ...refused })),
      expect: { is: 'deploy_drain' },
    },
    {
      name: 'no peer is free after all of them refused',
      access: log(
        steady({ from: 0, to: 20, peers: ['192.0.2.10:9000', '192.0.2.11:9000'] }),
        access({
          second: 25,
          path: '/a',
          status: 502,
          peer: ['192.0.2.10:9000', '192.0.2.11:9000'],
          upstream: [502, 502],
          connect: ['-', '-'],
          header: ['-', '-'],
          response: [0.001, 0.001],
        }),
        access({ second: 26, path: '/a', status: 502, took: 0, connect: '-', peer: 'app' }),
      ),
      error: log(
        error({ second: 25, connection: 30, path: '/a', peer: '192.0.2.10:9000', ...refused }),
        error({ second: 25, connection: 30, path: '/a', peer: '192.0.2.11:9000', ...refused }),
        error({ second: 26, connection: 31, path: '/a', peer: 'app', ...noLivePeer }),
      ),
      expect: { is: 'process_down' },
    },
    {
      name: 'a target of a load balancer refuses for a while, and answers again',
      alb: log(
        albSteady({ from: 0, to: 40, targets: ['192.0.2.10:9000', '192.0.2.11:9000'], perSecond: 4 }),
        repeat(6, (i) => alb({ second: 41 + i, path: '/a', status: 502, took: 0.001 })),
        albSteady({ from: 41, to: 47, targets: ['192.0.2.11:9000'], perSecond: 2 }),
        albSteady({ from: 48, to: 120, targets: ['192.0.2.10:9000', '192.0.2.11:9000'], perSecond: 4 }),
      ),
      albHealth: albHealth({ second: 45, failed: 'ConnectionReset' }),
      expect: { is: 'process_down' },
    },
    {
      name: 'a new target of a load balancer is refused while others at its port answer',
      alb: log(
        albSteady({ from: 0, to: 90, targets: ['192.0.2.10:9000', '192.0.2.11:9000'], perSecond: 4 }),
        repeat(6, (i) =>
          alb({ second: 41 + i, path: '/a', status: 502, took: 0.001, target: '198.51.100.4:9000' }),
        ),
      ),
      expect: { isNot: 'process_down' },
    },
    {
      name: 'an origin that answered before refuses the edge, and answers again',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29, perSecond: 2, colos: ['FRA', 'IAD'] }),
        repeat(20, (i) =>
          cloudflare({ second: 30 + i / 2, path: '/a', status: 521, colo: i % 2 === 0 ? 'FRA' : 'IAD' }),
        ),
        cloudflareSteady({ from: 40, to: 60, perSecond: 2, colos: ['FRA', 'IAD'] }),
      ),
      expect: { is: 'process_down' },
    },
    {
      name: 'an origin never let the edge in',
      cloudflare: log(
        repeat(30, (i) => cloudflare({ second: i, path: '/a', status: 521 })),
        cloudflareSteady({ from: 0, to: 30, host: 'b.test', origins: ['192.0.2.20'] }),
      ),
      expect: { isNot: 'process_down' },
    },
    {
      name: 'single connections of a load balancer fail, and checks of the target pass all along',
      alb: log(
        albSteady({ from: 0, to: 120, targets: ['192.0.2.10:9000', '192.0.2.11:9000'], perSecond: 4 }),
        repeat(3, (i) =>
          alb({ second: 41 + 20 * i, path: '/a', status: 502, took: 0.001, times: [0, 0.001, -1] }),
        ),
      ),
      albHealth: [40, 70, 100].map((second) => albHealth({ second })).join('\n'),
      expect: { isNot: 'process_down' },
    },
  ],
};

import { always, decibans, type Mechanism, refutes, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { access, error, log, repeat, steady } from './sample/lines.ts';
import { refused } from './sample/words.ts';
import { isBrokenOff, isNotLetIn } from './signs/balancer.ts';
import { edgeSays, isOfAllPlaces, isOfThisPlace } from './signs/edge.ts';

/** A peer was stopped on purpose while the proxy still sent requests to it. */
export const deployDrain: Mechanism = {
  id: 'deploy_drain',
  cause: 'upstream_fault',
  title: 'A peer was replaced while it still got requests',
  summary:
    'A release or a change of scale stops a peer on purpose, and the proxy hears of it too late: for some seconds it goes on asking an address where nobody listens, and requests in hand are cut. The address does not come back; another takes its place. Over a group it walks from peer to peer.',
  status: 'trial',
  prior: decibans(-14),
  weigh: [
    supports(
      'addresses',
      14,
      (e) => e.successors > 0,
      'another address began to answer in place of this one',
    ),
    supports('place_scope', 8, isOfAllPlaces, 'all places of the edge fail alike'),
    supports(
      'symptom',
      8,
      edgeSays('answer_unusable'),
      'the connection broke, as when a process is told to end',
    ),
    refutes('place_scope', 10, isOfThisPlace, 'the other places of the edge reach it'),
    supports('symptom', 23, says('connect_refused'), 'the peer refused the connection'),
    supports(
      'symptom',
      8,
      says('reset_before_header', 'closed_before_header', 'body_closed', 'body_reset', 'send_failed'),
      'the connection broke, as when a process is told to end',
    ),
    supports(
      'symptom',
      8,
      says('connect_timed_out', 'connect_no_route'),
      'the address is gone, as after its container was removed',
    ),
    supports(
      'imprint',
      14,
      (e) => e.phase === 'connecting' && e.status === 502 && (e.after ?? 0) < 100,
      'the connection failed at once',
    ),
    supports(
      'succession',
      16,
      (e) => e.gone && !e.returned && e.newcomers > 0,
      'the peer is asked no more, and a new one answers in its place',
    ),
    supports('succession', 4, (e) => e.gone && !e.returned, 'the peer is asked no more'),
    refutes('succession', 8, (e) => e.returned, 'the same peer came back'),
    refutes(
      'peer_record',
      10,
      (e) => (e.silentFor ?? 0) >= 20_000,
      'the peer has been asked in vain for longer than a release takes to be noticed',
    ),
    refutes('peer_unlogged', 12, always, 'which peers answer before and after is not logged'),
    refutes('peer_record', 18, (e) => !e.everOk, 'a peer that never answered was not replaced'),
    refutes('lone_line', 8, says('connect_refused'), 'nothing shows that the peer was replaced'),
    supports(
      'symptom',
      10,
      says('stream_refused'),
      'the peer refused one more stream, as a server does that drains',
    ),
    refutes('endpoint', 20, (e) => e.address === 'socket', 'a socket is on the own host, at a path'),
    supports('imprint', 15, isNotLetIn, 'nobody answers at the address, as after its container was removed'),
    supports(
      'imprint',
      9,
      isBrokenOff,
      'the request was with the target and was cut off, as when the delay of its deregistration ends',
    ),
  ],
  needs: ['error_log', 'attempts', 'attempt_connect'],
  remedy: [
    {
      where: 'upstream',
      change:
        'Take the peer out of rotation first, wait longer than the proxy takes to notice, then end: stop accepting on SIGTERM and finish what is in hand',
      example: 'lifecycle: { preStop: { exec: { command: ["sleep", "15"] } } }',
    },
    {
      where: 'nginx',
      change: 'Let another peer take over at once',
      example: 'proxy_next_upstream error timeout; proxy_connect_timeout 2s;',
    },
    {
      where: 'load balancer',
      change:
        'Let the deregistration delay be longer than the slowest request, and end the process only after it',
      example:
        'aws elbv2 modify-target-group-attributes --target-group-arn ARN --attributes Key=deregistration_delay.timeout_seconds,Value=60',
    },
  ],
  success: 'A release passes without a failed request',
  mistakenFor: [
    { id: 'process_down', tell: 'the same address comes back, and no new one appears' },
    { id: 'stale_address', tell: 'the proxy goes on asking the old address for minutes' },
    { id: 'crash_mid_response', tell: 'nobody stopped it, and the same address comes back' },
  ],
  references: [
    {
      title: 'Kubernetes: termination of pods',
      url: 'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination',
    },
    {
      title: 'nginx: proxy_next_upstream',
      url: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_next_upstream',
    },
    {
      title: 'Application Load Balancers: deregistration delay',
      url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#deregistration-delay',
    },
  ],
  cases: () => [
    {
      name: 'a peer refuses for seconds, is asked no more, and a new one answers',
      access: log(
        steady({ from: 0, to: 59, peers: ['192.0.2.10:9000', '192.0.2.11:9000'], perSecond: 2 }),
        repeat(3, (i) =>
          access({ second: 60 + i, path: '/a', status: 502, connect: '-', peer: '192.0.2.10:9000' }),
        ),
        steady({ from: 60, to: 200, peers: ['192.0.2.12:9000', '192.0.2.11:9000'], perSecond: 2 }),
      ),
      error: repeat(3, (i) => error({ second: 60 + i, connection: 30 + i, path: '/a', ...refused })),
      expect: { is: 'deploy_drain' },
    },
    {
      name: 'a peer refuses for seconds and comes back',
      access: log(
        steady({ from: 0, to: 59 }),
        repeat(3, (i) => access({ second: 60 + i, path: '/a', status: 502, connect: '-' })),
        steady({ from: 66, to: 200 }),
      ),
      error: repeat(3, (i) => error({ second: 60 + i, connection: 30 + i, path: '/a', ...refused })),
      expect: { is: 'process_down' },
    },
    {
      name: 'an address refuses for a minute, and after a reload another one answers',
      access: log(
        steady({ from: 0, to: 29 }),
        repeat(20, (i) => access({ second: 30 + 3 * i, path: '/a', status: 502, connect: '-' })),
        steady({ from: 90, to: 200, peers: ['192.0.2.77:9000'] }),
      ),
      error: repeat(20, (i) => error({ second: 30 + 3 * i, connection: 30 + i, path: '/a', ...refused })),
      expect: { is: 'stale_address' },
    },
    {
      name: 'a target of a load balancer is silent, is asked no more, and a new one answers',
      alb: log(
        albSteady({ from: 0, to: 79, targets: ['192.0.2.10:9000', '192.0.2.11:9000'], perSecond: 4 }),
        repeat(4, (i) => alb({ second: 90 + i, path: '/a', status: 504, took: 10.002 })),
        albSteady({ from: 80, to: 240, targets: ['192.0.2.12:9000', '192.0.2.11:9000'], perSecond: 4 }),
      ),
      expect: { is: 'deploy_drain' },
    },
    {
      name: 'a target of a load balancer is silent for a while, and answers again',
      alb: log(
        albSteady({ from: 0, to: 79, targets: ['192.0.2.10:9000', '192.0.2.11:9000'], perSecond: 4 }),
        repeat(4, (i) => alb({ second: 90 + i, path: '/a', status: 504, took: 10.002 })),
        albSteady({ from: 80, to: 99, targets: ['192.0.2.11:9000'], perSecond: 4 }),
        albSteady({ from: 100, to: 240, targets: ['192.0.2.10:9000', '192.0.2.11:9000'], perSecond: 4 }),
      ),
      expect: { isNot: 'deploy_drain' },
    },
    {
      name: 'servers behind an edge are replaced one after another',
      cloudflare: log(
        cloudflareSteady({
          from: 0,
          to: 99,
          perSecond: 4,
          origins: ['192.0.2.10', '192.0.2.11'],
          colos: ['FRA', 'IAD', 'CDG', 'BOM'],
        }),
        repeat(16, (i) =>
          cloudflare({
            second: 100 + i / 2,
            path: '/a',
            status: 521,
            colo: ['FRA', 'IAD', 'CDG', 'BOM'][i % 4]!,
          }),
        ),
        cloudflareSteady({
          from: 100,
          to: 220,
          perSecond: 4,
          origins: ['192.0.2.12', '192.0.2.11'],
          colos: ['FRA', 'IAD', 'CDG', 'BOM'],
        }),
      ),
      expect: { is: 'deploy_drain' },
    },
    {
      name: 'the server comes back at its address',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29 }),
        repeat(8, (i) => cloudflare({ second: 30 + i, path: '/a', status: 521 })),
        cloudflareSteady({ from: 40, to: 60 }),
      ),
      expect: { isNot: 'deploy_drain' },
    },
  ],
};

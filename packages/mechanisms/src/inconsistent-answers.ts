import { always, decibans, type FactOf, type Mechanism, refutes, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { access, error, log, repeat, steady } from './sample/lines.ts';
import { refused } from './sample/words.ts';

/** A load balancer is told its targets by their addresses, and looks up no name. */
function isNamed({ source }: FactOf<'imprint'>): boolean {
  return source !== 'alb';
}

/** The name of the upstream leads to several addresses, and not all of them are right. */
export const inconsistentAnswers: Mechanism = {
  id: 'inconsistent_answers',
  cause: 'dns_unpropagated',
  title: "One of the addresses of the upstream's name is wrong",
  summary:
    'The name of the upstream has several addresses, or its servers do not agree on them, and behind some of them the service is not, or not any more. A constant share of the connects fails, on all routes, always at the same address, while the others work. It began with a change of records.',
  status: 'trial',
  prior: decibans(-16),
  weigh: [
    supports(
      'addresses',
      10,
      (e) => !e.everAnswered && e.others > 0 && e.successors === 0,
      'the name leads to several addresses, of which this one answers nobody',
    ),
    refutes('addresses', 12, (e) => e.others === 0, 'the name leads to one address only'),
    refutes('addresses', 8, (e) => e.successors > 0, 'the address was replaced by another'),
    supports('symptom', 15, says('connect_refused'), 'nobody listens at one of the addresses'),
    supports(
      'symptom',
      12,
      says('connect_timed_out', 'connect_no_route', 'connect_network_unreachable'),
      'nobody answers at one of the addresses',
    ),
    supports(
      'imprint',
      9,
      (e) => isNamed(e) && e.phase === 'connecting' && (e.status === 502 || e.status === 504),
      'no connection came up',
    ),
    supports(
      'peers_scope',
      8,
      (e) => e.failing >= 1 && e.failing < e.peers && e.silent === e.failing,
      'one address of the service answers nobody, and the others fail nobody',
    ),
    refutes('peers_scope', 10, (e) => e.failing === e.peers, 'all addresses of the service fail'),
    supports('peer_record', 4, (e) => !e.everOk, 'this address never answered in all the log'),
    supports('route_scope', 6, (e) => e.okAround > 0, 'the same route works by way of other addresses'),
    refutes('peer_unlogged', 12, always, 'which address was tried and which answer is not logged'),
    refutes('endpoint', 20, (e) => e.address === 'socket', 'the name of a socket is not looked up'),
    refutes('peer_record', 10, (e) => e.okNear > 0, 'this address answers others meanwhile'),
    refutes('peer_record', 6, (e) => e.okAfter > 0, 'this address answered again'),
  ],
  needs: ['error_log', 'attempts', 'attempt_connect', 'service'],
  remedy: [
    {
      where: 'DNS',
      change:
        "Ask each of the zone's servers, and the proxy's resolver, and take out the record that is wrong",
      example: 'for s in $(dig +short NS ZONE); do dig +short NAME @$s; done',
    },
    { where: 'DNS', change: 'Before the next move lower the TTL of the record' },
  ],
  success: 'All servers of the zone give the same addresses, and each of them answers',
  mistakenFor: [
    { id: 'process_down', tell: 'the peer answered before, and the set of addresses did not change' },
    { id: 'wrong_address', tell: 'the address stands in the configuration and not in DNS' },
    { id: 'stale_address', tell: 'all connects go to the old address' },
  ],
  references: [
    { title: 'nginx: resolver', url: 'https://nginx.org/en/docs/http/ngx_http_core_module.html#resolver' },
    {
      title: 'DNS: records of one name (RFC 2181, section 5)',
      url: 'https://www.rfc-editor.org/rfc/rfc2181#section-5',
    },
  ],
  cases: () => [
    {
      name: 'one of three addresses refuses from the first request, on routes that work by the others',
      access: log(
        steady({
          from: 0,
          to: 120,
          routes: ['/a', '/b', '/c', '/d'],
          peers: ['192.0.2.10:9000', '192.0.2.11:9000'],
          perSecond: 2,
        }),
        repeat(20, (i) =>
          access({
            second: 5 + 5 * i,
            method: 'POST',
            path: '/a',
            status: 502,
            connect: '-',
            peer: '192.0.2.99:9000',
          }),
        ),
      ),
      error: repeat(20, (i) =>
        error({
          second: 5 + 5 * i,
          connection: 30 + i,
          method: 'POST',
          path: '/a',
          peer: '192.0.2.99:9000',
          ...refused,
        }),
      ),
      expect: { is: 'inconsistent_answers' },
    },
    {
      name: 'all peers of a service refuse',
      access: log(
        steady({ from: 0, to: 9, peers: ['192.0.2.10:9000', '192.0.2.11:9000'] }),
        repeat(6, (i) =>
          access({ second: 20 + i, path: '/a', status: 502, connect: '-', peer: `192.0.2.1${i % 2}:9000` }),
        ),
      ),
      error: repeat(6, (i) =>
        error({ second: 20 + i, connection: 30 + i, path: '/a', peer: `192.0.2.1${i % 2}:9000`, ...refused }),
      ),
      expect: { is: 'process_down' },
    },
    {
      name: 'one of the targets of a load balancer is silent',
      alb: log(
        albSteady({ from: 0, to: 120, targets: ['192.0.2.10:9000', '192.0.2.11:9000'], perSecond: 4 }),
        repeat(8, (i) =>
          alb({ second: 50 + 2 * i, path: '/a', status: 504, took: 10.003, target: '198.51.100.4:9000' }),
        ),
      ),
      expect: { isNot: 'inconsistent_answers' },
    },
    {
      name: 'a name leads the edge to three addresses, of which one answers nobody',
      cloudflare: log(
        cloudflareSteady({
          from: 0,
          to: 119,
          perSecond: 3,
          origins: ['192.0.2.91', '192.0.2.92', '192.0.2.93'],
        }),
        repeat(60, (i) => cloudflare({ second: 50 + i, path: '/a', status: 521, origin: '192.0.2.200' })),
      ),
      expect: { is: 'inconsistent_answers' },
    },
    {
      name: 'one of three addresses refuses for a while, as a server does that is started again',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 119, perSecond: 2, origins: ['192.0.2.91', '192.0.2.92'] }),
        cloudflareSteady({ from: 0, to: 49, origins: ['192.0.2.93'] }),
        repeat(8, (i) => cloudflare({ second: 50 + i, path: '/a', status: 521, origin: '192.0.2.93' })),
        cloudflareSteady({ from: 60, to: 119, origins: ['192.0.2.93'] }),
      ),
      expect: { isNot: 'inconsistent_answers' },
    },
  ],
};

import { decibans, type Mechanism, proves, refutes, says, supports } from '@why502/model';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { conf } from './sample/conf.ts';
import { access, error, log, repeat, steady } from './sample/lines.ts';
import { noLivePeer, refused } from './sample/words.ts';

/** A cap on connections to the upstream is reached, and no peer failed. */
export const connectionLimit: Mechanism = {
  id: 'connection_limit',
  cause: 'upstream_overload',
  title: 'The limit of connections to the upstream is reached',
  summary:
    'Every peer of the group has as many connections as max_conns allows, so that none may be picked, and nginx answers 502 at once with "no live upstreams". The peers are well and answer all that they were given. It comes and goes with the number of requests in flight.',
  status: 'trial',
  prior: decibans(-15),
  weigh: [
    proves(
      'symptom',
      says('requests_queued'),
      'the edge says that too many requests wait for the origin already',
    ),
    supports('symptom', 10, says('no_live_peer'), 'no peer of the group could be picked'),
    supports('imprint', 9, (e) => e.phase === 'unpicked', 'no peer of the group could be picked'),
    supports('route_scope', 8, (e) => e.okNear > 0, 'the same route is answered to others meanwhile'),
    refutes('route_scope', 12, (e) => e.okNear === 0, 'the route is answered to nobody meanwhile'),
    supports('load', 5, (e) => (e.inFlightRatio ?? 0) >= 1.5, 'more requests are in flight than usual'),
    supports('symptom', 10, says('stream_refused'), 'the peer took no more streams'),
    supports(
      'configured_group',
      14,
      (e) => e.maxConnections !== undefined,
      'the configuration limits connections to the peers',
    ),
    refutes(
      'configured_group',
      24,
      (e) => e.maxConnections === undefined,
      'the configuration does not limit connections to all the peers',
    ),
  ],
  needs: ['error_log', 'attempts', 'service', 'duration'],
  remedy: [
    {
      where: 'nginx',
      change: 'Raise max_conns to what the peers can bear, or add peers',
      example: 'server app:8080 max_conns=200;',
    },
    {
      where: 'upstream',
      change:
        'Make requests shorter: the limit is one of requests in flight, and each holds its place as long as it takes',
    },
  ],
  success: '"no live upstreams" is gone at the busiest hour, and the peers keep their answer times',
  mistakenFor: [
    { id: 'process_down', tell: 'failed tries put the peers aside in the seconds before' },
    { id: 'no_targets', tell: 'no peer of the group ever answers' },
    { id: 'proxy_connection_limit', tell: 'the proxy itself has no connections, files or ports left' },
  ],
  references: [
    {
      title: 'nginx: server parameter max_conns',
      url: 'https://nginx.org/en/docs/http/ngx_http_upstream_module.html#max_conns',
    },
  ],
  cases: () => [
    {
      name: 'no peer can be picked while all of them answer',
      access: log(
        steady({ from: 0, to: 20, took: 0.2 }),
        steady({ from: 21, to: 40, took: 0.9, perSecond: 8 }),
        repeat(5, (i) =>
          access({ second: 30 + i, path: '/a', status: 502, took: 0, connect: '-', peer: 'app' }),
        ),
      ),
      error: repeat(5, (i) =>
        error({ second: 30 + i, connection: 30 + i, path: '/a', peer: 'app', ...noLivePeer }),
      ),
      expect: { is: 'connection_limit' },
    },
    {
      name: 'the peers were put aside after they refused',
      access: log(
        steady({ from: 0, to: 20, peers: ['192.0.2.10:9000', '192.0.2.11:9000'] }),
        access({
          second: 25,
          path: '/a',
          status: 502,
          connect: ['-', '-'],
          header: ['-', '-'],
          response: [0.001, 0.001],
          upstream: [502, 502],
          peer: ['192.0.2.10:9000', '192.0.2.11:9000'],
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
      name: 'no peer can be picked, and none ever answers',
      access: repeat(5, (i) => access({ second: 20 + i, status: 502, took: 0, connect: '-', peer: 'app' })),
      error: repeat(5, (i) => error({ second: 20 + i, connection: 30 + i, peer: 'app', ...noLivePeer })),
      expect: { is: 'no_targets' },
    },
    {
      name: 'no peer can be picked, and the configuration does not limit connections',
      access: log(
        steady({ from: 0, to: 20, took: 0.2 }),
        steady({ from: 21, to: 40, took: 0.9, perSecond: 8 }),
        access({ second: 30, path: '/a', status: 502, took: 0, connect: '-', peer: 'app' }),
      ),
      error: error({ second: 30, path: '/a', peer: 'app', ...noLivePeer }),
      configurations: [conf({})],
      expect: { isNot: 'connection_limit' },
    },
    {
      name: 'no peer can be picked now and then, and the configuration limits connections',
      access: log(
        steady({ from: 0, to: 40, took: 0.4 }),
        access({ second: 30, path: '/a', status: 502, took: 0, connect: '-', peer: 'app' }),
      ),
      configurations: [conf({ group: 'server 192.0.2.10:9000 max_conns=8;' })],
      expect: { is: 'connection_limit' },
    },
    {
      name: 'the edge says 1200',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29 }),
        cloudflare({ second: 20, status: 503, origin: '', errorType: '1200' }),
      ),
      expect: { is: 'connection_limit' },
    },
    {
      name: 'a rule of the zone limits the rate',
      cloudflare: cloudflare({ status: 503, origin: '', pathing: 'user ban rate_limit' }),
      expect: { isNot: 'connection_limit' },
    },
  ],
};

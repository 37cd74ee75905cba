import { always, decibans, type Mechanism, refutes, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { conf } from './sample/conf.ts';
import { access, error, log, repeat, steady } from './sample/lines.ts';
import { refused } from './sample/words.ts';
import { isNotLetIn } from './signs/balancer.ts';
import { edgeSays, isCutOff, isOfAllPlaces } from './signs/edge.ts';

/** The proxy goes on using an address that the name of the upstream no longer has. */
export const staleAddress: Mechanism = {
  id: 'stale_address',
  cause: 'dns_unpropagated',
  title: 'The proxy still uses an old address of the upstream',
  summary:
    'A name in proxy_pass or upstream without a variable is looked up once, when nginx starts or reloads. The service has moved, the name leads to its new address, and nginx goes on asking the old one, where nobody is or somebody else. It ends at the next reload.',
  status: 'trial',
  prior: decibans(-16),
  weigh: [
    refutes(
      'place_scope',
      8,
      isOfAllPlaces,
      'all places of the edge fail alike, while answers about names run out at different times',
    ),
    supports('symptom', 8, edgeSays('answer_unusable'), 'the server at the old address ends'),
    supports(
      'addresses',
      12,
      (e) => e.successors > 0,
      'another address of the name began to answer about when this one ceased',
    ),
    supports('place_scope', 6, isCutOff, 'other places of the edge know another address already'),
    supports('symptom', 23, says('connect_refused'), 'nobody listens at the address any more'),
    supports(
      'symptom',
      14,
      says('connect_timed_out', 'connect_no_route'),
      'nobody answers at the address any more',
    ),
    supports('symptom', 6, says('tls_certificate_name'), 'somebody else has the address'),
    supports(
      'imprint',
      14,
      (e) => e.phase === 'connecting' && e.status === 502 && (e.after ?? 0) < 100,
      'the connection failed at once',
    ),
    supports(
      'imprint',
      11,
      (e) => e.phase === 'connecting' && (e.status === 504 || (e.after ?? 0) >= 500),
      'no connection came up',
    ),
    supports(
      'succession',
      17,
      (e) => !e.returned && e.newcomers > 0 && e.stillAsked,
      'the old address never answers again, and is still asked when a new one answers',
    ),
    supports(
      'succession',
      12,
      (e) => !e.returned && e.newcomers > 0,
      'the old address never answers again, and a new one does',
    ),
    refutes('succession', 14, (e) => e.returned, 'the same address answered again'),
    supports(
      'peer_record',
      8,
      (e) => e.everOk && (e.silentFor ?? 0) >= 20_000 && e.okAfter === 0,
      'the address has been asked in vain for long, and never answered again',
    ),
    refutes('peer_unlogged', 12, always, 'which peers answer before and after is not logged'),
    refutes('peer_record', 22, (e) => !e.everOk, 'the address never was right'),
    refutes(
      'endpoint',
      15,
      (e) => e.address === 'loopback_v4' || e.address === 'loopback_v6' || e.address === 'socket',
      'the own host has no other address for itself',
    ),
    refutes('endpoint', 20, (e) => e.address === 'socket', 'a socket is on the own host, at a path'),
    supports('configured_peer', 8, (e) => e.lookup === 'once', 'nginx looks the name up only when it starts'),
    refutes(
      'configured_peer',
      10,
      (e) => e.lookup === 'address' && !e.moved,
      'the address comes from no name',
    ),
    supports('configured_peer', 5, (e) => e.moved, 'another version of the configuration leads elsewhere'),
    refutes('configured_peer', 6, (e) => e.lookup === 'again', 'the name is looked up again and again'),
    supports('imprint', 14, isNotLetIn, 'nobody answers at the address any more'),
  ],
  needs: ['error_log', 'attempts', 'attempt_connect'],
  remedy: [
    { where: 'nginx', change: 'Reload now, so that the name is looked up again', example: 'nginx -s reload' },
    {
      where: 'nginx',
      change: 'Then let it look the name up by itself (resolve: since 1.27.3)',
      example: 'resolver 127.0.0.11 valid=10s; upstream app { zone app 64k; server app:8080 resolve; }',
    },
  ],
  success: 'After the next move of the service nginx follows without a reload',
  mistakenFor: [
    { id: 'process_down', tell: 'the name still has this address' },
    { id: 'deploy_drain', tell: 'it lasts seconds, and the proxy learns the new address by itself' },
    { id: 'wrong_address', tell: 'the address never answered' },
  ],
  references: [
    {
      title: 'nginx: server parameter resolve',
      url: 'https://nginx.org/en/docs/http/ngx_http_upstream_module.html#resolve',
    },
    { title: 'nginx: resolver', url: 'https://nginx.org/en/docs/http/ngx_http_core_module.html#resolver' },
  ],
  cases: () => [
    {
      name: 'an address refuses for a minute, until after a reload another one answers',
      access: log(
        steady({ from: 0, to: 29 }),
        repeat(20, (i) => access({ second: 30 + 3 * i, path: '/a', status: 502, connect: '-' })),
        steady({ from: 90, to: 200, peers: ['192.0.2.77:9000'] }),
      ),
      error: repeat(20, (i) => error({ second: 30 + 3 * i, connection: 30 + i, path: '/a', ...refused })),
      expect: { is: 'stale_address' },
    },
    {
      name: 'an address refuses and answers again later',
      access: log(
        steady({ from: 0, to: 29 }),
        repeat(10, (i) => access({ second: 30 + 3 * i, path: '/a', status: 502, connect: '-' })),
        steady({ from: 62, to: 160 }),
      ),
      error: repeat(10, (i) => error({ second: 30 + 3 * i, connection: 30 + i, path: '/a', ...refused })),
      expect: { is: 'process_down' },
    },
    {
      name: 'an address that never answered refuses',
      access: repeat(5, (i) => access({ second: 30 + 3 * i, status: 502, connect: '-' })),
      error: repeat(5, (i) => error({ second: 30 + 3 * i, connection: 30 + i, ...refused })),
      expect: { is: 'wrong_address' },
    },
    {
      name: 'a peer refuses for seconds, is asked no more, and a new one answers',
      access: log(
        steady({ from: 0, to: 59, peers: ['192.0.2.10:9000', '192.0.2.11:9000'], perSecond: 2 }),
        repeat(3, (i) => access({ second: 60 + i, path: '/a', status: 502, connect: '-' })),
        steady({ from: 60, to: 200, peers: ['192.0.2.12:9000', '192.0.2.11:9000'], perSecond: 2 }),
      ),
      error: repeat(3, (i) => error({ second: 60 + i, connection: 30 + i, path: '/a', ...refused })),
      expect: { is: 'deploy_drain' },
    },
    {
      name: 'the address that refuses stands in the configuration itself',
      access: log(
        steady({ from: 0, to: 29 }),
        repeat(20, (i) => access({ second: 30 + 3 * i, path: '/a', status: 502, connect: '-' })),
      ),
      error: repeat(20, (i) => error({ second: 30 + 3 * i, connection: 30 + i, path: '/a', ...refused })),
      configurations: [conf({})],
      expect: { isNot: 'stale_address' },
    },
    {
      name: 'the address that refuses for good came from a name that is looked up at start',
      access: log(
        steady({ from: 0, to: 29 }),
        repeat(20, (i) => access({ second: 30 + 3 * i, path: '/a', status: 502, connect: '-' })),
        steady({ from: 90, to: 200, peers: ['192.0.2.77:9000'] }),
      ),
      configurations: [conf({ group: 'server app.internal:9000;' })],
      expect: { is: 'stale_address' },
    },
    {
      name: 'one place of the edge goes on with the old address of a name that moved',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 99, colos: ['FRA', 'IAD', 'CDG', 'BOM'], perSecond: 4 }),
        cloudflareSteady({
          from: 95,
          to: 200,
          origins: ['192.0.2.77'],
          colos: ['FRA', 'IAD', 'CDG'],
          perSecond: 3,
        }),
        repeat(60, (i) => cloudflare({ second: 100 + i, path: '/a', status: 521, colo: 'BOM' })),
      ),
      expect: { is: 'stale_address' },
    },
    {
      name: 'the only address of a name refuses the edge for a while',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29 }),
        repeat(8, (i) => cloudflare({ second: 30 + i, path: '/a', status: 521 })),
        cloudflareSteady({ from: 40, to: 60 }),
      ),
      expect: { isNot: 'stale_address' },
    },
    {
      name: 'a pod has moved, and the load balancer goes on asking its old address for minutes',
      alb: log(
        albSteady({ from: 0, to: 59, targets: ['192.0.2.10:9000', '192.0.2.11:9000'], perSecond: 4 }),
        repeat(60, (i) => alb({ second: 70 + 2 * i, path: '/a', status: 504, took: 10.002 })),
        albSteady({ from: 60, to: 190, targets: ['192.0.2.12:9000', '192.0.2.11:9000'], perSecond: 4 }),
      ),
      expect: { is: 'stale_address' },
    },
  ],
};

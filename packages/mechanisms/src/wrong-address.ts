import { always, decibans, type Mechanism, proves, refutes, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { access, error, log, repeat, steady } from './sample/lines.ts';
import { connectTimedOut, refused } from './sample/words.ts';
import { isNotLetIn } from './signs/balancer.ts';
import { edgeSays, isOfThisPlace } from './signs/edge.ts';

/** The service never was at the address that the proxy asks. */
export const wrongAddress: Mechanism = {
  id: 'wrong_address',
  cause: 'misconfiguration',
  title: 'The configured address never was that of the service',
  summary:
    'The proxy asks a host or port at which the service does not listen: a typo, the port of another service, localhost in a container where only the proxy itself is, or localhost as ::1 while the service listens on 127.0.0.1. It may also bind itself to an address it does not have. It fails from the first request, and nothing on the side of the service shows.',
  status: 'stable',
  prior: decibans(-10),
  weigh: [
    supports(
      'lone_status',
      18,
      (e) => e.phase === undefined && e.status === 502 && e.source === 'nginx',
      'of 502s of which nothing else is known, some are addresses that are wrong',
    ),
    proves(
      'symptom',
      edgeSays('address_forbidden'),
      'the record leads to an address that the edge does not go to, such as one of its own',
    ),
    refutes('place_scope', 8, isOfThisPlace, 'the other places of the edge are led to a right one'),
    refutes('addresses', 10, (e) => e.others > 0, 'the name leads to other addresses as well, which answer'),
    supports('symptom', 25, says('connect_refused'), 'nobody listens there'),
    supports('symptom', 12, says('connect_timed_out'), 'nobody answers there'),
    supports(
      'symptom',
      12,
      says('connect_no_route', 'connect_network_unreachable'),
      'there is no way to the address',
    ),
    proves('symptom', says('connect_invalid_address'), 'the address is none that can be connected to'),
    proves(
      'symptom',
      says('proxy_bind_failed'),
      'the proxy was told to use a local address it does not have',
    ),
    proves(
      'symptom',
      says('proxy_address_family'),
      'the host of the proxy does not have this kind of address',
    ),
    supports('symptom', 6, says('no_live_peer'), 'no peer of the group could be asked'),
    supports(
      'imprint',
      16,
      (e) => e.phase === 'connecting' && e.status === 502 && (e.after ?? 0) < 100,
      'the connection failed at once, as refused ones do, but also failed handshakes and local limits',
    ),
    supports(
      'imprint',
      9,
      (e) => e.source !== 'alb' && e.phase === 'connecting' && (e.status === 504 || (e.after ?? 0) >= 500),
      'no connection came up',
    ),
    supports(
      'imprint',
      3,
      isNotLetIn,
      'no connection came up; a host at which nobody listens would have refused',
    ),
    supports(
      'peer_record',
      9,
      (e) => !e.everOk && e.watched < 15_000,
      'the peer never answered, in a log that is short',
    ),
    supports(
      'peer_record',
      14,
      (e) => !e.everOk && e.watched >= 15_000,
      'the peer never answered in all the log',
    ),
    refutes('peer_record', 22, (e) => e.everOk, 'the peer has answered, so the address is right'),
    refutes('peer_unlogged', 12, always, 'whether the peer ever answered is not logged'),
    refutes('route_scope', 16, (e) => e.okAround > 0, 'the same route has worked'),
    supports(
      'route_scope',
      6,
      (e) => e.okAround === 0 && e.okElsewhere > 0,
      'this route never works, while others do',
    ),
    supports(
      'endpoint',
      16,
      (e) => e.address === 'loopback_v6',
      'many services listen on 127.0.0.1 only, and localhost also means [::1]',
    ),
    supports(
      'endpoint',
      14,
      (e) => e.address === 'localhost',
      'localhost may stand for two addresses, of which the service listens on one',
    ),
    supports('endpoint', 20, (e) => e.address === 'unspecified', 'the address is a placeholder'),
    supports('lone_line', 16, says('connect_refused'), 'nothing shows that anybody ever listened there'),
    supports(
      'lone_line',
      17,
      (e) => e.source === 'cloudflared' && e.symptom === 'connect_refused',
      'of such lines of a connector most were about localhost, which in a container is the container itself',
    ),
    supports(
      'lone_line',
      28,
      (e) => e.source === 'nginx_error' && e.symptom === 'connect_timed_out',
      'nothing shows that anybody was ever reached there, and wrong addresses are common',
    ),
    supports(
      'lone_line',
      24,
      says('no_live_peer'),
      'nothing shows that the group ever had a peer that answered',
    ),
    refutes('endpoint', 25, (e) => e.address === 'socket', 'a socket has a path, and no address or port'),
    supports('configured_peer', 8, (e) => e.moved, 'another version of the configuration leads elsewhere'),
    refutes('registration', 14, (e) => e.samePort > 0, 'other peers answer at this port'),
    supports(
      'registration',
      7,
      (e) => e.samePort === 0 && e.sameNetwork + e.otherNetworks > 0,
      'others of the service answer at another port',
    ),
    refutes(
      'registration',
      7,
      (e) => e.tlsPort && e.samePort === 0,
      'the port is one of TLS, whose handshake may be what fails',
    ),
    refutes('health', 12, (e) => e.failed === 0, 'checks of its health find the service'),
  ],
  needs: ['error_log', 'attempts', 'attempt_connect'],
  remedy: [
    {
      where: 'nginx',
      change:
        'Compare host and port with where the service listens; between containers that is the name of the service, and not localhost',
      example: 'ss -tlnp; proxy_pass http://app:8080;',
    },
    {
      where: 'upstream',
      change:
        'Let the service listen on an address that the proxy reaches, not on 127.0.0.1 of its own container',
      example: 'HOST=0.0.0.0',
    },
    {
      where: 'load balancer',
      change:
        'Register the targets at the port at which they listen; the port of the health check may differ',
      example: 'aws elbv2 describe-target-health --target-group-arn TARGET_GROUP_ARN',
    },
  ],
  success: 'The peer answers for the first time in the log',
  mistakenFor: [
    { id: 'process_down', tell: 'the peer answered before' },
    { id: 'stale_address', tell: 'the address was right long ago, and the name has another by now' },
    { id: 'access_blocked', tell: 'the service listens there, and others reach it' },
    { id: 'host_unreachable', tell: 'the peer answered before' },
  ],
  references: [
    {
      title: 'nginx: proxy_pass',
      url: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_pass',
    },
    {
      title: 'Docker: networking in Compose',
      url: 'https://docs.docker.com/compose/how-tos/networking/',
    },
  ],
  cases: () => [
    {
      name: 'one route goes to a port that refuses from the first request, others work',
      access: log(
        steady({ from: 0, to: 60 }),
        repeat(4, (i) => access({ second: 10 + 9 * i, status: 502, connect: '-', peer: '192.0.2.10:9001' })),
      ),
      error: repeat(4, (i) =>
        error({ second: 10 + 9 * i, connection: 30 + i, peer: '192.0.2.10:9001', ...refused }),
      ),
      expect: { is: 'wrong_address' },
    },
    {
      name: 'the same without an error log',
      access: log(
        steady({ from: 0, to: 60 }),
        repeat(4, (i) => access({ second: 10 + 9 * i, status: 502, connect: '-', peer: '192.0.2.10:9001' })),
      ),
      expect: { is: 'wrong_address' },
    },
    {
      name: 'an address that never answered has no route',
      access: access({ status: 502, took: 3.05, connect: '-' }),
      error: error({ message: 'connect() failed (113: No route to host)', action: 'connecting to upstream' }),
      expect: { is: 'wrong_address' },
    },
    {
      name: 'an address that never answered is silent',
      access: access({ status: 504, took: 60, connect: '-', second: 75 }),
      error: error({ second: 75, ...connectTimedOut }),
      expect: { is: 'wrong_address' },
    },
    {
      name: 'the proxy binds to an address that is not its own',
      access: access({ status: 500, took: 0, peer: '-' }),
      error: error({
        level: 'crit',
        message: 'bind(198.51.100.7) failed (99: Cannot assign requested address)',
        action: 'connecting to upstream',
      }),
      expect: { is: 'wrong_address' },
    },
    {
      name: 'a peer that answered before refuses',
      access: log(steady({ from: 0, to: 9 }), access({ second: 20, path: '/a', status: 502, connect: '-' })),
      error: error({ second: 20, path: '/a', ...refused }),
      expect: { is: 'process_down' },
    },
    {
      name: 'localhost is tried as ::1, where the service does not listen, and no access log names peers',
      access: '203.0.113.7 - - [10/Nov/2026:10:00:15 +0000] "GET /b HTTP/1.1" 502 157 "-" "x"',
      error: error({ peer: '[::1]:9000', ...refused }),
      expect: { is: 'wrong_address' },
    },
    {
      name: 'SELinux forbids nginx to connect to an address that is right',
      access: access({ status: 502, took: 0, connect: '-' }),
      error: error({
        level: 'crit',
        message: 'connect() to 192.0.2.10:9000 failed (13: Permission denied)',
        action: 'connecting to upstream',
      }),
      expect: { is: 'access_blocked' },
    },
    {
      name: 'no target of a group ever answers the load balancer: each refuses at once',
      alb: log(
        albSteady({ from: 0, to: 90, perSecond: 2 }),
        repeat(20, (i) =>
          alb({
            second: 20 + 3 * i,
            path: '/shop',
            status: 502,
            took: 0.001,
            target: `192.0.2.${20 + (i % 2)}:9001`,
            group: 'shop',
          }),
        ),
      ),
      expect: { is: 'wrong_address' },
    },
    {
      name: 'a target that answered the load balancer refuses',
      alb: log(albSteady({ from: 0, to: 14 }), alb({ path: '/a', status: 502, took: 0.001 })),
      expect: { isNot: 'wrong_address' },
    },
    {
      name: 'an origin refuses the edge from the first day',
      cloudflare: log(
        repeat(30, (i) => cloudflare({ second: i, path: '/a', status: 521 })),
        cloudflareSteady({ from: 0, to: 30, host: 'b.test', origins: ['192.0.2.20'] }),
      ),
      expect: { is: 'wrong_address' },
    },
    {
      name: 'the record leads to an address of the edge itself',
      cloudflare: cloudflare({ status: 530, origin: '', errorType: '1000' }),
      expect: { is: 'wrong_address' },
    },
    {
      name: 'the origin refuses for a while what it answered before',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29 }),
        repeat(8, (i) => cloudflare({ second: 30 + i, path: '/a', status: 521 })),
        cloudflareSteady({ from: 40, to: 60 }),
      ),
      expect: { isNot: 'wrong_address' },
    },
  ],
};

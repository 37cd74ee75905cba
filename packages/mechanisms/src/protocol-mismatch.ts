import { decibans, type Mechanism, proves, refutes, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { conf } from './sample/conf.ts';
import { access, error, log, repeat, steady } from './sample/lines.ts';
import { closed, handshakeTimedOut, reset } from './sample/words.ts';
import { isBrokenOff, isRejected } from './signs/balancer.ts';
import { edgeSays } from './signs/edge.ts';

/** Proxy and peer speak different protocols. */
export const protocolMismatch: Mechanism = {
  id: 'protocol_mismatch',
  cause: 'misconfiguration',
  title: 'Proxy and peer speak different protocols',
  summary:
    'Something listens at the address and does not understand what the proxy says: plain HTTP at a TLS port, TLS at a plain port, HTTP/1 where HTTP/2 or FastCGI is meant. The peer answers with something odd, closes at once, or waits for more until a timer ends it. It never worked, for no request.',
  status: 'stable',
  prior: decibans(-12),
  weigh: [
    proves(
      'relayed',
      (e) => e.status === 464,
      'a load balancer behind answered so, whose target group takes another version of the protocol',
    ),
    supports('symptom', 7, edgeSays('answer_unusable'), 'what is sent in another protocol cannot be used'),
    proves('symptom', says('tls_peer_speaks_plain'), 'the peer answered the TLS handshake in plain text'),
    proves('symptom', says('not_http'), 'what the peer sent is not of the protocol that nginx speaks to it'),
    proves('symptom', says('early_response'), 'the peer sent plain bytes before it was asked'),
    proves('symptom', says('socket_wrong_type'), 'the socket takes datagrams, no connections'),
    supports(
      'symptom',
      14,
      says('tls_timed_out'),
      'a server of plain text waits for the end of what it takes for a request',
    ),
    supports('symptom', 10, says('tls_closed'), 'the peer closed when it was sent a TLS handshake'),
    supports(
      'symptom',
      8,
      says('reset_before_header', 'closed_before_header'),
      'the peer broke off when it was sent a request',
    ),
    supports(
      'imprint',
      5,
      (e) => e.phase === 'waiting' && e.status === 502 && (e.bytesReceived ?? 0) === 0,
      'the peer was connected, asked, and sent nothing',
    ),
    supports(
      'imprint',
      12,
      (e) => e.source !== 'alb' && e.phase === 'connecting' && e.status === 502 && (e.after ?? 0) < 500,
      'the connection, handshake included, failed at once',
    ),
    supports(
      'imprint',
      6,
      (e) => e.phase === 'connecting' && e.status === 504,
      'no connection, handshake included, came up until the timer ended the try',
    ),
    supports('peer_record', 10, (e) => !e.everOk, 'no request to this peer ever worked'),
    refutes(
      'peer_record',
      18,
      (e) => e.everOk && e.okNear > 2 * e.failedNear,
      'the peer answers in this protocol',
    ),
    refutes('peer_record', 8, (e) => e.everOk, 'the peer has answered in this protocol before'),
    supports('route_scope', 8, (e) => e.okAround === 0 && e.failedHere >= 3, 'the route is never answered'),
    refutes('route_scope', 9, (e) => e.okHere >= e.failedHere, 'the route is answered meanwhile'),
    refutes('route_scope', 4, (e) => e.okAround > 0, 'the route was answered before'),
    supports('endpoint', 15, (e) => e.portContradictsScheme, 'the port is by custom not one for this scheme'),
    supports(
      'lone_request',
      8,
      (e) => e.protocol === 'websocket',
      'a WebSocket needs headers that nginx hands on only when told to',
    ),
    supports(
      'lone_request',
      12,
      (e) => e.protocol === 'grpc',
      'the request is gRPC, which needs HTTP/2 towards the peer',
    ),
    supports(
      'lone_line',
      4,
      says('closed_before_header'),
      'nothing shows that this peer ever answered in this protocol',
    ),
    refutes(
      'lone_line',
      20,
      (e) => e.source === 'nginx_error' && e.symptom === 'not_http',
      'by itself this may also be one answer with a bad status line',
    ),
    refutes(
      'endpoint',
      12,
      (e) => e.address === 'socket',
      'what takes connections at a socket mostly speaks what is meant',
    ),
    supports(
      'configured_protocol',
      46,
      (e) => e.changed,
      'versions of the configuration differ in the protocol, so that what the peer answered before says nothing',
    ),
    proves(
      'symptom',
      says('protocol_version_refused'),
      'the protocol of the request is not the one that the target group is for',
    ),
    supports(
      'imprint',
      7,
      isRejected,
      'the connection, or a handshake that the target does not understand, failed at once',
    ),
    supports('imprint', 9, isBrokenOff, 'the target was asked, and closed the connection or answered badly'),
    refutes('health', 8, (e) => e.failed === 0, 'checks of its health speak the same protocol, and pass'),
    supports(
      'outage',
      24,
      (e) => e.answeredBefore && e.routesFailing >= 0.8 && e.peers >= 2,
      'from one moment on all peers and routes fail in the same way, as after a change of what is spoken with them',
    ),
    supports(
      'outage',
      14,
      (e) => e.answeredBefore && e.routesFailing >= 0.8,
      'from one moment on all routes fail in the same way',
    ),
  ],
  needs: ['error_log', 'attempts', 'attempt_connect', 'attempt_bytes_received'],
  remedy: [
    {
      where: 'nginx',
      change:
        'Make scheme and port agree: https:// with the TLS port, grpc_pass for gRPC, fastcgi_pass for PHP-FPM',
      example: 'proxy_pass https://app:8443;',
    },
    {
      where: 'upstream',
      change: 'See what the port speaks',
      example: 'curl -v http://PEER:PORT/; openssl s_client -connect PEER:PORT </dev/null',
    },
    {
      where: 'load balancer',
      change:
        'Give the target group the protocol and version that its targets speak: HTTP or HTTPS, and HTTP1, HTTP2 or GRPC, which is chosen when the group is made',
      example:
        'aws elbv2 describe-target-groups --query "TargetGroups[].[TargetGroupName,Protocol,ProtocolVersion]"',
    },
  ],
  success: 'The first request through the proxy is answered',
  mistakenFor: [
    { id: 'tls_handshake', tell: 'the peer does speak TLS, and sends an alert' },
    { id: 'keepalive_mismatch', tell: 'most requests to the peer work' },
    { id: 'crash_mid_response', tell: 'the peer answered before' },
    { id: 'malformed_response', tell: 'most of what the peer sends is proper, and one header line is not' },
  ],
  references: [
    {
      title: 'nginx: proxy_pass',
      url: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_pass',
    },
    {
      title: 'nginx: grpc_pass',
      url: 'https://nginx.org/en/docs/http/ngx_http_grpc_module.html#grpc_pass',
    },
    {
      title: 'Application Load Balancers: HTTP 464',
      url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-464-issues',
    },
  ],
  cases: () => [
    {
      name: 'TLS is spoken to a plain port',
      access: access({ status: 502, connect: '-' }),
      error: error({
        message: 'SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number)',
        action: 'SSL handshaking to upstream',
        scheme: 'https',
      }),
      expect: { is: 'protocol_mismatch' },
    },
    {
      name: 'plain HTTP is spoken to a TLS port, which resets every request from the first',
      access: log(
        access({ second: 15, method: 'POST', path: '/a', status: 502, peer: '192.0.2.10:9443' }),
        access({ second: 16, path: '/b', status: 502, peer: '192.0.2.10:9443' }),
        access({ second: 17, path: '/c', status: 502, peer: '192.0.2.10:9443' }),
      ),
      error: log(
        error({ second: 15, connection: 1, method: 'POST', path: '/a', peer: '192.0.2.10:9443', ...reset }),
        error({ second: 16, connection: 2, path: '/b', peer: '192.0.2.10:9443', ...reset }),
        error({ second: 17, connection: 3, path: '/c', peer: '192.0.2.10:9443', ...reset }),
      ),
      expect: { is: 'protocol_mismatch' },
    },
    {
      name: 'an HTTP server is spoken to as FastCGI',
      access: access({ status: 502 }),
      error: error({
        message: 'upstream sent unsupported FastCGI protocol version: 72',
        action: 'reading response header from upstream',
        scheme: 'fastcgi',
      }),
      expect: { is: 'protocol_mismatch' },
    },
    {
      name: 'a peer that answers others closes one connection',
      access: log(
        steady({ from: 0, to: 30, perSecond: 2, method: 'POST' }),
        access({ method: 'POST', path: '/a', status: 502 }),
      ),
      error: error({ method: 'POST', path: '/a', ...closed }),
      expect: { is: 'keepalive_mismatch' },
    },
    {
      name: 'a plain port waits for the end of what it takes for a request',
      access: access({ second: 75, status: 504, took: 60, connect: '-' }),
      error: error({ second: 75, scheme: 'https', ...handshakeTimedOut }),
      expect: { is: 'protocol_mismatch' },
    },
    {
      name: 'a handshake times out at a peer that completes others',
      access: log(
        steady({ from: 60, to: 80, perSecond: 2 }),
        access({ second: 75, status: 504, took: 10, connect: '-' }),
      ),
      error: error({ second: 75, scheme: 'https', ...handshakeTimedOut }),
      expect: { isNot: 'protocol_mismatch' },
    },
    {
      name: 'versions of the configuration speak http and https with a peer that answered before',
      access: log(
        steady({ from: 0, to: 9 }),
        repeat(3, (i) => access({ second: 15 + i, status: 502, took: 0.002, connect: '-' })),
      ),
      configurations: [conf({}), conf({ pass: 'proxy_pass https://app;' })],
      expect: { is: 'protocol_mismatch' },
    },
    {
      name: 'a request of HTTP/1 meets a target group for gRPC',
      alb: log(
        albSteady({ from: 0, to: 30 }),
        alb({ path: '/pkg.Service/Get', method: 'POST', status: 464, took: 0, target: '-', group: 'grpc' }),
      ),
      expect: { is: 'protocol_mismatch' },
    },
    {
      name: 'a target of the load balancer breaks off once, and answers otherwise',
      alb: log(
        albSteady({ from: 0, to: 60, perSecond: 2 }),
        alb({ second: 20, path: '/a', status: 502, took: 0.3, times: [0.001, 0.299, -1] }),
      ),
      expect: { isNot: 'protocol_mismatch' },
    },
    {
      name: 'all targets of a load balancer expect TLS since a release, and get plain HTTP',
      alb: log(
        albSteady({
          from: 0,
          to: 59,
          routes: ['/a', '/b', '/c'],
          targets: ['192.0.2.10:9000', '192.0.2.11:9000'],
          perSecond: 4,
        }),
        repeat(160, (i) =>
          alb({
            second: 60 + i / 4,
            path: `/${'abc'[i % 3]}`,
            status: 502,
            took: 0.002,
            times: [0.001, 0.001, -1],
            target: `192.0.2.1${i % 2}:9000`,
          }),
        )
          .split('\n')
          .slice(8)
          .join('\n'),
      ),
      expect: { is: 'protocol_mismatch' },
    },
  ],
};

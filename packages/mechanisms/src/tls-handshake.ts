import { decibans, type FactOf, type Mechanism, proves, refutes, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { cloudflare } from './sample/cloudflare.ts';
import { access, error, log, repeat, steady } from './sample/lines.ts';
import { isNotLetIn } from './signs/balancer.ts';

function isPlain(e: FactOf<'configured_protocol'>): boolean {
  return e.scheme !== undefined && e.verifies === undefined;
}

/** Proxy and peer both speak TLS and cannot agree on how. */
export const tlsHandshake: Mechanism = {
  id: 'tls_handshake',
  cause: 'misconfiguration',
  title: 'The TLS handshake between proxy and peer fails',
  summary:
    'Both sides speak TLS, and one of them breaks the handshake off: no version or cipher in common, or no server name. nginx sends none unless proxy_ssl_server_name is on, and many servers then do not know which site is meant. No request to the peer ever works.',
  status: 'stable',
  prior: decibans(-12),
  weigh: [
    proves('symptom', says('tls_refused'), 'the handshake failed, with an alert of TLS'),
    proves('symptom', says('tls_name_refused'), 'the peer does not know the server name it was given'),
    supports(
      'symptom',
      16,
      (e) => e.source === 'cloudflared' && e.scheme === 'https' && e.symptom === 'closed_before_header',
      'a server that knows no site of that name closes in the handshake, which the connector calls EOF',
    ),
    supports(
      'lone_line',
      6,
      (e) => e.source === 'cloudflared' && e.scheme === 'https' && e.symptom === 'closed_before_header',
      'of such lines about https most were about the server name, which is not sent by itself',
    ),
    supports('symptom', 20, says('tls_closed'), 'the peer closed the connection in the handshake'),
    supports('symptom', 10, says('tls_timed_out'), 'the handshake did not end in time'),
    supports(
      'imprint',
      12,
      (e) => e.phase === 'connecting' && e.status === 502 && (e.after ?? 0) < 500,
      'the connection, handshake included, failed at once',
    ),
    supports('peer_record', 6, (e) => !e.everOk, 'no request to this peer ever worked'),
    refutes('peer_record', 10, (e) => e.everOk, 'handshakes with this peer have worked'),
    refutes(
      'endpoint',
      25,
      ({ scheme }) => scheme !== undefined && !/s$/.test(scheme),
      'no TLS is spoken to this peer',
    ),
    refutes('endpoint', 12, (e) => e.address === 'socket', 'hardly anybody speaks TLS over a unix socket'),
    supports(
      'configured_protocol',
      5,
      (e) => e.sendsName === false,
      'nginx sends no server name, which many servers need',
    ),
    refutes('configured_protocol', 25, isPlain, 'there is no handshake with the peer'),
    supports('imprint', 6, isNotLetIn, 'the connection, handshake included, did not come up in time'),
    supports('registration', 12, (e) => e.tlsPort && e.samePort === 0, 'the port is by custom one of TLS'),
    refutes('registration', 12, (e) => e.samePort > 0, 'handshakes with others at this port work'),
    refutes('health', 8, (e) => e.failed === 0, 'checks of its health speak the same protocol, and pass'),
  ],
  needs: ['error_log', 'attempts', 'attempt_connect'],
  remedy: [
    {
      where: 'nginx',
      change: 'Send the server name that the peer expects',
      example: 'proxy_ssl_server_name on; proxy_ssl_name app.internal.example;',
    },
    {
      where: 'nginx',
      change: 'Allow a version and a cipher that the peer has, better by renewing the older side',
      example: 'proxy_ssl_protocols TLSv1.2 TLSv1.3;',
    },
    {
      where: 'load balancer',
      change:
        'For a target group of HTTPS let the targets offer TLS 1.2 or 1.3 with a cipher of the security policy; the load balancer does not check their certificates',
      example: 'openssl s_client -connect TARGET:443 -tls1_2 </dev/null',
    },
  ],
  success: 'openssl s_client with the same name and version, and then nginx, complete the handshake',
  mistakenFor: [
    { id: 'certificate_invalid', tell: 'the handshake goes on up to the certificates, and one is refused' },
    { id: 'protocol_mismatch', tell: 'the peer does not speak TLS at all' },
    { id: 'worker_exhaustion', tell: 'some handshakes with the peer work meanwhile' },
  ],
  references: [
    {
      title: 'nginx: proxy_ssl_server_name',
      url: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ssl_server_name',
    },
    { title: 'TLS alerts (RFC 8446, section 6)', url: 'https://www.rfc-editor.org/rfc/rfc8446#section-6' },
    {
      title: 'Application Load Balancers: target groups with the HTTPS protocol',
      url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-group-routing-configuration',
    },
  ],
  cases: () => [
    {
      name: 'the peer knows no site without a server name',
      access: access({ status: 502, took: 0.004, connect: '-', peer: '192.0.2.10:9443' }),
      error: error({
        message:
          'SSL_do_handshake() failed (SSL: error:0A000458:SSL routines::tlsv1 unrecognized name:SSL alert number 112)',
        action: 'SSL handshaking to upstream',
        scheme: 'https',
        peer: '192.0.2.10:9443',
      }),
      expect: { is: 'tls_handshake' },
    },
    {
      name: 'a peer that never completed a handshake closes in it',
      access: access({ status: 502, took: 0.004, connect: '-', peer: '192.0.2.10:9443' }),
      error: error({
        message: 'peer closed connection in SSL handshake',
        action: 'SSL handshaking to upstream',
        scheme: 'https',
        peer: '192.0.2.10:9443',
      }),
      expect: { is: 'tls_handshake' },
    },
    {
      name: 'one handshake is closed by a peer that answers others',
      access: log(
        steady({ from: 10, to: 20, peers: ['192.0.2.10:9443'] }),
        access({ status: 502, took: 0.004, connect: '-', peer: '192.0.2.10:9443' }),
      ),
      error: error({
        message: 'peer closed connection in SSL handshake',
        action: 'SSL handshaking to upstream',
        scheme: 'https',
        peer: '192.0.2.10:9443',
      }),
      expect: { isNot: 'tls_handshake' },
    },
    {
      name: 'the peer answers the handshake in plain text',
      access: access({ status: 502, connect: '-' }),
      error: error({
        message: 'SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number)',
        action: 'SSL handshaking to upstream',
        scheme: 'https',
      }),
      expect: { is: 'protocol_mismatch' },
    },
    {
      name: 'no connection of a load balancer to the TLS port of its targets comes up',
      alb: log(
        albSteady({ from: 0, to: 90, perSecond: 2 }),
        repeat(20, (i) =>
          alb({
            second: 20 + 3 * i,
            path: '/shop',
            status: 502,
            took: 0.012,
            target: `192.0.2.${20 + (i % 2)}:8443`,
            group: 'shop',
          }),
        ),
      ),
      expect: { is: 'tls_handshake' },
    },
    {
      name: 'a target of a load balancer refuses, and others at its TLS port answer',
      alb: log(
        albSteady({ from: 0, to: 90, targets: ['192.0.2.10:8443', '192.0.2.11:8443'], perSecond: 2 }),
        repeat(6, (i) =>
          alb({ second: 91 + i, path: '/a', status: 502, took: 0.001, target: '192.0.2.10:8443' }),
        ),
        albSteady({ from: 91, to: 180, targets: ['192.0.2.11:8443'], perSecond: 2 }),
      ),
      expect: { isNot: 'tls_handshake' },
    },
    {
      name: 'the edge and the origin do not agree on TLS',
      cloudflare: repeat(10, (i) => cloudflare({ second: i, path: '/a', status: 525 })),
      expect: { is: 'tls_handshake' },
    },
    {
      name: 'the edge does not accept the certificate of the origin',
      cloudflare: cloudflare({ status: 526 }),
      expect: { isNot: 'tls_handshake' },
    },
  ],
};

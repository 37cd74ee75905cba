import { decibans, type FactOf, type Mechanism, proves, refutes, says, supports } from '@why502/model';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { access, error, log, repeat, steady } from './sample/lines.ts';

function isPlain(e: FactOf<'configured_protocol'>): boolean {
  return e.scheme !== undefined && e.verifies === undefined;
}

/** A certificate between proxy and peer is not accepted by the side that checks it. */
export const certificateInvalid: Mechanism = {
  id: 'certificate_invalid',
  cause: 'misconfiguration',
  title: 'A certificate between proxy and peer is not accepted',
  summary:
    'The TLS handshake works, and then one side does not trust the other. Either proxy_ssl_verify is on and the certificate of the peer has expired, is for another name or from an unknown issuer, or the peer wants a client certificate that nginx does not send or that it refuses. If it begins at one instant for all peers, a certificate expired.',
  status: 'stable',
  prior: decibans(-12),
  weigh: [
    proves(
      'symptom',
      says('tls_certificate_unverified'),
      'nginx verified the certificate of the peer and refused it',
    ),
    proves('symptom', says('tls_certificate_name'), 'the certificate of the peer is for another name'),
    proves(
      'symptom',
      says('tls_client_certificate_refused'),
      'the peer refused the certificate of the proxy, or missed one',
    ),
    supports(
      'imprint',
      12,
      (e) => e.phase === 'connecting' && e.status === 502 && (e.after ?? 0) < 500,
      'the connection, handshake included, failed at once',
    ),
    refutes('peer_record', 4, (e) => e.everOk, 'handshakes with this peer have worked'),
    refutes(
      'endpoint',
      25,
      ({ scheme }) => scheme !== undefined && !/s$/.test(scheme),
      'no TLS is spoken to this peer',
    ),
    refutes('endpoint', 12, (e) => e.address === 'socket', 'hardly anybody speaks TLS over a unix socket'),
    supports(
      'configured_protocol',
      10,
      (e) => e.verifies === true,
      'nginx checks the certificate of the peer',
    ),
    refutes('configured_protocol', 12, (e) => e.verifies === false, 'nginx checks no certificate'),
    refutes('configured_protocol', 25, isPlain, 'there is no certificate without TLS'),
  ],
  needs: ['error_log', 'attempts', 'attempt_connect'],
  remedy: [
    {
      where: 'upstream',
      change: 'Renew the certificate of the peer, with its whole chain and the name that nginx checks',
      example: 'openssl s_client -connect PEER:443 -servername NAME -showcerts </dev/null',
    },
    {
      where: 'nginx',
      change: 'Trust the issuer and check the right name; do not switch the check off',
      example: 'proxy_ssl_trusted_certificate /etc/ssl/internal-ca.pem; proxy_ssl_name app.internal.example;',
    },
    {
      where: 'nginx',
      change: 'If the peer asks for a client certificate, give nginx one that the peer trusts',
      example: 'proxy_ssl_certificate client.pem; proxy_ssl_certificate_key client.key;',
    },
  ],
  success: 'Handshakes with the peer come up with the check still on',
  mistakenFor: [
    { id: 'tls_handshake', tell: 'the handshake itself fails, over version, cipher or server name' },
    { id: 'stale_address', tell: 'the name belongs to someone else who has the address now' },
  ],
  references: [
    {
      title: 'nginx: proxy_ssl_verify',
      url: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ssl_verify',
    },
    {
      title: 'OpenSSL: the verify errors by number',
      url: 'https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/',
    },
  ],
  cases: () => [
    {
      name: 'the certificate of the peer has expired',
      access: log(
        steady({ from: 0, to: 9, peers: ['192.0.2.10:9443'] }),
        access({ second: 20, status: 502, took: 0.006, connect: '-', peer: '192.0.2.10:9443' }),
      ),
      error: error({
        second: 20,
        message: 'upstream SSL certificate verify error: (10:certificate has expired)',
        action: 'SSL handshaking to upstream',
        scheme: 'https',
        peer: '192.0.2.10:9443',
      }),
      expect: { is: 'certificate_invalid' },
    },
    {
      name: 'the peer misses a client certificate, which TLS 1.3 says at the first read',
      access: access({ status: 502, took: 0.006, connect: 0.005, peer: '192.0.2.10:9443' }),
      error: error({
        message:
          'SSL_read() failed (SSL: error:0A00045C:SSL routines::tlsv13 alert certificate required:SSL alert number 116)',
        action: 'reading response header from upstream',
        scheme: 'https',
        peer: '192.0.2.10:9443',
      }),
      expect: { is: 'certificate_invalid' },
    },
    {
      name: 'the sides have no TLS version in common',
      access: access({ status: 502, took: 0.006, connect: '-', peer: '192.0.2.10:9443' }),
      error: error({
        message:
          'SSL_do_handshake() failed (SSL: error:0A00042E:SSL routines::tlsv1 alert protocol version:SSL alert number 70)',
        action: 'SSL handshaking to upstream',
        scheme: 'https',
        peer: '192.0.2.10:9443',
      }),
      expect: { is: 'tls_handshake' },
    },
    {
      name: 'the certificate of an origin that answered before runs out',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29 }),
        repeat(20, (i) => cloudflare({ second: 30 + i, path: '/a', status: 526 })),
      ),
      expect: { is: 'certificate_invalid' },
    },
    {
      name: 'the edge and the origin do not agree on TLS',
      cloudflare: cloudflare({ status: 525 }),
      expect: { isNot: 'certificate_invalid' },
    },
  ],
};

import type { Symptom } from '@why502/model';

interface Saying {
  readonly pattern: RegExp;
  readonly symptom: Symptom;
}

/**
 * What cloudflared says of an origin, in the words of Go's packages net, net/http, crypto/tls and crypto/x509, which it
 * quotes, and of its own (cloudflared proxy/proxy.go, connection/, supervisor/). The first one that fits counts.
 */
const ofOrigin: readonly Saying[] = [
  // The visitor went away, and the connector gave up with them.
  {
    pattern: /context canceled|incoming request ended abruptly|canceled by remote/i,
    symptom: 'client_closed',
  },
  // Before a connection: names.
  { pattern: /no such host/i, symptom: 'name_not_found' },
  {
    pattern: /lookup \S+.*(?:server misbehaving|i\/o timeout|connection refused|temporary failure)/i,
    symptom: 'resolver_failed',
  },
  // Sockets.
  { pattern: /dial unix .*no such file or directory/i, symptom: 'socket_missing' },
  { pattern: /dial unix .*permission denied/i, symptom: 'socket_permission' },
  { pattern: /dial unix .*connection refused/i, symptom: 'socket_refused' },
  { pattern: /dial unix .*resource temporarily unavailable/i, symptom: 'socket_queue_full' },
  // Connecting.
  { pattern: /connection refused/i, symptom: 'connect_refused' },
  { pattern: /too many open files/i, symptom: 'proxy_files_exhausted' },
  { pattern: /cannot assign requested address/i, symptom: 'connect_no_local_port' },
  { pattern: /no route to host|host is down/i, symptom: 'connect_no_route' },
  { pattern: /network is unreachable/i, symptom: 'connect_network_unreachable' },
  { pattern: /tls handshake timeout/i, symptom: 'tls_timed_out' },
  {
    pattern: /dial \S+ \S+ (?:i\/o timeout|connect: connection timed out|operation was canceled)/i,
    symptom: 'connect_timed_out',
  },
  // TLS with the origin.
  {
    pattern: /first record does not look like a TLS handshake|server gave HTTP response to HTTPS client/i,
    symptom: 'tls_peer_speaks_plain',
  },
  {
    pattern: /x509: .*(?:not valid for any names|is valid for |contain any IP SANs|legacy Common Name)/i,
    symptom: 'tls_certificate_name',
  },
  { pattern: /x509: |failed to verify certificate/i, symptom: 'tls_certificate_unverified' },
  { pattern: /tls: unrecognized name/i, symptom: 'tls_name_refused' },
  {
    pattern: /tls: (?:bad certificate|certificate required|unknown certificate)/i,
    symptom: 'tls_client_certificate_refused',
  },
  { pattern: /remote error: tls|tls: /i, symptom: 'tls_refused' },
  // The answer. The bytes 15 03 begin an alert of TLS, with which an origin that wants TLS answers plain HTTP.
  { pattern: /malformed HTTP response "\\x15\\x03/i, symptom: 'not_http' },
  { pattern: /malformed HTTP (?:response|version)/i, symptom: 'not_http' },
  {
    pattern: /malformed (?:HTTP status|MIME header)|invalid header|bad Content-Length/i,
    symptom: 'header_malformed',
  },
  { pattern: /response headers exceeded|header list (?:larger|too large)/i, symptom: 'header_too_big' },
  {
    pattern: /timeout awaiting response headers|context deadline exceeded|i\/o timeout/i,
    symptom: 'header_timed_out',
  },
  { pattern: /broken pipe/i, symptom: 'send_failed' },
  { pattern: /connection reset by peer/i, symptom: 'reset_before_header' },
  { pattern: /server closed idle connection|\bEOF\b/i, symptom: 'closed_before_header' },
];

/** What it says of its way to Cloudflare's edge: without one, no request reaches it. */
const ofTunnel =
  /lost connection with the edge|serve tunnel error|unable to establish connection with cloudflare|failed to dial to edge|failed to serve (?:quic|tunnel)|no more connections active|unregistered tunnel connection|connection terminated|no recent network activity|couldn't resolve SRV|edge discovery/i;

/** What a line of cloudflared says happened, by its message and the error that it quotes. */
export function symptomOf(message: string, error: string): Symptom {
  if (ofTunnel.test(message) || ofTunnel.test(error)) return 'tunnel_down';
  return ofOrigin.find(({ pattern }) => pattern.test(error))?.symptom ?? 'other';
}

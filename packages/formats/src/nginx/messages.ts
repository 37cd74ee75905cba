// One table of all messages, longer than most files: rows are tried in order, so they must be seen together.
import type { Symptom } from '@why502/model';

/** What the table looks at. */
export interface Said {
  /** The message with errno and action. */
  readonly message: string;
  readonly action: string | undefined;
  readonly errno: number | undefined;
  readonly level: string;
  /** The peer, or the address named by the message, is a unix socket. */
  readonly unix: boolean;
}

interface Row {
  readonly pattern: RegExp;
  readonly symptom: Symptom;
  /** Further conditions; all must hold. */
  readonly errno?: readonly number[];
  readonly action?: RegExp;
  readonly level?: RegExp;
  readonly unix?: boolean;
  /** File of nginx that writes the message, and how. */
  readonly source: string;
}

// errno by name: Linux, then BSD and macOS, then Windows.
const refused = [111, 61, 10061];
const timedOut = [110, 60, 10060];
const reset = [104, 54, 10054];
const noRoute = [113, 112, 65, 64, 10065];
const unreachable = [101, 51, 10051];
const noAddress = [99, 49, 10049];
const brokenPipe = [32, 10053, 107];

const connecting = /^connecting to upstream/;
const handshaking = /^SSL handshaking to upstream/;
const sending = /^sending request to upstream/;
const readingHeader = /^reading response header from upstream/;
/** With `proxy_buffering off` the body is read while "sending to client". */
const readingBody = /^(reading upstream|sending to client|sending early hints)/;
const connectCall = /^(kevent\(\) reported that )?connect\(\) (to \S+ )?failed/;

/** From the words of nginx to symptoms; the first row that fits counts. */
const table: readonly Row[] = [
  // Names; in front, because the resolver's own connections fail with the same words as those to peers.
  {
    pattern: /./s,
    action: /^resolving/,
    symptom: 'resolver_noise',
    source: 'core/ngx_resolver.c: recv() and send() of the resolver',
  },
  {
    pattern:
      /^(unexpected|wrong ident|invalid|incorrect) .*DNS response|^wrong ident \d+|^DNS error \(|^unexpected (DNS|response)/i,
    symptom: 'resolver_noise',
    source: 'core/ngx_resolver.c: ngx_resolver_process_response',
  },
  {
    pattern: /^\S+ could not be resolved/,
    action: /^in resolving client address/,
    symptom: 'other',
    source: 'mail/ngx_mail_smtp_handler.c: the name of a client, not of a peer',
  },
  {
    pattern: /^\S+ could not be resolved \(3: /,
    symptom: 'name_not_found',
    source: 'http/ngx_http_upstream.c: ngx_http_upstream_resolve_handler',
  },
  {
    pattern: /^\S+ could not be resolved \(/,
    symptom: 'resolver_failed',
    source: 'http/ngx_http_upstream.c: ngx_http_upstream_resolve_handler',
  },
  {
    pattern: /^no resolver defined to resolve/,
    symptom: 'resolver_missing',
    source: 'http/ngx_http_upstream.c: ngx_http_upstream_init_request',
  },
  {
    pattern:
      /^host not found in upstream|^host not found in "[^"]*" of the "(proxy|fastcgi|grpc|uwsgi|scgi)_pass"/,
    symptom: 'name_not_found',
    source: 'http/ngx_http_upstream.c: ngx_http_upstream_add; at start or reload',
  },

  // The proxy's own limits
  {
    pattern: /^\d+ worker_connections are not enough/,
    symptom: 'proxy_connections_exhausted',
    source: 'core/ngx_connection.c: ngx_get_connection',
  },
  {
    pattern: /^(socket|accept4?|open|eventfd)\(\).* failed/,
    errno: [24, 23],
    symptom: 'proxy_files_exhausted',
    source: 'event/ngx_event_connect.c, event/ngx_event_accept.c',
  },
  {
    pattern: /^bind\([^)]*\).* failed/,
    symptom: 'proxy_bind_failed',
    source: 'event/ngx_event_connect.c: proxy_bind; core/ngx_connection.c: listen',
  },
  {
    pattern: /^socket\(\).* failed/,
    errno: [97, 47, 10047],
    symptom: 'proxy_address_family',
    source: 'event/ngx_event_connect.c',
  },
  {
    pattern:
      /^((no port|invalid port|no host|invalid host) in upstream "|invalid URL prefix in "|zero length URI to proxy|invalid local address|no upstream configuration)/,
    symptom: 'upstream_invalid',
    source: 'http/ngx_http_upstream.c, http/modules/ngx_http_proxy_module.c',
  },
  {
    pattern: /^rewrite or internal redirection cycle/,
    symptom: 'redirect_cycle',
    source: 'http/ngx_http_core_module.c: ngx_http_internal_redirect',
  },
  {
    pattern: /^auth request unexpected status/,
    symptom: 'auth_subrequest_failed',
    source: 'http/modules/ngx_http_auth_request_module.c',
  },
  {
    pattern: /^(limiting requests, dry run|delaying request|limiting connections, dry run)|, dry run/,
    symptom: 'other',
    source: 'http/modules/ngx_http_limit_req_module.c: nothing was refused',
  },
  {
    pattern: /^limiting requests, excess/,
    symptom: 'requests_limited',
    source: 'http/modules/ngx_http_limit_req_module.c',
  },
  {
    pattern: /^limiting connections by zone/,
    symptom: 'connections_limited',
    source: 'http/modules/ngx_http_limit_conn_module.c',
  },
  {
    pattern: /^worker process \d+ exited on signal/,
    symptom: 'worker_process_died',
    source: 'os/unix/ngx_process.c: ngx_process_get_status',
  },
  {
    pattern: /^reconfiguring$/,
    symptom: 'configuration_reloaded',
    source: 'os/unix/ngx_process_cycle.c: ngx_master_process_cycle',
  },

  // No peer
  {
    pattern: /^no live upstreams/,
    symptom: 'no_live_peer',
    source: 'http/ngx_http_upstream.c: ngx_http_upstream_connect',
  },
  {
    pattern: /^(\[lua\] .*)?no peer was returned, balancer/,
    symptom: 'no_live_peer',
    source: 'ingress-nginx rootfs/etc/nginx/lua/balancer.lua',
  },
  {
    pattern: /^upstream server temporarily disabled/,
    symptom: 'peer_disabled',
    source: 'http/ngx_http_upstream_round_robin.c: ngx_http_upstream_free_round_robin_peer',
  },

  // Connecting: what a unix socket says, then what a TCP peer says
  {
    pattern: connectCall,
    errno: [2],
    symptom: 'socket_missing',
    source: 'event/ngx_event_connect.c; connect(2) ENOENT, unix only',
  },
  {
    pattern: connectCall,
    errno: [13],
    unix: true,
    symptom: 'socket_permission',
    source: 'connect(2) EACCES',
  },
  { pattern: connectCall, errno: refused, unix: true, symptom: 'socket_refused', source: 'connect(2)' },
  {
    pattern: connectCall,
    errno: [11, 35],
    unix: true,
    symptom: 'socket_queue_full',
    source: 'connect(2) EAGAIN: backlog full',
  },
  {
    pattern: connectCall,
    errno: [91, 41],
    symptom: 'socket_wrong_type',
    source: 'connect(2) EPROTOTYPE, unix only',
  },
  {
    pattern: connectCall,
    errno: [13, 1, 10013],
    symptom: 'connect_forbidden',
    source: 'connect(2) EACCES or EPERM: SELinux, eBPF or a local firewall',
  },
  { pattern: connectCall, errno: refused, symptom: 'connect_refused', source: 'connect(2) ECONNREFUSED' },
  {
    pattern: connectCall,
    errno: noAddress,
    symptom: 'connect_no_local_port',
    source: 'connect(2) EADDRNOTAVAIL',
  },
  { pattern: connectCall, errno: noRoute, symptom: 'connect_no_route', source: 'connect(2) EHOSTUNREACH' },
  {
    pattern: connectCall,
    errno: unreachable,
    symptom: 'connect_network_unreachable',
    source: 'connect(2) ENETUNREACH',
  },
  {
    pattern: connectCall,
    errno: [22, 10022],
    symptom: 'connect_invalid_address',
    source: 'connect(2) EINVAL',
  },
  { pattern: connectCall, errno: timedOut, symptom: 'connect_timed_out', source: 'connect(2) ETIMEDOUT' },
  { pattern: connectCall, errno: reset, symptom: 'connect_reset', source: 'connect(2) ECONNRESET' },
  {
    pattern: /^recv\(\) failed/,
    errno: reset,
    action: connecting,
    symptom: 'connect_reset',
    source: 'http/ngx_http_upstream.c: ngx_http_upstream_test_connect',
  },
  {
    pattern: /^upstream timed out/,
    action: connecting,
    symptom: 'connect_timed_out',
    source: 'http/ngx_http_upstream.c: ngx_http_upstream_next',
  },

  // TLS
  {
    pattern: /^upstream SSL certificate verify error/,
    symptom: 'tls_certificate_unverified',
    source: 'http/ngx_http_upstream.c: ngx_http_upstream_ssl_handshake',
  },
  {
    pattern: /^upstream SSL certificate does not match/,
    symptom: 'tls_certificate_name',
    source: 'http/ngx_http_upstream.c: ngx_http_upstream_ssl_handshake',
  },
  {
    pattern: /^upstream timed out/,
    action: handshaking,
    symptom: 'tls_timed_out',
    source: 'http/ngx_http_upstream.c: ngx_http_upstream_next',
  },
  {
    pattern: /^peer closed connection in SSL handshake/,
    action: handshaking,
    symptom: 'tls_closed',
    source: 'event/ngx_event_openssl.c: ngx_ssl_handshake',
  },
  {
    pattern:
      /^SSL_do_handshake\(\) failed.*(wrong version number|http request|packet length too long|unknown protocol)/s,
    action: handshaking,
    symptom: 'tls_peer_speaks_plain',
    source: 'event/ngx_event_openssl.c: ngx_ssl_handshake',
  },
  {
    // OpenSSL before 3.0 writes "tlsv1 unrecognized name", without "alert".
    pattern: /^SSL_do_handshake\(\) failed.*unrecognized name/s,
    action: handshaking,
    symptom: 'tls_name_refused',
    source: 'RFC 6066 section 3',
  },
  {
    pattern:
      /^SSL_(do_handshake|read)\(\) failed.*alert (certificate required|bad certificate|unknown ca|certificate unknown|certificate expired|certificate revoked)/s,
    action: /upstream/,
    symptom: 'tls_client_certificate_refused',
    source: 'RFC 8446 section 6.2; with TLS 1.3 the alert comes at the first read',
  },
  {
    pattern: /^SSL_do_handshake\(\) failed/,
    action: handshaking,
    symptom: 'tls_refused',
    source: 'event/ngx_event_openssl.c: ngx_ssl_handshake',
  },

  // Sending and waiting for the header
  {
    pattern: /^(\w+\(\) reported that )?client prematurely closed connection/,
    symptom: 'client_closed',
    source: 'http/ngx_http_upstream.c: ngx_http_upstream_check_broken_connection',
  },
  {
    pattern: /^upstream timed out/,
    action: sending,
    symptom: 'send_timed_out',
    source: 'http/ngx_http_upstream.c: ngx_http_upstream_send_request_handler',
  },
  {
    pattern: /^upstream timed out/,
    action: readingHeader,
    symptom: 'header_timed_out',
    source: 'http/ngx_http_upstream.c: ngx_http_upstream_process_header',
  },
  {
    pattern: /^upstream timed out/,
    action: readingBody,
    symptom: 'body_timed_out',
    source: 'http/ngx_http_upstream.c: ngx_http_upstream_process_upstream',
  },
  {
    pattern: /^upstream timed out/,
    action: /^proxying upgraded connection/,
    symptom: 'other',
    source: 'http/ngx_http_upstream.c: ngx_http_upstream_upgraded_read_upstream; an idle WebSocket',
  },
  {
    pattern: /^(writev|send|sendfile|SSL_write)\(\) failed/,
    action: sending,
    symptom: 'send_failed',
    source: 'http/ngx_http_upstream.c: ngx_http_upstream_send_request',
  },
  {
    pattern: /^(recv|readv|SSL_read|SSL_shutdown)\(\) failed/,
    action: /^(reading response header from|sending request to) upstream/,
    symptom: 'reset_before_header',
    source: 'http/ngx_http_upstream.c: ngx_http_upstream_process_header',
  },
  {
    pattern: /^upstream prematurely closed (connection|stream|FastCGI (stdout|request))/,
    action: /^(reading response header from|sending request to) upstream/,
    symptom: 'closed_before_header',
    source: 'http/ngx_http_upstream.c: ngx_http_upstream_process_header; fastcgi and grpc modules',
  },
  {
    pattern: /^upstream prematurely sent response/,
    symptom: 'early_response',
    source: 'http/ngx_http_upstream.c: ngx_http_upstream_send_request, since 1.29.5',
  },
  {
    pattern: /^upstream sent too big early hints/,
    symptom: 'other',
    source: 'http/ngx_http_upstream.c: the hints are dropped, the answer goes on',
  },
  {
    pattern: /^upstream sent (too big header|too large http2 header)/,
    symptom: 'header_too_big',
    source: 'http/ngx_http_upstream.c: ngx_http_upstream_process_header; grpc module',
  },
  {
    pattern: /^upstream sent no valid HTTP\/1\.0 header/,
    symptom: 'not_http',
    source: 'http/modules/ngx_http_proxy_module.c: ngx_http_proxy_process_status_line',
  },
  {
    pattern: /^upstream sent unsupported FastCGI protocol version/,
    symptom: 'not_http',
    source: 'http/modules/ngx_http_fastcgi_module.c: ngx_http_fastcgi_process_record',
  },
  {
    // 0x485454 is "HTT": an answer in HTTP/1.
    pattern: /^upstream sent too large http2 frame: 4740180/,
    symptom: 'not_http',
    source: 'http/modules/ngx_http_grpc_module.c: ngx_http_grpc_parse_frame',
  },
  {
    pattern: /^upstream (rejected request with error|sent goaway with error)/,
    symptom: 'stream_refused',
    source: 'http/modules/ngx_http_grpc_module.c: ngx_http_grpc_process_header',
  },
  {
    pattern: /^upstream sent .*, ignored/s,
    symptom: 'other',
    source: 'http/ngx_http_upstream.c: a warning, the answer is used',
  },

  // After the header
  {
    pattern:
      /^upstream sent (more data than specified in "Content-Length"|data after (final chunk|trailers))/,
    symptom: 'body_excess',
    source: 'http/modules/ngx_http_proxy_module.c, since 1.19.1',
  },
  {
    pattern: /^upstream prematurely closed (connection|stream|FastCGI (stdout|request))/,
    symptom: 'body_closed',
    source: 'http/ngx_http_upstream.c: ngx_http_upstream_process_request',
  },
  {
    pattern: /^upstream sent (invalid chunked response|too big trailers|invalid trailer)/,
    symptom: 'body_malformed',
    source: 'http/modules/ngx_http_proxy_module.c',
  },
  {
    pattern:
      /^upstream sent (invalid|unexpected|unknown|unsupported|too large|frame|padded|truncated|.*http2|.*FastCGI)/,
    action: readingBody,
    symptom: 'body_malformed',
    source: 'http/modules/ngx_http_grpc_module.c, ngx_http_fastcgi_module.c',
  },
  {
    pattern:
      /^upstream sent (invalid|duplicate header|unknown|unexpected|unsupported|no :status|HTTP\/1\.0 response with early hints|"Content-Length" and|too large|too many|frame|padded|truncated|.*http2|.*FastCGI)/,
    symptom: 'header_malformed',
    source: 'http/ngx_http_upstream.c: ngx_http_upstream_process_header; proxy, fastcgi and grpc modules',
  },
  {
    pattern: /^(recv|readv|SSL_read)\(\) failed/,
    action: readingBody,
    level: /^(error|crit|alert)$/,
    symptom: 'body_reset',
    source: 'event/ngx_event_pipe.c; core/ngx_connection.c writes errors of clients at info',
  },

  // What the application wrote
  {
    pattern: /^FastCGI sent in stderr: .*(Allowed memory size of|Out of memory)/s,
    symptom: 'application_memory',
    source: 'PHP main/main.c; the limit of one request',
  },
  {
    pattern: /^FastCGI sent in stderr: .*(Fatal error|Uncaught|Parse error|Segmentation fault)/s,
    symptom: 'application_fatal',
    source: 'PHP main/main.c: php_error_cb',
  },
  {
    pattern: /^FastCGI sent in stderr/,
    symptom: 'application_stderr',
    source: 'http/modules/ngx_http_fastcgi_module.c: ngx_http_fastcgi_process_header',
  },

  // Clients
  {
    pattern: /^client timed out/,
    symptom: 'client_timed_out',
    source: 'http/ngx_http_request.c: NGX_HTTP_REQUEST_TIME_OUT',
  },
  {
    pattern:
      /^client (intended to send too large|sent (invalid|plain HTTP|HTTP\/1\.[01] request with|too long|duplicate|unsupported|unknown|no required|"Content-Length" and))/,
    symptom: 'client_invalid',
    source: 'http/ngx_http_request.c',
  },
  {
    pattern: /^SSL_do_handshake\(\) failed/,
    symptom: 'client_invalid',
    source: 'event/ngx_event_openssl.c, towards a client',
  },
  {
    pattern: /^(peer closed connection in SSL handshake|client closed connection)/,
    symptom: 'client_closed',
    source: 'event/ngx_event_openssl.c, http/ngx_http_request.c, towards a client',
  },
  {
    pattern: /^(writev|send|sendfile|SSL_write|recv|SSL_read)\(\) failed/,
    errno: [...reset, ...brokenPipe],
    symptom: 'client_closed',
    source: 'core/ngx_connection.c: ngx_connection_error, towards a client',
  },
];

/** What a message says, `other` where the table has no row for it. */
export function symptomOf(said: Said): Symptom {
  return table.find((row) => fits(row, said))?.symptom ?? 'other';
}

function fits(row: Row, said: Said): boolean {
  if (row.unix !== undefined && row.unix !== said.unix) return false;
  if (row.errno !== undefined && !(said.errno !== undefined && row.errno.includes(said.errno))) return false;
  if (row.action !== undefined && !row.action.test(said.action ?? '')) return false;
  if (row.level !== undefined && !row.level.test(said.level)) return false;
  return row.pattern.test(said.message);
}

import { type ErrorRecord, type Symptom, symptoms } from '@why502/model';
import { describe, expect, test } from 'vitest';
import { createNames, errorFormat } from '../src/index.ts';

const socket = 'connect() to unix:/run/a.sock failed';
const peer = 'connect() to 192.0.2.8:80 failed';
const connecting = 'while connecting to upstream';
const handshake = 'while SSL handshaking to upstream';
const sending = 'while sending request to upstream';
const header = 'while reading response header from upstream';
const body = 'while reading upstream';
const timeout = 'upstream timed out (110: Connection timed out)';
const reset = '(104: Connection reset by peer)';

/** Messages of nginx as its sources write them, by what they mean. */
const said: Readonly<Partial<Record<Symptom, readonly string[]>>> = {
  connect_refused: [
    `connect() failed (111: Connection refused) ${connecting}`,
    `kevent() reported that connect() failed (61: Connection refused) ${connecting}`,
    `connect() failed (10061: No connection could be made because the target machine actively refused it) ${connecting}`,
  ],
  socket_missing: [`${socket} (2: No such file or directory) ${connecting}`],
  socket_permission: [`${socket} (13: Permission denied) ${connecting}`],
  socket_refused: [`${socket} (111: Connection refused) ${connecting}`],
  socket_queue_full: [`${socket} (11: Resource temporarily unavailable) ${connecting}`],
  socket_wrong_type: [`${socket} (91: Protocol wrong type for socket) ${connecting}`],
  connect_forbidden: [`${peer} (13: Permission denied) ${connecting}`],
  connect_no_local_port: [`${peer} (99: Cannot assign requested address) ${connecting}`],
  connect_invalid_address: [`${peer} (22: Invalid argument) ${connecting}`],
  connect_no_route: [
    `${peer} (113: No route to host) ${connecting}`,
    `connect() failed (113: Host is unreachable) ${connecting}`,
  ],
  connect_network_unreachable: [`${peer} (101: Network is unreachable) ${connecting}`],
  connect_timed_out: [
    `${timeout} ${connecting}`,
    `connect() failed (110: Connection timed out) ${connecting}`,
    `upstream timed out (10060: A connection attempt failed because the connected party did not properly respond after a period of time, or established connection failed) ${connecting}`,
  ],
  connect_reset: [`connect() failed ${reset} ${connecting}`, `recv() failed ${reset} ${connecting}`],
  tls_peer_speaks_plain: [
    `SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) ${handshake}`,
    `SSL_do_handshake() failed (SSL: error:1408F10B:SSL routines:ssl3_get_record:wrong version number) ${handshake}`,
  ],
  tls_refused: [
    `SSL_do_handshake() failed (SSL: error:0A000410:SSL routines::sslv3 alert handshake failure:SSL alert number 40) ${handshake}`,
    `SSL_do_handshake() failed (SSL: error:0A00042E:SSL routines::tlsv1 alert protocol version) ${handshake}`,
  ],
  tls_name_refused: [
    `SSL_do_handshake() failed (SSL: error:0A000458:SSL routines::tlsv1 alert unrecognized name) ${handshake}`,
  ],
  tls_client_certificate_refused: [
    `SSL_do_handshake() failed (SSL: error:0A00045C:SSL routines::tlsv13 alert certificate required) ${handshake}`,
    `SSL_read() failed (SSL: error:0A00045C:SSL routines::tlsv13 alert certificate required) ${header}`,
    `SSL_do_handshake() failed (SSL: error:0A000418:SSL routines::tlsv1 alert unknown ca) ${handshake}`,
  ],
  tls_certificate_unverified: [
    `upstream SSL certificate verify error: (18:self-signed certificate) ${handshake}`,
    `upstream SSL certificate verify error: (10:certificate has expired) ${handshake}`,
  ],
  tls_certificate_name: [`upstream SSL certificate does not match "a.example" ${handshake}`],
  tls_closed: [
    `peer closed connection in SSL handshake ${handshake}`,
    `peer closed connection in SSL handshake ${reset} ${handshake}`,
  ],
  tls_timed_out: [`${timeout} ${handshake}`],
  reset_before_header: [`recv() failed ${reset} ${header}`, `recv() failed ${reset} ${sending}`],
  closed_before_header: [
    `upstream prematurely closed connection ${header}`,
    `upstream prematurely closed connection ${sending}`,
    `upstream prematurely closed FastCGI stdout ${header}`,
    `upstream prematurely closed stream ${header}`,
  ],
  send_failed: [
    `writev() failed (32: Broken pipe) ${sending}`,
    `send() failed ${reset} ${sending}`,
    `sendfile() failed (32: Broken pipe) ${sending}`,
    `SSL_write() failed (SSL: error:80000020:system library::Broken pipe) ${sending}`,
  ],
  send_timed_out: [`${timeout} ${sending}`],
  header_timed_out: [`${timeout} ${header}`],
  header_too_big: [
    `upstream sent too big header ${header}`,
    `upstream sent too large http2 header frame: 99999 ${header}`,
  ],
  header_malformed: [
    `upstream sent invalid header ${header}`,
    `upstream sent invalid header: "X\\x00y..." ${header}`,
    `upstream sent "Content-Length" and "Transfer-Encoding" headers at the same time ${header}`,
    `upstream sent duplicate header line: "Content-Length: 2", previous value: "Content-Length: 1" ${header}`,
    `upstream sent invalid "Content-Length" header: "x" ${header}`,
    `upstream sent unknown "Transfer-Encoding": "x" ${header}`,
    `upstream sent HTTP/1.0 response with early hints ${header}`,
    `upstream sent no :status header ${header}`,
    `upstream sent invalid :status "x" ${header}`,
    `upstream sent unexpected http2 frame: 9 ${header}`,
    `upstream sent unexpected FastCGI record: 9 ${header}`,
    `upstream sent invalid FastCGI record type: 9 ${header}`,
    `upstream sent invalid status "x" ${header}`,
  ],
  not_http: [
    `upstream sent no valid HTTP/1.0 header ${header}`,
    `upstream sent unsupported FastCGI protocol version: 72 ${header}`,
    `upstream sent too large http2 frame: 4740180 ${header}`,
  ],
  early_response: [`upstream prematurely sent response ${sending}`],
  stream_refused: [
    `upstream rejected request with error 7 ${header}`,
    `upstream sent goaway with error 2 ${header}`,
  ],
  body_closed: [
    `upstream prematurely closed connection ${body}`,
    'upstream prematurely closed connection while sending to client',
  ],
  body_reset: [`readv() failed ${reset} ${body}`, `recv() failed ${reset} ${body}`],
  body_timed_out: [`${timeout} ${body}`],
  body_malformed: [
    `upstream sent invalid chunked response ${body}`,
    `upstream sent too big trailers ${body}`,
    `upstream sent invalid trailer: "x" ${body}`,
    `upstream sent unexpected http2 frame: 9 ${body}`,
  ],
  body_excess: [
    `upstream sent more data than specified in "Content-Length" header ${body}`,
    `upstream sent data after final chunk ${body}`,
    `upstream sent data after trailers ${body}`,
  ],
  no_live_peer: [`no live upstreams ${connecting}`, 'no peer was returned, balancer: round_robin'],
  peer_disabled: [
    `upstream server temporarily disabled ${connecting}`,
    `upstream server temporarily disabled ${header}`,
  ],
  name_not_found: [
    'app.internal could not be resolved (3: Host not found)',
    'host not found in upstream "app.internal" in /etc/nginx/nginx.conf:9',
  ],
  resolver_failed: [
    'app.internal could not be resolved (2: Server failure)',
    'app.internal could not be resolved (5: Operation refused)',
    'app.internal could not be resolved (110: Operation timed out)',
  ],
  resolver_missing: ['no resolver defined to resolve app.internal'],
  resolver_noise: [
    'unexpected DNS response for app.internal',
    'wrong ident 1 in DNS response for app.internal, expect 2',
    'invalid UDP DNS response 1 fl:8180',
    'recv() failed (111: Connection refused) while resolving, resolver: 192.0.2.53:53',
    'DNS error (1: Format error), query id:1',
  ],
  proxy_connections_exhausted: [`768 worker_connections are not enough ${connecting}`],
  proxy_files_exhausted: [
    `socket() failed (24: Too many open files) ${connecting}`,
    'accept4() failed (24: Too many open files)',
  ],
  proxy_bind_failed: [`bind(192.0.2.99) failed (99: Cannot assign requested address) ${connecting}`],
  proxy_address_family: [`socket() failed (97: Address family not supported by protocol) ${connecting}`],
  upstream_invalid: [
    'no port in upstream "a:"',
    'invalid URL prefix in "x"',
    'invalid port in upstream "a:x/"',
    'no host in upstream ":80"',
    'zero length URI to proxy',
    'invalid local address "x"',
    'no upstream configuration',
  ],
  redirect_cycle: ['rewrite or internal redirection cycle while internally redirecting to "/x"'],
  auth_subrequest_failed: ['auth request unexpected status: 502 while sending to client'],
  requests_limited: ['limiting requests, excess: 5.428 by zone "z"'],
  connections_limited: ['limiting connections by zone "z"'],
  worker_process_died: ['worker process 7 exited on signal 11 (core dumped)'],
  configuration_reloaded: ['reconfiguring'],
  application_memory: [
    `FastCGI sent in stderr: "PHP message: PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /a.php on line 1" ${header}`,
  ],
  application_fatal: [
    `FastCGI sent in stderr: "PHP message: PHP Fatal error:  Uncaught Error: x in /a.php:1" ${header}`,
  ],
  application_stderr: [
    `FastCGI sent in stderr: "Primary script unknown" ${header}`,
    `FastCGI sent in stderr: "PHP message: PHP Warning:  x" ${header}`,
  ],
  client_closed: [
    'epoll_wait() reported that client prematurely closed connection, so upstream connection is closed too while sending request to upstream',
    'client prematurely closed connection while sending to client',
    'kevent() reported that client prematurely closed connection, so upstream connection is closed too while connecting to upstream',
    'writev() failed (32: Broken pipe) while sending to client',
  ],
  client_timed_out: ['client timed out (110: Connection timed out) while waiting for request'],
  client_invalid: [
    'client intended to send too large body: 2000000 bytes',
    'client sent invalid method while reading client request line',
    'client sent plain HTTP request to HTTPS port while reading client request headers',
    'client sent unknown "Transfer-Encoding": "gzip" while reading client request headers',
    'client sent "Content-Length" and "Transfer-Encoding" headers at the same time while reading client request headers',
    'client sent HTTP/1.0 request with "Transfer-Encoding" header while reading client request headers',
  ],
  other: [
    'open() "/srv/x" failed (2: No such file or directory)',
    'directory index of "/srv/" is forbidden',
    'limiting requests, dry run, excess: 5.428 by zone "z"',
    'delaying request, excess: 0.5, by zone "z"',
    'limiting connections, dry run, by zone "z"',
    `upstream sent too big early hints ${header}`,
    `upstream sent duplicate header line: "Content-Length: 2", previous value: "Content-Length: 2", ignored ${header}`,
    `${timeout} while proxying upgraded connection`,
    '192.0.2.1 could not be resolved (3: Host not found) while in resolving client address',
    'an upstream response is buffered to a temporary file /x/1 while reading upstream',
    'signal process started',
  ],
};

describe('what nginx says is understood', () => {
  for (const symptom of symptoms) {
    for (const message of said[symptom] ?? []) {
      test(`${symptom}: ${message}`, () => expect(symptomOf(message)).toBe(symptom));
    }
  }
});

test('words that a client puts into a message change nothing behind them', () => {
  expect(symptomOf('open() "/srv/connect() failed (111: Connection refused)" failed (2: No such file)')).toBe(
    'other',
  );
});

function symptomOf(message: string): Symptom {
  const unix = message.includes('unix:') ? 'unix:/run/a.sock:/' : '192.0.2.8:80/';
  const line = `2026/11/23 06:58:59 [error] 1#1: *4 ${message}, client: 192.0.2.1, server: s, request: "GET / HTTP/1.1", upstream: "http://${unix}", host: "h"`;
  const bytes = Buffer.from(line);
  return (errorFormat.decoder('f', createNames()).read(bytes, 0, bytes.length, 1) as ErrorRecord).symptom;
}

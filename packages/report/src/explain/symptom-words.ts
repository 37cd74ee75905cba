// One table of all symptoms, longer than most files: whoever adds a symptom adds its words here.
import type { Symptom } from '@why502/model';
import type { LookName } from './looks.ts';

/** What a symptom means to someone who reads it for the first time, and where to look next. */
export interface SymptomWords {
  readonly means: string;
  readonly looks: readonly LookName[];
}

export const symptomWords: Readonly<Record<Symptom, SymptomWords>> = {
  connect_refused: {
    means:
      'The host at that address answered at once, and said that nothing listens on this port. So the network works: either the program is down or still starting, or it listens on another port or address than the one nginx was told. The client got 502, unless another peer answered.',
    looks: ['listening', 'service', 'container', 'upstream'],
  },
  socket_missing: {
    means:
      'The file of the socket is not there. Either the program that makes it does not run, or nginx looks in another place: another version in the path, a private /tmp. The client got 502.',
    looks: ['socket', 'service', 'upstream'],
  },
  socket_permission: {
    means:
      'The socket is there, and the user that nginx runs as may not use it or may not enter a folder above it. The client got 502.',
    looks: ['socket', 'selinux'],
  },
  socket_refused: {
    means:
      'The file of the socket was left over: nobody listens on it. The program that made it is down. The client got 502.',
    looks: ['socket', 'service'],
  },
  socket_queue_full: {
    means:
      'The program listens, but takes connections more slowly than they come, and the queue of those that wait is full. It is overloaded, or all its workers hang. The client got 502 at once.',
    looks: ['queue', 'workers', 'socket'],
  },
  socket_wrong_type: {
    means:
      'The file is a socket of another kind, such as one for datagrams: no HTTP is spoken there. The client got 502.',
    looks: ['socket', 'upstream'],
  },
  connect_forbidden: {
    means:
      'The own host did not let nginx connect: SELinux, AppArmor or a local filter. The peer never heard of it. The client got 502.',
    looks: ['selinux', 'filter'],
  },
  connect_no_local_port: {
    means:
      'The own host had no local port left for one more connection to this peer: too many are open or wait to be forgotten. The peer never heard of it. The client got 502.',
    looks: ['ports', 'keepalive'],
  },
  connect_invalid_address: {
    means:
      'The address is one that nobody can have, such as 0.0.0.1 or port 0: a placeholder, or a template gone wrong. The client got 502.',
    looks: ['upstream'],
  },
  connect_no_route: {
    means:
      'No way to the host was found. Within a millisecond a router or a filter says so; after one to three seconds nobody has answered for the address on the own network: the host is gone. The client got 502.',
    looks: ['reach', 'filter', 'container'],
  },
  connect_network_unreachable: {
    means:
      'The own host has no route to that network. With an IPv6 address this mostly means that the host has no IPv6, and the name of the peer has an IPv6 address as well. The client got 502.',
    looks: ['reach', 'localhost', 'resolver'],
  },
  connect_timed_out: {
    means:
      'Nobody answered the attempt to connect until a timer ended it. Packets are dropped on the way, the address belongs to nobody, or the queue of the peer is full. The client got 504 after proxy_connect_timeout, 60 s unless configured.',
    looks: ['reach', 'filter', 'queue', 'upstream'],
  },
  connect_reset: {
    means:
      'The connection was reset while it came up: by a filter on the way, or by a host in trouble. The client got 502.',
    looks: ['reach', 'filter', 'service'],
  },
  tls_peer_speaks_plain: {
    means:
      'nginx spoke TLS, and the peer answered in plain text. Scheme and port do not belong together. The client got 502.',
    looks: ['tls', 'tlsSettings'],
  },
  tls_refused: {
    means:
      'The peer speaks TLS, and both could not agree: on a version, on a cipher, or because the peer needs to be told a server name, which nginx does not do unless asked. The client got 502.',
    looks: ['tls', 'tlsSettings'],
  },
  tls_name_refused: {
    means:
      'The peer has no certificate for the server name that nginx sent, or nginx sent none. The client got 502.',
    looks: ['tls', 'tlsSettings'],
  },
  tls_client_certificate_refused: {
    means:
      'The peer wants a certificate of the proxy, and got none or one that it does not accept. The client got 502.',
    looks: ['tls', 'tlsSettings'],
  },
  tls_certificate_unverified: {
    means:
      'The certificate of the peer could not be verified: it is expired, self-signed or its chain is not complete. The client got 502.',
    looks: ['tls', 'tlsSettings'],
  },
  tls_certificate_name: {
    means:
      'The certificate of the peer is for another name than the one that nginx asked for. The client got 502.',
    looks: ['tls', 'tlsSettings'],
  },
  tls_closed: {
    means:
      'The peer closed the connection in the middle of the handshake. It may be overloaded, need a server name, or not speak TLS on this port. The client got 502.',
    looks: ['tls', 'tlsSettings', 'service'],
  },
  tls_timed_out: {
    means:
      'The connection came up, and the handshake was not finished in time. A program that speaks plain text and waits for more gives just this; so do workers that are all busy. The client got 504.',
    looks: ['tls', 'tlsSettings', 'workers'],
  },
  reset_before_header: {
    means:
      'The peer took the connection and broke it off hard before it had answered: its process died, it refused the request without reading it, or it had closed an idle connection that nginx used once more. The client got 502.',
    looks: ['service', 'kernel', 'keepalive', 'direct'],
  },
  closed_before_header: {
    means:
      'The peer took the connection and closed it in good order, without an answer: a worker was stopped by its own timer or died, an idle connection was closed just as nginx used it again, or the two do not speak the same protocol. The client got 502.',
    looks: ['service', 'kernel', 'keepalive', 'direct'],
  },
  send_failed: {
    means:
      'The peer closed the connection while the request was being sent: it was idle too long, or the peer did not want the body. The client got 502.',
    looks: ['keepalive', 'service', 'direct'],
  },
  send_timed_out: {
    means:
      'The peer has the connection and does not read the request: it hangs, or the network swallows packets. The client got 504.',
    looks: ['workers', 'timers', 'direct'],
  },
  header_timed_out: {
    means:
      'The peer has the request, and did not begin to answer within proxy_read_timeout (60 s unless configured; for FastCGI fastcgi_read_timeout). The route is slow by nature, all workers are busy, or something behind it hangs. The client got 504.',
    looks: ['direct', 'timers', 'workers'],
  },
  header_too_big: {
    means:
      'The peer answered, and the header of the answer is larger than the one buffer that nginx reads it into (proxy_buffer_size, 4 or 8 KiB unless configured). Mostly it is cookies. The client got 502.',
    looks: ['buffers'],
  },
  header_malformed: {
    means:
      'The peer answered with a header that breaks the rules of HTTP, and nginx threw the answer away. The client got 502.',
    looks: ['direct', 'upstream'],
  },
  not_http: {
    means:
      'What the peer sent is no HTTP/1 answer. It speaks another protocol on this port: TLS, HTTP/2 as gRPC does, FastCGI, or something else.',
    looks: ['tls', 'upstream', 'direct'],
  },
  early_response: {
    means:
      'The peer sent something before it was asked. On a port for TLS this may be plain text. The client got 502.',
    looks: ['tls', 'upstream'],
  },
  stream_refused: {
    means:
      'The peer speaks HTTP/2 and ended this stream with an error code: 1 is a breach of protocol, 2 an internal error, 7 a refusal as of a server that drains, 8 a cancellation, 11 too many requests. The client got 502.',
    looks: ['service', 'upstream'],
  },
  body_closed: {
    means:
      'The peer had begun to answer and closed the connection before the end. The client got the status of the answer, mostly 200, and half a body.',
    looks: ['service', 'kernel'],
  },
  body_reset: {
    means:
      'The peer had begun to answer, and the connection was reset before the end. The client got the status of the answer and half a body.',
    looks: ['service', 'kernel'],
  },
  body_timed_out: {
    means:
      'The peer had begun to answer and then fell silent for longer than proxy_read_timeout. The client got half a body.',
    looks: ['timers', 'workers', 'direct'],
  },
  body_malformed: {
    means:
      'The body of the answer breaks the rules of HTTP, and nginx broke it off. The client got half a body.',
    looks: ['direct'],
  },
  body_excess: {
    means:
      'The peer sent more than it had announced. nginx cut it off; this is a warning, and no request failed by it.',
    looks: ['direct'],
  },
  no_live_peer: {
    means:
      'nginx had no peer to try: all of them had failed shortly before and were put aside for fail_timeout (10 s unless configured). This line is an effect. The reason stands in the lines before it. The client got 502.',
    looks: ['before', 'upstream', 'localhost'],
  },
  peer_disabled: {
    means:
      'nginx puts the peer aside for fail_timeout, since it failed. This line is an effect: the one before it about the same connection says why.',
    looks: ['before'],
  },
  name_not_found: {
    means:
      'The resolver knows no such name, or no address of it. At start or reload nginx then refuses the whole configuration; later on, each request that needs the name gets 502.',
    looks: ['dns', 'localhost', 'resolver', 'upstream'],
  },
  resolver_failed: {
    means:
      'The name could not be looked up, since the resolver did not answer or reported a failure. The client got 502.',
    looks: ['resolver', 'dns'],
  },
  resolver_missing: {
    means:
      'The address of the upstream holds a variable, so nginx must look up the name at each request, and no resolver is configured for that. The client got 502.',
    looks: ['resolver', 'upstream'],
  },
  resolver_noise: {
    means:
      'Something is amiss between nginx and its resolver. By itself this fails no request; those that wait for a name may.',
    looks: ['resolver', 'dns'],
  },
  proxy_connections_exhausted: {
    means:
      'nginx itself has no connection left (worker_connections). New requests get 500, or the connection is dropped.',
    looks: ['limits', 'ports'],
  },
  proxy_files_exhausted: {
    means: 'nginx itself may open no more files and sockets. Requests get 500.',
    looks: ['limits'],
  },
  proxy_bind_failed: {
    means:
      'nginx was told to connect from an address that is not one of this host (proxy_bind), or to listen where it cannot. Requests get 500.',
    looks: ['upstream', 'ports'],
  },
  proxy_address_family: {
    means:
      'This host does not support the kind of address at all: mostly IPv6 is switched off. Requests get 500.',
    looks: ['localhost', 'upstream'],
  },
  upstream_invalid: {
    means:
      'What the configuration gives as upstream is not valid: a variable is empty, or scheme, host or port are missing. Requests get 500.',
    looks: ['upstream'],
  },
  redirect_cycle: {
    means:
      'nginx sent the request round in circles between its own locations (try_files, error_page, index). It got 500.',
    looks: ['upstream'],
  },
  auth_subrequest_failed: {
    means:
      'The service that is asked whether a request is allowed (auth_request) did not answer as it should. The site itself was not asked. The client got 500.',
    looks: ['upstream', 'direct'],
  },
  requests_limited: {
    means:
      'A rule of yours (limit_req) turned the request away: too many of the same key. The client got 503, unless limit_req_status says otherwise.',
    looks: ['zones'],
  },
  connections_limited: {
    means:
      'A rule of yours (limit_conn) turned the request away: too many connections of the same key. The client got 503, unless limit_conn_status says otherwise.',
    looks: ['zones'],
  },
  worker_process_died: {
    means:
      'A worker of nginx itself was ended by a signal. Requests in flight were lost, often without a line in the access log.',
    looks: ['kernel', 'limits'],
  },
  configuration_reloaded: {
    means: 'nginx read its configuration anew. Requests that came before go on by the old one.',
    looks: [],
  },
  answer_unusable: {
    means:
      'The connection to the origin worked, and what came back was no answer that could be passed on: closed, empty, reset, not valid HTTP, or with a header that is too large. The hop does not tell which. Cloudflare says 520.',
    looks: ['service'],
  },
  origin_unfound: {
    means:
      'Cloudflare found no way to the origin: its host name does not resolve (1016), or the tunnel to it has no connection (1033). Its status 530 stands for both; the code on the page, or cf-error-type in the log, tells which.',
    looks: ['resolver'],
  },
  tunnel_down: {
    means:
      'No cloudflared is connected for this tunnel, so Cloudflare has nobody to give the request to. The service behind it may be in good health.',
    looks: ['service'],
  },
  address_forbidden: {
    means:
      'The record of the origin points to an address that Cloudflare does not go to: one of its own, a private one, or a name of another account.',
    looks: ['service'],
  },
  request_loop: {
    means: 'The request came back to a hop that it had passed before.',
    looks: ['service'],
  },
  requests_queued: {
    means: 'Requests for this origin wait at the edge, and there were more of them than it lets wait.',
    looks: ['service'],
  },
  hop_failed: {
    means:
      'The hop made the status itself, and nothing shows that it asked anybody behind it: the fault is of the hop or of a service of its own.',
    looks: ['service'],
  },
  no_peer_registered: {
    means: 'The target group has no target that could be asked: none is registered, or none is in use.',
    looks: ['upstream'],
  },
  protocol_version_refused: {
    means:
      'The client spoke a version of HTTP that does not fit the target group: HTTP/1.1 to a group for HTTP/2 or gRPC.',
    looks: ['service'],
  },
  rewrite_failed: {
    means: 'A rule was to rewrite the request, and what came out of it could not be used.',
    looks: ['service'],
  },
  answered_by_rule: {
    means: 'Nobody behind this hop was asked: a rule of its configuration gives this answer.',
    looks: ['service'],
  },
  function_failed: {
    means: 'The function ran and ended in an error of its own.',
    looks: ['service'],
  },
  function_throttled: {
    means:
      'The function was not started: as many as are allowed ran already, or a limit of the account was reached.',
    looks: ['service'],
  },
  function_set_up_wrong: {
    means: 'The hop was not allowed to call the function, or the function is not there or not fit to be run.',
    looks: ['service'],
  },
  function_answer_invalid: {
    means:
      'The function ran to its end, and its answer was not of the form that the hop takes, or too large.',
    looks: ['service'],
  },
  function_unreachable: {
    means: 'The service that runs functions could not be reached, or failed by itself.',
    looks: ['service'],
  },
  login_service_failed: {
    means: 'The hop asks a login service before it lets a request pass, and that failed.',
    looks: ['service'],
  },
  login_refused: {
    means: 'The request came without a valid login where one is needed.',
    looks: ['service'],
  },
  health_check_timed_out: {
    means: 'The load balancer asked the target how it is, and got no answer in time.',
    looks: ['service'],
  },
  health_check_reset: {
    means: 'The load balancer asked the target how it is, and the connection was reset.',
    looks: ['service'],
  },
  health_check_answer_wrong: {
    means: 'The target answered the check of health with something else than was expected.',
    looks: ['service'],
  },
  health_check_failed: {
    means: 'The check of health failed.',
    looks: ['service'],
  },
  application_memory: {
    means: 'PHP used up the memory that one request may have (memory_limit), and said so.',
    looks: ['workers', 'kernel'],
  },
  application_fatal: {
    means: 'PHP stopped the request because of an error in the application, and said which.',
    looks: ['service'],
  },
  application_stderr: {
    means:
      'The application wrote something to its standard error, which nginx hands on. By itself this fails no request.',
    looks: ['service'],
  },
  client_closed: {
    means:
      'The client went away before it had its answer, and nginx let go of the upstream. The access log says 499. Look at how long it had waited, not at the client.',
    looks: ['clients', 'direct'],
  },
  client_timed_out: {
    means:
      'The client did not send its request, or did not take the answer, in time. The upstream is not to blame.',
    looks: ['timers'],
  },
  client_invalid: {
    means: 'The client sent something that nginx does not accept. The upstream was not asked.',
    looks: [],
  },
  other: {
    means: 'why502 does not know this message. It may be about something else than an upstream.',
    looks: [],
  },
};

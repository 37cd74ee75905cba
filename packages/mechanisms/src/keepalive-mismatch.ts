import { always, decibans, type Mechanism, proves, refutes, says, supports } from '@why502/model';

/** The upstream closed an idle kept-alive connection just as the proxy reused it. */
export const keepaliveMismatch: Mechanism = {
  id: 'keepalive_mismatch',
  cause: 'misconfiguration',
  title: 'The upstream closes idle connections just as the proxy reuses them',
  summary:
    'The proxy keeps connections to the peer open and reuses them. The peer closes them when they are idle for a shorter time than the proxy keeps them, and a request sent in that moment is lost. nginx repeats a GET by itself on a new connection; a POST ends in 502. Failures are single and scattered, at low load, on any route, while the peer answers everything else.',
  status: 'stable',
  prior: decibans(-10),
  weigh: [
    proves('fresh_retry_answered', always, 'the same peer answered at once on a new connection'),
    supports(
      'symptom',
      11,
      says('reset_before_header', 'closed_before_header', 'send_failed'),
      'the connection broke before an answer',
    ),
    supports(
      'imprint',
      8,
      (e) => e.phase === 'waiting' && e.status === 502 && e.connect === 0 && (e.bytesReceived ?? 0) === 0,
      'it broke before a byte of the answer, on a connection that took no time to come up',
    ),
    refutes(
      'symptom',
      30,
      says('connect_refused', 'connect_timed_out', 'header_timed_out', 'connect_no_route'),
      'no kept-alive connection was at work',
    ),
    supports(
      'repeatable',
      5,
      (e) => !e.repeatable,
      'such a request is not repeated by the proxy, so the race shows',
    ),
    refutes(
      'repeatable',
      6,
      (e) => e.repeatable,
      'such a request would have been repeated on a new connection',
    ),
    supports(
      'peer_record',
      6,
      (e) => e.okNear > 8 * e.failedNear,
      'the peer answers nearly everything meanwhile',
    ),
    refutes('peer_record', 15, (e) => !e.everOk, 'a peer that never answered has nothing kept alive'),
    refutes('peer_record', 8, (e) => e.failedNear > e.okNear, 'the peer fails more than it answers'),
    refutes(
      'burst',
      14,
      (e) => e.refusedNear,
      'the peer refused connections within seconds: its process went down',
    ),
    supports('route_scope', 4, (e) => e.okHere > 2 * e.failedHere, 'the same route works meanwhile'),
    refutes(
      'route_scope',
      12,
      (e) => e.failedHere >= 2 && e.failedHere >= e.okHere,
      'the route fails more often than not',
    ),
    supports('timer', 4, (e) => e.after <= 2, 'it broke within 2 ms of the request'),
  ],
  needs: ['error_log', 'attempts', 'attempt_connect', 'method'],
  remedy: [
    {
      where: 'upstream',
      change: 'Keep idle connections longer than the proxy does: nginx keeps them 60 s',
      example: 'server.keepAliveTimeout = 75_000; server.headersTimeout = 76_000 // Node.js, ms',
    },
    {
      where: 'nginx',
      change: 'Or let the proxy give them up sooner',
      example: 'keepalive_timeout 4s; # in the upstream block',
    },
  ],
  success: 'The scattered failures stop, also when traffic is thin',
  mistakenFor: [
    {
      id: 'crash_mid_response',
      tell: 'several requests to the peer fail in the same second, and it refuses connections after',
    },
    { id: 'route_bug', tell: 'one route fails nearly always' },
    { id: 'protocol_mismatch', tell: 'no request to the peer ever works' },
  ],
  references: [
    {
      title: 'nginx: keepalive_timeout of upstream blocks',
      url: 'https://nginx.org/en/docs/http/ngx_http_upstream_module.html#keepalive_timeout',
    },
    {
      title: 'Node.js: server.keepAliveTimeout',
      url: 'https://nodejs.org/api/http.html#serverkeepalivetimeout',
    },
  ],
  cases: [
    {
      name: 'a single POST is reset while the peer answers all others',
      access: [
        ...Array.from(
          { length: 20 },
          (_, i) =>
            `203.0.113.7 - - [10/Nov/2026:10:00:1${i % 10} +0000] "POST /a HTTP/1.1" 201 5 "-" "x" rt=0.040 uct="0.000" uht="0.040" urt="0.040" ua="192.0.2.10:9000" us="201" host="a.test"`,
        ),
        `203.0.113.7 - - [10/Nov/2026:10:00:15 +0000] "POST /a HTTP/1.1" 502 157 "-" "x" rt=0.001 uct="0.000" uht="-" urt="0.001" ua="192.0.2.10:9000" us="502" host="a.test"`,
      ].join('\n'),
      error: `2026/11/10 10:00:15 [error] 7#7: *12 recv() failed (104: Connection reset by peer) while reading response header from upstream, client: 203.0.113.7, server: a.test, request: "POST /a HTTP/1.1", upstream: "http://192.0.2.10:9000/a", host: "a.test"`,
      expect: { is: 'keepalive_mismatch' },
    },
    {
      name: 'every request of a peer is reset, always',
      access: `203.0.113.7 - - [10/Nov/2026:10:00:15 +0000] "POST /a HTTP/1.1" 502 157 "-" "x" rt=0.001 uct="0.000" uht="-" urt="0.001" ua="192.0.2.10:9443" us="502" host="a.test"
203.0.113.7 - - [10/Nov/2026:10:00:16 +0000] "GET /b HTTP/1.1" 502 157 "-" "x" rt=0.001 uct="0.000" uht="-" urt="0.001" ua="192.0.2.10:9443" us="502" host="a.test"`,
      expect: { isNot: 'keepalive_mismatch' },
    },
  ],
};

import { always, decibans, type Mechanism, refutes, says, supports } from '@why502/model';

/** Nobody answers the connection attempt until the proxy's timer ends it. */
export const connectTimeout: Mechanism = {
  id: 'connect_timeout',
  cause: 'network',
  title: 'The peer does not answer connection attempts',
  summary:
    'The proxy sent its SYN and heard nothing until proxy_connect_timeout. The way to the peer is cut, or its host is gone, and no router says so. It answered before, and other peers do.',
  status: 'stable',
  prior: decibans(-8),
  weigh: [
    supports('symptom', 20, says('connect_timed_out'), 'the connection attempt timed out'),
    supports(
      'imprint',
      17,
      (e) => e.phase === 'connecting' && e.status === 504,
      'no connection came up until the timer ended the try',
    ),
    refutes(
      'peer_record',
      12,
      (e) => !e.everOk,
      'a peer that never answered is more likely a wrong address or blocked',
    ),
    supports(
      'peer_record',
      9,
      (e) => e.answeredMeanwhile === 0,
      'the peer answered nobody while this connection was tried',
    ),
    refutes(
      'peer_record',
      10,
      (e) => (e.answeredMeanwhile ?? 0) > 0.2,
      'the peer answered others while this connection was tried',
    ),
    refutes('client_left', 15, always, 'the client did not wait'),
  ],
  needs: ['error_log', 'attempts', 'attempt_connect'],
  remedy: [
    {
      where: 'network',
      change:
        'Trace the path from the proxy to this peer, and look for packet loss, a changed route or a filter that drops',
      example: 'nc -vz -w 3 PEER PORT; tcptraceroute PEER PORT',
    },
    {
      where: 'nginx',
      change: 'Lower proxy_connect_timeout, so that another peer is tried sooner',
      example: 'proxy_connect_timeout 2s;',
    },
  ],
  success: 'Connects to the peer come up within milliseconds again',
  mistakenFor: [
    {
      id: 'connection_queue_full',
      tell: 'some connects to the peer work meanwhile, in 1, 2, 3 or more seconds',
    },
    { id: 'access_blocked', tell: 'only this proxy cannot reach the peer' },
    { id: 'host_unreachable', tell: 'a router or the own kernel says that there is no route' },
  ],
  references: [
    {
      title: 'nginx: proxy_connect_timeout',
      url: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_connect_timeout',
    },
  ],
  cases: [
    {
      name: 'a peer that answered before is silent to a SYN',
      access: `203.0.113.7 - - [10/Nov/2026:10:00:01 +0000] "GET /a HTTP/1.1" 200 5 "-" "x" rt=0.010 uct="0.001" uht="0.010" urt="0.010" ua="192.0.2.10:9000" us="200" host="a.test"
203.0.113.7 - - [10/Nov/2026:10:00:45 +0000] "GET /b HTTP/1.1" 504 167 "-" "x" rt=5.001 uct="-" uht="-" urt="5.001" ua="192.0.2.10:9000" us="504" host="a.test"`,
      error: `2026/11/10 10:00:45 [error] 7#7: *12 upstream timed out (110: Connection timed out) while connecting to upstream, client: 203.0.113.7, server: a.test, request: "GET /b HTTP/1.1", upstream: "http://192.0.2.10:9000/b", host: "a.test"`,
      expect: { is: 'connect_timeout' },
    },
    {
      name: 'the answer times out, not the connection',
      access: `203.0.113.7 - - [10/Nov/2026:10:00:45 +0000] "GET /b HTTP/1.1" 504 167 "-" "x" rt=5.001 uct="0.001" uht="-" urt="5.001" ua="192.0.2.10:9000" us="504" host="a.test"`,
      error: `2026/11/10 10:00:45 [error] 7#7: *12 upstream timed out (110: Connection timed out) while reading response header from upstream, client: 203.0.113.7, server: a.test, request: "GET /b HTTP/1.1", upstream: "http://192.0.2.10:9000/b", host: "a.test"`,
      expect: { isNot: 'connect_timeout' },
    },
  ],
};

import { decibans, type Mechanism, proves, refutes, says, supports } from '@why502/model';

/** Sizes that nginx reads a response header into: one memory page, or a configured multiple of it. */
const bufferSizes: ReadonlySet<number> = new Set([4_096, 8_192, 16_384, 32_768, 65_536, 131_072]);

/** The response header does not fit into the proxy's buffer. */
export const headerTooBig: Mechanism = {
  id: 'header_too_big',
  cause: 'misconfiguration',
  title: "The response header does not fit into the proxy's buffer",
  summary:
    'nginx reads the whole response header into one buffer, 4 or 8 KiB unless configured. The upstream answered, but with more, mostly cookies, a long redirect or security policies. The answer is thrown away. It is tied to a route or a user, not to load.',
  status: 'stable',
  prior: decibans(-12),
  weigh: [
    proves('symptom', says('header_too_big'), 'nginx said that the header is too big'),
    supports(
      'imprint',
      18,
      (e) =>
        e.phase === 'waiting' &&
        e.status === 502 &&
        e.bytesReceived !== undefined &&
        bufferSizes.has(e.bytesReceived),
      'exactly one buffer was received, and no valid header in it',
    ),
    refutes('imprint', 10, (e) => e.phase !== 'waiting', 'the peer had not begun to answer'),
  ],
  needs: ['error_log', 'attempt_bytes_received'],
  remedy: [
    {
      where: 'nginx',
      change: 'Raise the header buffer, and the busy buffers with it',
      example: 'proxy_buffer_size 16k; proxy_buffers 8 16k; proxy_busy_buffers_size 32k;',
    },
    {
      where: 'application',
      change: 'Better: send less. Look at Set-Cookie, Content-Security-Policy and Location of that route',
    },
  ],
  success: 'The route answers again for the users who carry the big cookie',
  mistakenFor: [{ id: 'malformed_response', tell: 'the header is short and not valid, for everyone' }],
  references: [
    {
      title: 'nginx: proxy_buffer_size',
      url: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffer_size',
    },
  ],
  cases: [
    {
      name: 'nginx says so',
      access: `203.0.113.7 - - [10/Nov/2026:10:00:15 +0000] "GET /account HTTP/1.1" 502 157 "-" "x" rt=0.021 uct="0.000" uht="-" urt="0.021" ua="192.0.2.10:9000" us="502" host="a.test"`,
      error: `2026/11/10 10:00:15 [error] 7#7: *12 upstream sent too big header while reading response header from upstream, client: 203.0.113.7, server: a.test, request: "GET /account HTTP/1.1", upstream: "http://192.0.2.10:9000/account", host: "a.test"`,
      expect: { is: 'header_too_big' },
    },
    {
      name: 'an invalid header is not a big one',
      access: `203.0.113.7 - - [10/Nov/2026:10:00:15 +0000] "GET /account HTTP/1.1" 502 157 "-" "x" rt=0.021 uct="0.000" uht="-" urt="0.021" ua="192.0.2.10:9000" us="502" host="a.test"`,
      error: `2026/11/10 10:00:15 [error] 7#7: *12 upstream sent invalid header: "x\\x20..." while reading response header from upstream, client: 203.0.113.7, server: a.test, request: "GET /account HTTP/1.1", upstream: "http://192.0.2.10:9000/account", host: "a.test"`,
      expect: { isNot: 'header_too_big' },
    },
  ],
};

import { decibans, type Mechanism, proves, refutes, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { conf } from './sample/conf.ts';
import { access, error, log, repeat, steady } from './sample/lines.ts';
import { reset } from './sample/words.ts';
import { isBrokenOffLate, isKeptBack } from './signs/balancer.ts';
import { edgeSays, isUnusable } from './signs/edge.ts';

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
    supports(
      'lone_status',
      17,
      (e) => e.phase === undefined && e.status === 502 && e.source === 'nginx',
      'of 502s of which nothing else is known, some are headers that have grown',
    ),
    supports('symptom', 9, edgeSays('answer_unusable'), 'a response header that is too large is answered so'),
    supports(
      'imprint',
      17,
      (e) => isUnusable(e) && e.phase === 'answering',
      'the origin had answered with a status, and the edge could not pass the answer on',
    ),
    refutes('imprint', 4, (e) => isUnusable(e) && e.phase === 'waiting', 'no status of an answer was seen'),
    proves('symptom', says('header_too_big'), 'nginx said that the header is too big'),
    supports(
      'symptom',
      17,
      (e) => e.scheme === 'uwsgi' && says('reset_before_header', 'closed_before_header')(e),
      'uWSGI closes when the header of the request does not fit its buffer',
    ),
    supports(
      'imprint',
      23,
      (e) =>
        e.phase === 'waiting' &&
        e.status === 502 &&
        e.bytesReceived !== undefined &&
        bufferSizes.has(e.bytesReceived),
      'exactly one buffer was received, and no valid header in it',
    ),
    supports(
      'imprint',
      3,
      (e) => e.phase === 'waiting' && e.status === 502 && (e.bytesReceived ?? 0) >= 1_024,
      'a kilobyte or more was received, and no valid header in it',
    ),
    refutes(
      'imprint',
      10,
      (e) => e.phase !== 'waiting' && e.phase !== 'answering',
      'the peer had not begun to answer',
    ),
    supports(
      'lone_line',
      12,
      (e) => e.source === 'cloudflare' && e.symptom === 'answer_unusable',
      'of 520s that were explained, most were headers that had grown, cookies above all',
    ),
    supports(
      'lone_line',
      8,
      (e) => e.scheme === 'uwsgi' && e.symptom === 'reset_before_header',
      'of such lines most were about cookies that had grown',
    ),
    supports(
      'witness',
      25,
      (e) => e.saw === 'request_header_refused',
      'uWSGI says that the header of the request is too large',
    ),
    supports('configured_buffer', 16, (e) => e.filled, 'as much was received as the configured buffer holds'),
    refutes('configured_buffer', 15, (e) => !e.filled, 'less was received than the configured buffer holds'),
    supports(
      'imprint',
      19,
      (e) => isKeptBack(e) && e.status === 502,
      'the target had answered, and the load balancer did not pass it on',
    ),
    supports(
      'imprint',
      9,
      isBrokenOffLate,
      'the target was asked, and closed the connection or answered badly',
    ),
    supports(
      'client_scope',
      10,
      (e) => e.again >= 3 && e.failures >= 2 * e.clients,
      'it meets the same few clients again and again',
    ),
    supports('client_scope', 5, (e) => e.again >= 3, 'it meets the same client again and again'),
    refutes(
      'client_scope',
      5,
      (e) => e.clients >= 4 && e.failures < 1.5 * e.clients,
      'it meets whoever asks for the route',
    ),
    supports('health', 3, (e) => e.failed === 0, 'checks of its health pass meanwhile'),
    supports(
      'route_scope',
      6,
      (e) =>
        e.failedHere >= 5 &&
        e.okHere > e.failedHere &&
        e.failedHere * e.okElsewhere > 5 * e.failedElsewhere * e.okHere,
      'some requests of this route fail, and hardly any of others',
    ),
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
    {
      where: 'application',
      change:
        'Behind an Application Load Balancer that is all there is: it takes 32 KB of response header in all, and no setting changes that',
    },
  ],
  success: 'The route answers again for the users who carry the big cookie',
  mistakenFor: [{ id: 'malformed_response', tell: 'the header is short and not valid, for everyone' }],
  references: [
    {
      title: 'nginx: proxy_buffer_size',
      url: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffer_size',
    },
    {
      title: 'Application Load Balancers: HTTP 502',
      url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-502-issues',
    },
  ],
  cases: () => [
    {
      name: 'nginx says so',
      access: access({ path: '/account', status: 502, took: 0.021 }),
      error: error({
        message: 'upstream sent too big header',
        action: 'reading response header from upstream',
        path: '/account',
      }),
      expect: { is: 'header_too_big' },
    },
    {
      name: 'exactly one buffer came, and no error log tells why it was no good',
      access: log(
        repeat(20, (second) => access({ second, status: 200, received: 900 })),
        access({ second: 15, path: '/account', status: 502, took: 0.021, header: '-', received: 4_096 }),
      ),
      expect: { is: 'header_too_big' },
    },
    {
      name: 'an invalid header is not a big one',
      access: access({ path: '/account', status: 502, took: 0.021 }),
      error: error({
        message: 'upstream sent invalid header: "x\\x20..."',
        action: 'reading response header from upstream',
        path: '/account',
      }),
      expect: { is: 'malformed_response' },
    },
    {
      name: 'as much was received as the buffer of the configuration holds',
      access: access({ path: '/account', status: 502, took: 0.021, received: 6144 }),
      configurations: [conf({ location: 'proxy_buffer_size 6k;' })],
      expect: { is: 'header_too_big' },
    },
    {
      name: 'much less was received than the buffer of the configuration holds',
      access: access({ path: '/account', status: 502, took: 0.021, received: 4096 }),
      configurations: [conf({ location: 'proxy_buffer_size 32k;' })],
      expect: { isNot: 'header_too_big' },
    },
    {
      name: 'uwsgi resets a request whose header does not fit its buffer, for one user',
      access: log(
        steady({ from: 0, to: 40, routes: ['/a', '/b'], perSecond: 2 }),
        repeat(2, (i) => access({ second: 12 + 9 * i, path: '/a', status: 502, took: 0.001 })),
      ),
      error: repeat(2, (i) =>
        error({ second: 12 + 9 * i, connection: 30 + i, path: '/a', scheme: 'uwsgi', ...reset }),
      ),
      expect: { is: 'header_too_big' },
    },
    {
      name: 'a load balancer keeps back what a target answers to two of many clients',
      alb: log(
        repeat(40, (i) =>
          alb({ second: 10 + i, path: '/account', status: 200, client: `203.0.113.${50 + i}` }),
        ),
        repeat(10, (i) =>
          alb({
            second: 15 + 3 * i,
            path: '/account',
            status: 502,
            answered: 200,
            took: 0.05,
            times: [0.001, 0.049, -1],
            client: `203.0.113.${i % 2}`,
          }),
        ),
      ),
      expect: { is: 'header_too_big' },
    },
    {
      name: 'a load balancer keeps back what a target answers to anybody',
      alb: log(
        albSteady({ from: 0, to: 60, routes: ['/a', '/b', '/c'], perSecond: 4 }),
        repeat(10, (i) =>
          alb({
            second: 15 + 3 * i,
            path: '/account',
            status: 502,
            answered: 200,
            took: 0.05,
            times: [0.001, 0.049, -1],
            client: `203.0.113.${i}`,
          }),
        ),
      ),
      expect: { isNot: 'header_too_big' },
    },
    {
      name: 'the edge can use no answer to one visitor, while the route is answered to others',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 60, perSecond: 2 }),
        repeat(10, (i) =>
          cloudflare({ second: 10 + 4 * i, path: '/a', status: 520, answered: 200, client: '203.0.113.99' }),
        ),
      ),
      expect: { is: 'header_too_big' },
    },
    {
      name: 'the edge can use no answer of a route, whoever asks',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 60, perSecond: 2 }),
        repeat(12, (i) =>
          cloudflare({
            second: 20 + 2 * i,
            path: '/broken',
            status: 520,
            answered: 200,
            client: `203.0.113.${i + 10}`,
          }),
        ),
      ),
      expect: { isNot: 'header_too_big' },
    },
  ],
};

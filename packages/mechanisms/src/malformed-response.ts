import { decibans, type Mechanism, proves, refutes, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { access, error, log, repeat } from './sample/lines.ts';
import { isBrokenOffLate, isKeptBack } from './signs/balancer.ts';
import { edgeSays, isUnusable } from './signs/edge.ts';

/** The peer answers with a header that is no valid HTTP. */
export const malformedResponse: Mechanism = {
  id: 'malformed_response',
  cause: 'upstream_fault',
  title: 'The answer of the upstream is not valid HTTP',
  summary:
    'The application answered, and its header breaks the rules: a line without a colon, control characters, two lengths, or a length beside chunked transfer. nginx refuses what could be read in two ways. Browsers and older proxies let much of it pass, so that it often begins with an upgrade of the proxy.',
  status: 'stable',
  prior: decibans(-12),
  weigh: [
    supports(
      'lone_status',
      24,
      (e) => e.phase === undefined && e.status === 502 && e.source === 'alb',
      'of 502s of load balancers of which nothing else is known, some were answers that are no HTTP',
    ),
    supports('symptom', 9, edgeSays('answer_unusable'), 'the edge could make nothing of the answer'),
    supports(
      'imprint',
      19,
      (e) => isUnusable(e) && e.phase === 'answering',
      'the origin had answered with a status, and the edge could not pass the answer on',
    ),
    supports(
      'route_scope',
      6,
      (e) => e.okAround === 0 && e.failedHere >= 3 && e.okElsewhere > 0,
      'the route is never answered, and others of the service are',
    ),
    proves('symptom', says('header_malformed'), 'nginx said what is wrong with the header'),
    proves('symptom', says('body_malformed'), 'nginx said what is wrong with the body'),
    supports(
      'imprint',
      16,
      (e) =>
        e.phase === 'waiting' &&
        e.status === 502 &&
        (e.bytesReceived ?? 0) > 0 &&
        e.bytesReceived! % 4_096 !== 0,
      'the peer had answered, less than a buffer, and it was no valid header',
    ),
    refutes(
      'imprint',
      10,
      (e) => e.phase !== 'waiting' && e.phase !== 'answering',
      'the peer had not answered',
    ),
    supports('symptom', 10, says('not_http'), 'the status line was not one of HTTP'),
    supports('symptom', 14, says('stream_refused'), 'the peer ended the stream with an error'),
    refutes(
      'lone_line',
      19,
      says('header_malformed'),
      'by itself it does not show who of the two misreads it',
    ),
    supports('imprint', 21, isKeptBack, 'the target had answered, and the load balancer did not pass it on'),
    supports(
      'imprint',
      10,
      isBrokenOffLate,
      'the target was asked, and closed the connection or answered badly',
    ),
    supports(
      'client_scope',
      4,
      (e) => e.clients >= 4 && e.failures < 2 * e.clients,
      'it meets whoever asks for the route',
    ),
    refutes(
      'client_scope',
      5,
      (e) => e.again >= 3 && e.failures >= 2 * e.clients,
      'it meets the same few clients again and again',
    ),
    supports('health', 3, (e) => e.failed === 0, 'checks of its health pass meanwhile'),
    supports(
      'route_scope',
      4,
      (e) =>
        e.failedHere >= 5 && e.failedHere * e.okElsewhere > 5 * e.failedElsewhere * Math.max(1, e.okHere),
      'it follows the route',
    ),
  ],
  needs: ['error_log', 'attempt_bytes_received'],
  remedy: [
    {
      where: 'application',
      change:
        'Ask the route without the proxy, and remove the line that nginx names: a second Content-Length, a Transfer-Encoding beside it, a line break in a value',
      example: 'curl -sv -o /dev/null http://PEER/route',
    },
    {
      where: 'application',
      change: 'If it began with an upgrade of nginx, the fault is older; nginx checks this since 1.23.0',
    },
    {
      where: 'application',
      change:
        'Behind a load balancer nobody names the line: compare the route with one that works, also the length that it announces with what it sends',
      example: 'curl -sv --raw -o /dev/null http://TARGET/route',
    },
  ],
  success: 'The route answers, and curl -v shows each header line once',
  mistakenFor: [
    { id: 'header_too_big', tell: 'the header is valid and fills the buffer, often for some users only' },
    { id: 'protocol_mismatch', tell: 'nothing of what the peer sends is HTTP' },
    { id: 'crash_mid_response', tell: 'the header begins well and breaks off' },
  ],
  references: [
    {
      title: 'HTTP/1.1, message body length (RFC 9112, section 6.3)',
      url: 'https://www.rfc-editor.org/rfc/rfc9112#section-6.3',
    },
    { title: 'nginx: changes in 1.23.0', url: 'https://nginx.org/en/CHANGES' },
  ],
  cases: () => [
    {
      name: 'a header with two kinds of length',
      access: access({ path: '/legacy', status: 502, took: 0.02 }),
      error: error({
        path: '/legacy',
        message: 'upstream sent "Content-Length" and "Transfer-Encoding" headers at the same time',
        action: 'reading response header from upstream',
      }),
      expect: { is: 'malformed_response' },
    },
    {
      name: 'a header line that is none',
      access: access({ path: '/legacy', status: 502, took: 0.02 }),
      error: error({
        path: '/legacy',
        message: 'upstream sent invalid header: "\\x20X-Broken: 1..."',
        action: 'reading response header from upstream',
      }),
      expect: { is: 'malformed_response' },
    },
    {
      name: 'a valid header that is too big',
      access: access({ path: '/legacy', status: 502, took: 0.02 }),
      error: error({
        path: '/legacy',
        message: 'upstream sent too big header',
        action: 'reading response header from upstream',
      }),
      expect: { is: 'header_too_big' },
    },
    {
      name: 'a load balancer keeps back what a target answers on one route',
      alb: log(
        albSteady({ from: 0, to: 60, routes: ['/a', '/b', '/c'], perSecond: 4 }),
        repeat(8, (i) =>
          alb({
            second: 15 + 5 * i,
            path: '/search',
            status: 502,
            answered: 200,
            took: 0.05,
            times: [0.001, 0.049, -1],
            client: `203.0.113.${i}`,
          }),
        ),
      ),
      expect: { is: 'malformed_response' },
    },
    {
      name: 'a target never answers the load balancer',
      alb: log(
        albSteady({ from: 0, to: 20 }),
        alb({ second: 85, path: '/a', status: 504, took: 60.001, times: [0, -1, -1] }),
      ),
      expect: { isNot: 'malformed_response' },
    },
    {
      name: 'the edge can use no answer of a route, though the origin sends a status',
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
      expect: { is: 'malformed_response' },
    },
    {
      name: 'the origin answers the edge with an error of its own',
      cloudflare: cloudflare({ status: 500, answered: 500 }),
      expect: { isNot: 'malformed_response' },
    },
  ],
};

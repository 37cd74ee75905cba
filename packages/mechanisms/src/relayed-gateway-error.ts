import { decibans, type Mechanism, refutes, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { access, error, log } from './sample/lines.ts';
import { headerTimedOut } from './sample/words.ts';

/** The upstream is a gateway itself, and reported that what stands behind it failed. */
export const relayedGatewayError: Mechanism = {
  id: 'relayed_gateway_error',
  cause: 'upstream_fault',
  title: 'A gateway behind the proxy reported the error',
  summary:
    'The upstream answered 502 or 504 in a proper way. Applications seldom choose these; they are what a proxy says about the one behind it: a sidecar, an ingress, another nginx. This hop only passed it on, and the reason stands in the log of the next one.',
  status: 'stable',
  prior: decibans(-12),
  weigh: [
    supports(
      'relayed',
      24,
      (e) => e.status === 502 || e.status === 504,
      'the upstream itself sent the status, which is one of gateways',
    ),
    supports(
      'relayed',
      8,
      (e) => e.status === 503,
      'the upstream itself sent the status, which gateways and applications do',
    ),
    supports(
      'bare_status',
      12,
      (e) => e.status === 502 || e.status === 504,
      'gateways make this status, this one or one behind it',
    ),
    supports(
      'no_words',
      18,
      (e) => e.covered,
      'the error log tells of other requests and not of this one, so the proxy did not fail',
    ),
    supports('no_words', 14, (e) => !e.covered, 'the proxy did not write that it failed'),
    refutes('imprint', 15, (e) => e.phase !== 'answering', 'the upstream sent no answer'),
  ],
  needs: ['attempts', 'attempt_status', 'attempt_header', 'request_id'],
  remedy: [
    {
      where: 'the next proxy',
      change: 'Read its error log for the same second and request id; give why502 that log as well',
    },
    {
      where: 'nginx',
      change: 'Pass an id on, so that the hops can be joined',
      example: 'proxy_set_header X-Request-ID $request_id;',
    },
  ],
  success: 'The next hop names a cause of its own',
  mistakenFor: [
    { id: 'application_error', tell: 'the status is 500, or the upstream is no gateway' },
    { id: 'timeout_under_load', tell: 'nginx made the 504 itself: no header of the upstream arrived' },
  ],
  references: [
    {
      title: 'HTTP: 502 and 504 (RFC 9110, section 15.6)',
      url: 'https://www.rfc-editor.org/rfc/rfc9110#section-15.6',
    },
    {
      title: 'nginx: $upstream_header_time',
      url: 'https://nginx.org/en/docs/http/ngx_http_upstream_module.html#var_upstream_header_time',
    },
  ],
  cases: () => [
    {
      name: 'the upstream answers 504',
      access: access({ status: 504, took: 15.004, header: 15.004 }),
      expect: { is: 'relayed_gateway_error' },
    },
    {
      name: 'the upstream answers 500',
      access: access({ status: 500, took: 0.02, header: 0.02 }),
      expect: { is: 'application_error' },
    },
    {
      name: 'nginx answers 504 since no header came',
      access: access({ status: 504, took: 15.004 }),
      error: error(headerTimedOut),
      expect: { isNot: 'relayed_gateway_error' },
    },
    {
      name: 'a target of a load balancer answers 502, as a gateway does',
      alb: log(albSteady({ from: 0, to: 30 }), alb({ path: '/a', status: 502, answered: 502 })),
      expect: { is: 'relayed_gateway_error' },
    },
    {
      name: 'a load balancer makes the 502, since the target broke off',
      alb: log(
        albSteady({ from: 0, to: 60, perSecond: 2 }),
        alb({ second: 20, path: '/a', status: 502, took: 0.3, times: [0.001, 0.299, -1] }),
      ),
      expect: { isNot: 'relayed_gateway_error' },
    },
    {
      name: 'the origin answers the edge with 502',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29 }),
        cloudflare({ second: 20, status: 502, answered: 502 }),
      ),
      expect: { is: 'relayed_gateway_error' },
    },
    {
      name: 'the edge answers 502 by itself',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29 }),
        cloudflare({ second: 20, status: 502, origin: '' }),
      ),
      expect: { isNot: 'relayed_gateway_error' },
    },
  ],
};

import { decibans, type Mechanism, refutes, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { access, log } from './sample/lines.ts';

/** The application itself answered with a 5xx, and the proxy passed it on. */
export const applicationError: Mechanism = {
  id: 'application_error',
  cause: 'upstream_fault',
  title: 'The application itself answered with an error',
  summary:
    'The upstream sent a complete answer with a status of 5xx, and the proxy passed it on unchanged. Connections, names and timers worked. The reason stands in the log of the application.',
  status: 'stable',
  prior: decibans(-10),
  weigh: [
    supports(
      'relayed',
      32,
      (e) => e.status === 500 || e.status === 501 || e.status > 504,
      'the upstream itself sent the status',
    ),
    supports(
      'relayed',
      20,
      (e) => e.status === 503,
      'the upstream itself sent the status; 503 may also come from a gateway behind',
    ),
    supports(
      'relayed',
      7,
      (e) => e.status === 502 || e.status === 504,
      'the upstream itself sent the status, which gateways behind also do',
    ),
    supports(
      'symptom',
      24,
      says('application_fatal'),
      'the application wrote a fatal error to its standard error',
    ),
    refutes('imprint', 15, (e) => e.phase !== 'answering', 'the upstream sent no answer'),
    supports(
      'bare_status',
      30,
      (e) => e.status === 500 && e.ownPage === false,
      'the page is not the one that the proxy makes for its own 500',
    ),
    supports(
      'bare_status',
      22,
      (e) => e.status === 500 && e.ownPage === undefined,
      'proxies seldom make a 500 themselves',
    ),
    supports(
      'bare_status',
      30,
      (e) => e.status === 501 || e.status > 504,
      'proxies hardly make this status themselves',
    ),
    supports(
      'bare_status',
      20,
      (e) => e.status === 503 && e.ownPage !== true,
      'applications answer 503, too',
    ),
    supports(
      'no_words',
      10,
      (e) => e.covered,
      'the error log tells of other requests and not of this one, so the proxy did not fail',
    ),
    supports('no_words', 8, (e) => !e.covered, 'the proxy did not write that it failed'),
    supports('symptom', 12, says('stream_refused'), 'the peer ended the stream with an error of its own'),
  ],
  needs: ['attempts', 'attempt_status', 'attempt_header'],
  remedy: [
    {
      where: 'application',
      change:
        'Nothing to change in the proxy: read the log of the application for this request id and second',
    },
  ],
  success: 'The route answers without 5xx',
  mistakenFor: [
    { id: 'relayed_gateway_error', tell: 'the status is 502 or 504, and the upstream is itself a gateway' },
    { id: 'route_bug', tell: 'the connection breaks instead of carrying an answer' },
  ],
  references: [
    {
      title: 'nginx: $upstream_header_time',
      url: 'https://nginx.org/en/docs/http/ngx_http_upstream_module.html#var_upstream_header_time',
    },
  ],
  cases: () => [
    {
      name: 'the upstream answers 500',
      access: access({ status: 500, took: 0.012, header: 0.012 }),
      expect: { is: 'application_error' },
    },
    {
      name: 'nginx answers 502 since nobody listens',
      access: access({ status: 502, connect: '-' }),
      expect: { isNot: 'application_error' },
    },
    {
      name: 'the upstream answers 504, which gateways do',
      access: access({ status: 504, took: 15.004, header: 15.004 }),
      expect: { is: 'relayed_gateway_error' },
    },
    {
      name: 'a target of a load balancer answers 500',
      alb: log(albSteady({ from: 0, to: 30 }), alb({ path: '/a', status: 500, answered: 500 })),
      expect: { is: 'application_error' },
    },
    {
      name: 'the origin answers the edge with 500',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29 }),
        cloudflare({ second: 20, status: 500, answered: 500 }),
      ),
      expect: { is: 'application_error' },
    },
    {
      name: 'a Worker throws',
      cloudflare: cloudflare({ status: 500, origin: '', worker: 'exception' }),
      expect: { isNot: 'application_error' },
    },
  ],
};

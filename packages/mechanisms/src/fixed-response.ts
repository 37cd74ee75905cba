import { decibans, type Mechanism, proves, refutes, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { conf } from './sample/conf.ts';
import { access, error, log, repeat, steady } from './sample/lines.ts';
import { refused } from './sample/words.ts';
import { edgeSays } from './signs/edge.ts';

/** The proxy is told to answer with an error, as for maintenance. */
export const fixedResponse: Mechanism = {
  id: 'fixed_response',
  cause: 'intended',
  title: 'The proxy answers with an error because it is told to',
  summary:
    'A rule such as return 503 answers every request of a location, mostly for maintenance or for paths that shall not be reached. No upstream is asked, nothing failed, and nginx writes no error line. It begins and ends with a reload.',
  status: 'trial',
  prior: decibans(-12),
  weigh: [
    proves(
      'own_request',
      (e) => e.asker === 'internal' && (e.status === 504 || e.status === 503),
      'the hop looked into a store of its own and found nothing, which it writes down like this',
    ),
    supports('symptom', 14, edgeSays('answered_by_rule'), 'a rule of the zone gave the answer'),
    supports(
      'imprint',
      22,
      (e) => e.phase === 'none' && e.status === 503 && (e.after ?? 0) < 100,
      '503 without trying a peer, which nginx does for a limit or a fixed answer only',
    ),
    supports(
      'no_words',
      8,
      (e) => e.covered,
      'the error log tells of other requests, and nothing of this one',
    ),
    supports('no_words', 2, (e) => !e.covered, 'the error log says nothing'),
    supports('route_scope', 4, (e) => e.okHere === 0 && e.failedHere >= 3, 'the route answers nobody'),
    refutes('route_scope', 8, (e) => e.okHere > e.failedHere, 'the same route answers others meanwhile'),
    supports(
      'bare_status',
      3,
      (e) => e.status >= 500 && e.ownPage !== false,
      'it may be an answer of the proxy itself',
    ),
    supports(
      'configured_answer',
      30,
      (e) => e.rule === 'fixed' && !e.conditional,
      'the configuration answers all such requests so',
    ),
    supports(
      'configured_answer',
      14,
      (e) => e.rule === 'fixed' && e.conditional,
      'the configuration answers some such requests so',
    ),
    refutes(
      'configured_answer',
      12,
      (e) => e.rule !== 'fixed',
      'the configuration has no fixed answer of this status',
    ),
    proves('symptom', says('answered_by_rule'), 'a rule gave the answer, as it was told to'),
  ],
  needs: ['error_log', 'attempts', 'duration'],
  remedy: [
    {
      where: 'nginx',
      change: 'Nothing, if it is meant; else look for the rule that answers',
      example: 'nginx -T | grep -n "return 50"',
    },
    {
      where: 'load balancer',
      change: 'Nothing, if it is meant; else look for the rule of the listener that answers',
      example: 'aws elbv2 describe-rules --listener-arn LISTENER_ARN',
    },
  ],
  success: 'The location is answered by its upstream after the next reload',
  mistakenFor: [
    {
      id: 'rate_limited',
      tell: 'some requests of the route pass, and nginx writes a line for each that does not',
    },
    { id: 'application_error', tell: 'the upstream itself sent the 503' },
    { id: 'no_targets', tell: 'an ingress controller has no instance to ask' },
  ],
  references: [
    {
      title: 'nginx: return',
      url: 'https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#return',
    },
    {
      title: 'Application Load Balancers: fixed-response actions',
      url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html#fixed-response-actions',
    },
  ],
  cases: () => [
    {
      name: 'a location answers everyone with 503, and the error log does not mention it',
      access: log(
        steady({ from: 0, to: 60 }),
        repeat(8, (i) => access({ second: 20 + i, path: '/shop', status: 503, took: 0, peer: '-' })),
      ),
      error: '2026/11/10 10:00:00 [notice] 1#1: start worker processes',
      expect: { is: 'fixed_response' },
    },
    {
      name: 'nginx says that it limits connections',
      access: access({ status: 503, took: 0, peer: '-' }),
      error: error({ message: 'limiting connections by zone "perip"', peer: '-' }),
      expect: { is: 'rate_limited' },
    },
    {
      name: 'nobody listens, and a page stands in',
      access: access({ status: 502, connect: '-' }),
      error: error(refused),
      expect: { isNot: 'fixed_response' },
    },
    {
      name: 'the upstream itself answers 503',
      access: access({ status: 503, took: 0.01, header: 0.01 }),
      expect: { is: 'application_error' },
    },
    {
      name: 'the configuration closes the shop when a file is there',
      access: log(
        steady({ from: 0, to: 9 }),
        repeat(4, (i) => access({ second: 10 + i, path: '/a', status: 503, took: 0, peer: '-' })),
      ),
      configurations: [conf({ location: 'if (-f /srv/closed) { return 503; }' })],
      expect: { is: 'fixed_response' },
    },
    {
      name: 'the configuration has a limit and no fixed answer',
      access: log(
        steady({ from: 0, to: 9 }),
        repeat(4, (i) => access({ second: 10 + i, path: '/a', status: 503, took: 0, peer: '-' })),
      ),
      configurations: [conf({ location: 'limit_conn perip 10;' })],
      expect: { is: 'rate_limited' },
    },
    {
      name: 'a rule of the load balancer answers for maintenance',
      alb: log(
        albSteady({ from: 0, to: 30 }),
        repeat(3, (i) =>
          alb({
            second: 12 + i,
            path: '/account',
            status: 503,
            took: 0.001,
            target: '-',
            group: '-',
            actions: 'fixed-response',
          }),
        ),
      ),
      expect: { is: 'fixed_response' },
    },
    {
      name: 'a target of the load balancer answers 503',
      alb: log(albSteady({ from: 0, to: 30 }), alb({ path: '/a', status: 503, answered: 503 })),
      expect: { isNot: 'fixed_response' },
    },
    {
      name: 'the edge looks into its own cache, and finds nothing',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29 }),
        cloudflare({ second: 20, status: 504, origin: '', source: 'earlyHintsCache' }),
      ),
      expect: { is: 'fixed_response' },
    },
    {
      name: 'a visitor gets 504 of the edge',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29 }),
        cloudflare({ second: 20, status: 504, origin: '' }),
      ),
      expect: { isNot: 'fixed_response' },
    },
  ],
};

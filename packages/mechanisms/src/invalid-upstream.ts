import { decibans, type Mechanism, proves, refutes, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { access, error, log } from './sample/lines.ts';

/** What proxy_pass comes to for this request is no upstream. */
export const invalidUpstream: Mechanism = {
  id: 'invalid_upstream',
  cause: 'misconfiguration',
  title: 'What proxy_pass comes to is not a valid upstream',
  summary:
    'proxy_pass holds variables, and with the values of this request they give no address: an empty host, no scheme, a port that is none. nginx notices when the request comes and answers 500 without asking anyone. Requests with other values may work.',
  status: 'stable',
  prior: decibans(-12),
  weigh: [
    proves('symptom', says('upstream_invalid'), 'nginx said what is wrong with the upstream'),
    supports(
      'imprint',
      6,
      (e) => e.phase === 'none' && e.status === 500,
      '500 without trying a peer: nginx could not go on by itself',
    ),
    refutes('imprint', 20, (e) => e.phase !== 'none', 'a peer was tried, so the upstream was valid'),
    supports(
      'symptom',
      5,
      says('name_not_found'),
      'what does not resolve may never have been meant as a name',
    ),
    supports(
      'endpoint',
      30,
      (e) => e.address === 'keyword',
      'a word of the server directive stands where the address belongs, as when a template left the address out',
    ),
    proves('symptom', says('rewrite_failed'), 'the rule that rewrites the request came to nothing valid'),
  ],
  needs: ['error_log', 'attempts'],
  remedy: [
    {
      where: 'nginx',
      change: 'Make the expression give scheme, host and port for every request, with a default in its map',
      example: 'map $http_x_tenant $backend { default "http://app:8080"; a "http://app-a:8080"; }',
    },
    {
      where: 'load balancer',
      change:
        'Where a rule transforms host or path try its expression on the request in the evidence, and give it a result for every request',
      example: 'aws elbv2 describe-rules --listener-arn LISTENER_ARN --query "Rules[].Transforms"',
    },
  ],
  success: 'Every value that a client can send leads to a valid upstream, and the line is gone',
  mistakenFor: [
    { id: 'resolver_missing', tell: 'the upstream is valid, and its name cannot be looked up' },
    { id: 'name_not_found', tell: 'the upstream is valid, and its name has no address' },
  ],
  references: [
    {
      title: 'nginx: proxy_pass with variables',
      url: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_pass',
    },
    {
      title: 'Application Load Balancers: transforms of listener rules',
      url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-transforms.html',
    },
  ],
  cases: () => [
    {
      name: 'the variable came to nothing',
      access: access({ status: 500, took: 0, peer: '-' }),
      error: error({ message: 'invalid URL prefix in ""', peer: '-' }),
      expect: { is: 'invalid_upstream' },
    },
    {
      name: 'a host without a port that is asked for',
      access: access({ status: 500, took: 0, peer: '-' }),
      error: error({ message: 'no port in upstream "b.internal.test"', peer: '-' }),
      expect: { is: 'invalid_upstream' },
    },
    {
      name: 'a valid upstream whose name is not found',
      access: access({ status: 502, took: 0.002, peer: '-' }),
      error: error({ message: 'b.internal.test could not be resolved (3: Host not found)', peer: '-' }),
      expect: { is: 'name_not_found' },
    },
    {
      name: 'a transform of the load balancer gives no valid host',
      alb: log(
        albSteady({ from: 0, to: 30 }),
        alb({ path: '/a', status: 500, took: 0, target: '-', transform: 'TransformInvalidHost' }),
      ),
      expect: { is: 'invalid_upstream' },
    },
    {
      name: 'a transform worked, and the target answers 500',
      alb: log(
        albSteady({ from: 0, to: 30 }),
        alb({ path: '/a', status: 500, answered: 500, transform: 'TransformSuccess' }),
      ),
      expect: { isNot: 'invalid_upstream' },
    },
  ],
};

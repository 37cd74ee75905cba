import { decibans, type Mechanism, proves, refutes, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { access, error, log } from './sample/lines.ts';
import { refused } from './sample/words.ts';

/** The service that the proxy asks for permission failed, so the request was not let through. */
export const authDependency: Mechanism = {
  id: 'auth_dependency',
  cause: 'upstream_fault',
  title: 'The service that checks logins failed',
  summary:
    'With auth_request nginx asks another service about every request first. That service answered with something other than yes, 401 or 403, or not at all, and nginx answers 500. The site itself was not asked and is not at fault. Lines with a subrequest say what became of the question.',
  status: 'stable',
  prior: decibans(-12),
  weigh: [
    supports(
      'relayed',
      45,
      (e) => e.status === 561,
      'a load balancer behind could not ask its login service',
    ),
    proves(
      'symptom',
      says('auth_subrequest_failed'),
      'the authentication request ended in a status that is no answer',
    ),
    supports(
      'imprint',
      6,
      (e) => e.phase === 'none' && e.status === 500,
      '500 without trying a peer: nginx could not go on by itself',
    ),
    refutes('imprint', 12, (e) => e.phase !== 'none', 'the site itself was asked'),
    supports(
      'configured_answer',
      12,
      (e) => e.rule === 'authentication',
      'another server is asked first whether the request may pass',
    ),
    refutes(
      'configured_answer',
      12,
      (e) => e.rule === undefined,
      'no other server is asked whether the request may pass',
    ),
    proves(
      'symptom',
      says('login_service_failed'),
      'the hop says that the login service did not answer as it should',
    ),
    supports(
      'symptom',
      14,
      says('login_refused'),
      'the login did not come to its end, as happens also where the service that began it is set up wrong',
    ),
  ],
  needs: ['error_log', 'attempts'],
  remedy: [
    {
      where: 'login service',
      change: 'Find out why it failed: its own log, or the error line with the subrequest just before',
    },
    {
      where: 'nginx',
      change: 'Give it short timers of its own, and cache its answers for some seconds',
      example: 'location = /auth { proxy_read_timeout 2s; proxy_cache auth; proxy_cache_valid 200 10s; }',
    },
    {
      where: 'load balancer',
      change:
        'Where it logs visitors in by itself see whether it reaches the token and user info endpoints of the login service within 5 s, and whether the claims stay below 11 KB',
      example: 'aws elbv2 describe-rules --listener-arn LISTENER_ARN --query "Rules[].Actions"',
    },
  ],
  success: 'Authentication requests are answered by 2xx, 401 or 403 only',
  mistakenFor: [
    { id: 'application_error', tell: 'the site itself was asked, and answered 500' },
    { id: 'process_down', tell: 'the peer of the site refuses, and the line names no subrequest' },
  ],
  references: [
    {
      title: 'nginx: auth_request',
      url: 'https://nginx.org/en/docs/http/ngx_http_auth_request_module.html#auth_request',
    },
    {
      title: 'Application Load Balancers: authenticate users',
      url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html',
    },
  ],
  cases: () => [
    {
      name: 'the login service refuses connections',
      access: access({ status: 500, peer: '-' }),
      error: log(
        error({ subrequest: '/auth', peer: '192.0.2.20:7000', ...refused }),
        error({ message: 'auth request unexpected status: 502', action: 'sending to client', peer: '-' }),
      ),
      expect: { is: 'auth_dependency' },
    },
    {
      name: 'the site itself answers 500',
      access: access({ status: 500, took: 0.01, header: 0.01 }),
      expect: { is: 'application_error' },
    },
    {
      name: 'the token endpoint does not answer the load balancer',
      alb: log(
        albSteady({ from: 0, to: 30 }),
        alb({
          status: 500,
          took: 5.02,
          target: '-',
          group: '-',
          actions: 'authenticate',
          reason: 'AuthTokenEpRequestTimeout',
        }),
      ),
      expect: { is: 'auth_dependency' },
    },
    {
      name: 'the login service sends the visitor back with an error',
      alb: alb({
        status: 561,
        target: '-',
        group: '-',
        actions: 'authenticate',
        path: '/oauth2/idpresponse',
      }),
      expect: { is: 'auth_dependency' },
    },
    {
      name: 'a target answers 500 behind a login that worked',
      alb: log(
        albSteady({ from: 0, to: 30 }),
        alb({ status: 500, answered: 500, path: '/a', actions: 'authenticate,forward' }),
      ),
      expect: { is: 'application_error' },
    },
  ],
};

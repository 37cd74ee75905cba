import { decibans, type Mechanism, proves, refutes, says, supports } from '@why502/model';
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
  ],
};

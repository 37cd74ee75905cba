import { decibans, type Mechanism, proves, refutes, says, supports } from '@why502/model';
import { alb } from './sample/alb.ts';
import { access, error } from './sample/lines.ts';

/** The proxy refused a request that breaks the rules of HTTP. */
export const badClientRequest: Mechanism = {
  id: 'bad_client_request',
  cause: 'client',
  title: 'The request itself was not valid',
  summary:
    'A client sent something that nginx cannot pass on: a broken request line, an HTTP version that there is not, an encoding that nobody knows. Mostly these are scanners. nginx answers by itself, mostly with 400, but also with 501 or 505, and asks no upstream.',
  status: 'stable',
  prior: decibans(-12),
  weigh: [
    proves(
      'symptom',
      (e) => e.symptom === 'client_invalid' && e.code !== '000',
      'the proxy said what is wrong with the request',
    ),
    supports(
      'symptom',
      12,
      (e) => e.code === '000',
      'the load balancer ended a connection of HTTP/2, as it does for too large headers, or after its 10,000 requests',
    ),
    supports(
      'imprint',
      24,
      (e) => e.phase === 'none' && (e.status === 501 || e.status === 505),
      'without trying a peer nginx answers so only to a request that it cannot read',
    ),
    refutes('imprint', 15, (e) => e.phase !== 'none', 'a peer was tried, so the request could be read'),
    supports('symptom', 20, says('login_refused'), 'the visitor came without what the login had given'),
    supports(
      'symptom',
      16,
      says('request_loop'),
      'a client can send such a list of addresses, as scanners do',
    ),
  ],
  needs: ['error_log', 'attempts'],
  remedy: [
    {
      where: 'client',
      change:
        'Nothing on this side. If it is a client of your own, the error line (level info) says what to mend',
      example: 'error_log /var/log/nginx/error.log info;',
    },
  ],
  success: 'Clients of your own are not among them',
  mistakenFor: [
    { id: 'application_error', tell: 'the upstream itself sent the status' },
    { id: 'malformed_response', tell: 'what is not valid is the answer of the upstream' },
  ],
  references: [
    {
      title: 'HTTP/1.1: Transfer-Encoding (RFC 9112, section 6.1)',
      url: 'https://www.rfc-editor.org/rfc/rfc9112#section-6.1',
    },
    {
      title: 'HTTP: 505 (RFC 9110, section 15.6.6)',
      url: 'https://www.rfc-editor.org/rfc/rfc9110#section-15.6.6',
    },
  ],
  cases: () => [
    {
      name: 'a client uses an encoding that nobody knows',
      access: access({ method: 'POST', status: 501, took: 0, peer: '-' }),
      error: error({
        level: 'info',
        method: 'POST',
        message: 'client sent unknown "Transfer-Encoding": "gzip, chunked"',
        action: 'reading client request headers',
        peer: '-',
      }),
      expect: { is: 'bad_client_request' },
    },
    {
      name: 'the same with an error log that leaves info out',
      access: access({ method: 'POST', status: 501, took: 0, peer: '-' }),
      expect: { is: 'bad_client_request' },
    },
    {
      name: 'the upstream itself answers 501',
      access: access({ method: 'PATCH', status: 501, took: 0.004, header: 0.004 }),
      expect: { is: 'application_error' },
    },
    {
      name: 'a visitor comes back from the login with a state that nobody knows',
      alb: alb({
        status: 500,
        target: '-',
        group: '-',
        actions: 'authenticate',
        reason: 'AuthInvalidStateParam',
      }),
      expect: { is: 'bad_client_request' },
    },
    {
      name: 'a connection of HTTP/2 ends without a status',
      alb: alb({ status: 0, target: '-', group: '-', type: 'h2', actions: '-' }),
      expect: { isNot: 'crash_mid_response' },
    },
  ],
};

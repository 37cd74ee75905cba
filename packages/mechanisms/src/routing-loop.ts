import { always, decibans, type Mechanism, proves, refutes, says, supports } from '@why502/model';
import { alb, albSteady } from './sample/alb.ts';
import { cloudflare } from './sample/cloudflare.ts';
import { access, error, log, repeat } from './sample/lines.ts';

/** Rules send the request in a circle. */
export const routingLoop: Mechanism = {
  id: 'routing_loop',
  cause: 'misconfiguration',
  title: 'Rules send the request in a circle',
  summary:
    'A rewrite, an error_page, an index or the last part of try_files leads back to a location that was already there. nginx gives up after ten rounds and answers 500. No upstream is at fault, and none may have been asked.',
  status: 'stable',
  prior: decibans(-12),
  weigh: [
    supports(
      'relayed',
      50,
      (e) => e.status === 463,
      'a load balancer behind counted too many addresses on the way',
    ),
    proves('symptom', says('request_loop'), 'the hop says that the request came back to it'),
    proves('symptom', says('redirect_cycle'), 'nginx gave up after ten internal redirects'),
    supports(
      'imprint',
      6,
      (e) => e.phase === 'none' && e.status === 500,
      '500 without trying a peer: nginx could not go on by itself',
    ),
    refutes('relayed', 15, always, 'the upstream itself sent the status'),
    supports(
      'symptom',
      30,
      says('request_loop'),
      'the request has come by so many hops, or by the same one again, that it runs in a circle',
    ),
  ],
  needs: ['error_log', 'attempts'],
  remedy: [
    {
      where: 'nginx',
      change:
        'Follow the path in the error line through its rules; the last argument of try_files is a redirect, unless it is a status',
      example: 'try_files $uri $uri/ =404;',
    },
    { where: 'nginx', change: 'See whether the file that the last rule leads to exists at all' },
    {
      where: 'load balancer',
      change:
        'Where it answers 463 look at X-Forwarded-For: an address that comes again and again shows the hop that sends requests back',
    },
  ],
  success: 'The path ends in a file, an upstream or a 404',
  mistakenFor: [
    { id: 'invalid_upstream', tell: 'nginx names an upstream that is none' },
    { id: 'application_error', tell: 'the upstream itself sent the 500' },
  ],
  references: [
    {
      title: 'nginx: internal redirects, and their limit of 10',
      url: 'https://nginx.org/en/docs/http/ngx_http_core_module.html#internal',
    },
    {
      title: 'nginx: try_files',
      url: 'https://nginx.org/en/docs/http/ngx_http_core_module.html#try_files',
    },
    {
      title: 'Application Load Balancers: HTTP 463',
      url: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-463-issues',
    },
  ],
  cases: () => [
    {
      name: 'try_files ends in a file that is not there',
      access: access({ status: 500, took: 0, peer: '-' }),
      error: error({
        message: 'rewrite or internal redirection cycle',
        action: 'internally redirecting to "/index.html"',
        peer: '-',
      }),
      expect: { is: 'routing_loop' },
    },
    {
      name: 'the upstream itself answers 500',
      access: access({ status: 500, took: 0.01, header: 0.01 }),
      expect: { is: 'application_error' },
    },
    {
      name: 'more than thirty hops stand in X-Forwarded-For',
      alb: log(
        albSteady({ from: 0, to: 30 }),
        repeat(3, (i) => alb({ second: 12 + i, status: 463, took: 0, target: '-', group: '-' })),
      ),
      expect: { is: 'routing_loop' },
    },
    {
      name: 'a target of the load balancer answers 500',
      alb: log(albSteady({ from: 0, to: 30 }), alb({ path: '/a', status: 500, answered: 500 })),
      expect: { isNot: 'routing_loop' },
    },
    {
      name: 'a Worker asks for its own route',
      cloudflare: cloudflare({ status: 508, origin: '', errorType: '1019' }),
      expect: { is: 'routing_loop' },
    },
    {
      name: 'a Worker throws',
      cloudflare: cloudflare({ status: 500, origin: '', errorType: '1101', worker: 'exception' }),
      expect: { isNot: 'routing_loop' },
    },
  ],
};

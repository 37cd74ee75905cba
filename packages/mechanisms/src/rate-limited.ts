import { always, decibans, type Mechanism, proves, refutes, says, supports } from '@why502/model';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { conf } from './sample/conf.ts';
import { access, error, log, repeat, steady } from './sample/lines.ts';
import { edgeSays } from './signs/edge.ts';

/** A rule of the proxy refused the request: too many, or too many at once. */
export const rateLimited: Mechanism = {
  id: 'rate_limited',
  cause: 'intended',
  title: 'A rule of the proxy limits requests or connections',
  summary:
    'limit_req or limit_conn counts requests by a key, mostly the address of the client, and refuses what is too much: with 503 unless configured. No upstream was asked, and none failed. Where nginx stands behind another proxy and counts by its address, all visitors share one limit.',
  status: 'stable',
  prior: decibans(-12),
  weigh: [
    supports('symptom', 34, edgeSays('answered_by_rule'), 'a rule of the zone turned the request away'),
    proves('symptom', says('requests_limited'), 'nginx said that it limits requests'),
    proves('symptom', says('connections_limited'), 'nginx said that it limits connections'),
    supports(
      'imprint',
      20,
      (e) => e.phase === 'none' && e.status === 503,
      '503 without trying a peer, which nginx does for a limit or a fixed answer only',
    ),
    supports(
      'bare_status',
      30,
      (e) => e.status === 503 && e.ownPage === true,
      "nginx's own page for 503, which it sends for a limit or a fixed answer only",
    ),
    supports(
      'bare_status',
      3,
      (e) => e.status === 503,
      '503 is what a limit answers, with a page of any kind',
    ),
    supports(
      'route_scope',
      6,
      (e) => e.okHere >= 3 && e.failedHere > 0,
      'the same route answers other requests meanwhile',
    ),
    refutes(
      'route_scope',
      8,
      (e) => e.okHere === 0 && e.failedHere >= 3,
      'the route answers nobody, while a limit lets some pass',
    ),
    refutes('no_words', 20, (e) => e.covered, 'nginx writes a line for each request that it refuses'),
    refutes('no_words', 5, (e) => !e.covered, 'nginx writes a line for each request that it refuses'),
    refutes('relayed', 20, always, 'the upstream itself sent the status'),
    refutes(
      'lone_line',
      20,
      says('requests_limited', 'connections_limited'),
      'one line does not show whether the limit meets those it was made for',
    ),
    refutes(
      'lone_request',
      6,
      (e) => e.fromSelf,
      'the client is a proxy of the own host, so all visitors may count as one',
    ),
    supports(
      'configured_answer',
      14,
      (e) => e.rule === 'request_limit' || e.rule === 'connection_limit',
      'the configuration has a limit that answers so',
    ),
    refutes(
      'configured_answer',
      14,
      (e) => e.rule === undefined,
      'the configuration has no limit that answers so',
    ),
    refutes(
      'configured_answer',
      10,
      (e) => e.rule === 'fixed' && !e.conditional,
      'the configuration answers all such requests so',
    ),
  ],
  needs: ['error_log', 'attempts'],
  remedy: [
    {
      where: 'nginx',
      change: 'Nothing, if the limit is meant; raise it or its burst only if real users run into it',
      example: 'limit_req zone=perip burst=40 nodelay;',
    },
    {
      where: 'nginx',
      change: 'If all refused lines name one client, make nginx see the real addresses',
      example: 'set_real_ip_from 192.0.2.0/24; real_ip_header X-Forwarded-For;',
    },
    {
      where: 'nginx',
      change: 'Answer 429, so that no monitor takes it for an outage',
      example: 'limit_req_status 429;',
    },
  ],
  success: 'Only those whom the rule is for are refused',
  mistakenFor: [
    { id: 'fixed_response', tell: 'the route answers everyone with 503, and nginx writes no line' },
    { id: 'application_error', tell: 'the upstream itself sent the 503' },
    { id: 'no_targets', tell: 'nobody ever gets an answer, and no line speaks of a limit' },
  ],
  references: [
    {
      title: 'nginx: limit_req',
      url: 'https://nginx.org/en/docs/http/ngx_http_limit_req_module.html#limit_req',
    },
    {
      title: 'nginx: limit_conn',
      url: 'https://nginx.org/en/docs/http/ngx_http_limit_conn_module.html#limit_conn',
    },
  ],
  cases: () => [
    {
      name: 'nginx says that it limits requests',
      access: access({ status: 503, took: 0, peer: '-' }),
      error: error({ message: 'limiting requests, excess: 20.470 by zone "perip"', peer: '-' }),
      expect: { is: 'rate_limited' },
    },
    {
      name: 'some requests of a route get 503 without a peer, and the error log is not there',
      access: log(
        steady({ from: 10, to: 19, routes: ['/search', '/a'], perSecond: 2 }),
        repeat(6, (i) => access({ second: 14 + (i % 2), path: '/search', status: 503, took: 0, peer: '-' })),
      ),
      expect: { is: 'rate_limited' },
    },
    {
      name: 'the upstream itself answers 503',
      access: access({ status: 503, took: 0.01, header: 0.01 }),
      expect: { is: 'application_error' },
    },
    {
      name: 'a dry run refuses nothing, and the peer answers 500',
      access: access({ status: 500, took: 0.01, header: 0.01 }),
      error: error({ message: 'limiting requests, dry run, excess: 20.470 by zone "perip"', peer: '-' }),
      expect: { is: 'application_error' },
    },
    {
      name: 'the configuration limits the route, and the error log is not there',
      access: log(steady({ from: 10, to: 19 }), access({ path: '/a', status: 503, took: 0, peer: '-' })),
      configurations: [conf({ location: 'limit_req zone=perip;' })],
      expect: { is: 'rate_limited' },
    },
    {
      name: 'the configuration answers everyone so',
      access: repeat(4, (i) => access({ second: 10 + i, status: 503, took: 0, peer: '-' })),
      configurations: [conf({ pass: 'return 503;' })],
      expect: { is: 'fixed_response' },
    },
    {
      name: 'a rule of the zone limits the rate',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29 }),
        repeat(10, (i) =>
          cloudflare({ second: 10 + i, path: '/a', status: 503, origin: '', pathing: 'user ban rate_limit' }),
        ),
      ),
      expect: { is: 'rate_limited' },
    },
    {
      name: 'the origin answers the edge with 503',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29 }),
        cloudflare({ second: 20, path: '/a', status: 503, answered: 503 }),
      ),
      expect: { isNot: 'rate_limited' },
    },
  ],
};

import { decibans, type Mechanism, proves, refutes, says, supports } from '@why502/model';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { access, error, log, repeat } from './sample/lines.ts';
import { edgeSays, namesNobody } from './signs/edge.ts';

/** The name of the upstream has no address. */
export const nameNotFound: Mechanism = {
  id: 'name_not_found',
  cause: 'dns_unpropagated',
  title: 'The name of the upstream has no address in DNS',
  summary:
    'nginx asked its resolver for the name in proxy_pass when the request came, and was told that there is none, or none with an address. The record is not published yet, was deleted, or is misspelt. Resolvers remember a "no" for the negative TTL of the zone.',
  status: 'stable',
  prior: decibans(-12),
  weigh: [
    proves(
      'symptom',
      (e) => e.source !== 'cloudflare' && says('name_not_found')(e),
      'the resolver said that the name does not exist',
    ),
    supports('symptom', 34, edgeSays('name_not_found'), 'the edge could not find the name of the origin'),
    supports(
      'symptom',
      16,
      edgeSays('origin_unfound'),
      '530 without a code: no such name, or no connector of a tunnel',
    ),
    supports(
      'lookup',
      14,
      (e) => e.timed > 0 && e.slow === 0,
      'a name was looked up, and the answer that there is none came soon',
    ),
    refutes(
      'lookup',
      18,
      (e) => e.slow > 0,
      'looking it up took seconds: the servers of the zone did not say that there is none',
    ),
    refutes(
      'lookup',
      8,
      (e) => e.count >= 8 && e.timed === 0,
      'none of the failures took time to look a name up',
    ),
    supports('naming', 10, (e) => e.named > 0, 'answers of this route name an address, which its name had'),
    refutes('naming', 8, namesNobody, 'answers of this route name no address, as by way of a tunnel'),
    supports(
      'imprint',
      9,
      (e) => e.phase === 'none' && e.status === 502,
      '502 without trying a peer: the name was not resolved',
    ),
    refutes('imprint', 20, (e) => e.phase !== 'none', 'a peer was tried, so the name had an address'),
    refutes(
      'endpoint',
      30,
      (e) => e.address === 'keyword',
      'what was looked up is a word of the configuration, no name',
    ),
    supports(
      'configured_lookup',
      10,
      (e) => e.perRequest && e.resolver,
      'the name is looked up for each request',
    ),
    refutes(
      'configured_lookup',
      20,
      (e) => !e.perRequest || !e.resolver,
      'no name is looked up for the request',
    ),
  ],
  needs: ['error_log'],
  remedy: [
    {
      where: 'DNS',
      change:
        "Ask the zone's own servers and the proxy's resolver for the name, and publish or correct the record",
      example: 'dig +short NAME @RESOLVER; dig +short NAME @$(dig +short NS ZONE | head -1)',
    },
    {
      where: 'DNS',
      change: 'After adding it wait for the negative TTL (the last number of the SOA), or flush the resolver',
    },
  ],
  success: 'The name resolves at the resolver that nginx uses, and the requests reach a peer',
  mistakenFor: [
    { id: 'resolver_failure', tell: 'the resolver itself fails or is silent, often for many names' },
    { id: 'resolver_missing', tell: 'nginx has no resolver to ask' },
  ],
  references: [
    { title: 'nginx: resolver', url: 'https://nginx.org/en/docs/http/ngx_http_core_module.html#resolver' },
  ],
  cases: () => [
    {
      name: 'the resolver knows no such name',
      access: access({ status: 502, took: 0.003, peer: '-' }),
      error: error({ message: 'b.internal.test could not be resolved (3: Host not found)', peer: '-' }),
      expect: { is: 'name_not_found' },
    },
    {
      name: 'the resolver fails',
      access: access({ status: 502, took: 0.003, peer: '-' }),
      error: error({ message: 'b.internal.test could not be resolved (2: Server failure)', peer: '-' }),
      expect: { is: 'resolver_failure' },
    },
    {
      name: 'the edge says 1016',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29 }),
        repeat(10, (i) =>
          cloudflare({
            second: 30 + i,
            path: '/a',
            status: 530,
            origin: '',
            errorType: '1016',
            lookup: i % 3,
          }),
        ),
        cloudflareSteady({ from: 50, to: 60 }),
      ),
      expect: { is: 'name_not_found' },
    },
    {
      name: 'looking the name up takes the edge seconds',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29 }),
        repeat(10, (i) =>
          cloudflare({
            second: 36 + i,
            path: '/a',
            status: 530,
            origin: '',
            errorType: '1016',
            lookup: 5_000,
            took: 5.01,
          }),
        ),
      ),
      expect: { isNot: 'name_not_found' },
    },
  ],
};

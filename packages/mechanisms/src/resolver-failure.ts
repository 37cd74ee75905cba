import { decibans, type Mechanism, proves, refutes, says, supports } from '@why502/model';
import { cloudflare, cloudflareSteady } from './sample/cloudflare.ts';
import { access, error, log, repeat } from './sample/lines.ts';
import { edgeSays, namesNobody } from './signs/edge.ts';

/** The resolver that nginx asks fails or is silent. */
export const resolverFailure: Mechanism = {
  id: 'resolver_failure',
  cause: 'dns_unpropagated',
  title: 'The resolver that nginx asks fails or is silent',
  summary:
    'nginx looks up names in variables with the servers of its resolver directive. They answered with a failure, or not at all within resolver_timeout, 30 s unless configured. The name itself may be in order: many names failing at once speak for the resolver, one name for the servers of its zone or its signatures.',
  status: 'stable',
  prior: decibans(-12),
  weigh: [
    supports(
      'symptom',
      14,
      edgeSays('name_not_found', 'origin_unfound'),
      'the edge got no address for the name',
    ),
    supports('lookup', 26, (e) => (e.took ?? 0) >= 1_000, 'looking the name up took seconds, in vain'),
    supports('lookup', 14, (e) => e.slow > 0, 'others of the like looked the name up for seconds, in vain'),
    refutes('lookup', 10, (e) => e.slow === 0, 'the answer to the look-up came soon'),
    refutes('naming', 8, namesNobody, 'answers of this route name no address, as by way of a tunnel'),
    proves('symptom', says('resolver_failed'), 'the resolver failed, which says nothing about the name'),
    supports(
      'imprint',
      9,
      (e) => e.phase === 'none' && e.status === 502 && (e.after ?? 0) >= 1_000,
      '502 without trying a peer, after a long wait: the resolver was silent',
    ),
    supports(
      'imprint',
      4,
      (e) => e.phase === 'none' && e.status === 502,
      '502 without trying a peer: the name was not resolved',
    ),
    refutes('imprint', 20, (e) => e.phase !== 'none', 'a peer was tried, so the name had an address'),
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
    supports(
      'client_left',
      18,
      (e) => e.awaited === 'peer' && (e.after ?? 0) >= 1_000,
      'the client left while the proxy had no peer to ask yet: the name was being looked up',
    ),
  ],
  needs: ['error_log', 'duration'],
  remedy: [
    {
      where: 'DNS',
      change: 'Ask the resolver from the host, or the container, of nginx',
      example: 'dig NAME @RESOLVER',
    },
    {
      where: 'nginx',
      change: 'Name two resolvers, and wait less for them',
      example: 'resolver 192.0.2.53 192.0.2.54 valid=30s; resolver_timeout 5s;',
    },
  ],
  success: 'Names resolve within milliseconds, and requests reach their peers',
  mistakenFor: [
    { id: 'name_not_found', tell: 'the resolver works and says that there is no such name' },
    { id: 'resolver_missing', tell: 'nginx has no resolver to ask' },
  ],
  references: [
    { title: 'nginx: resolver', url: 'https://nginx.org/en/docs/http/ngx_http_core_module.html#resolver' },
    {
      title: 'DNS response codes (RFC 1035, section 4.1.1)',
      url: 'https://www.rfc-editor.org/rfc/rfc1035#section-4.1.1',
    },
  ],
  cases: () => [
    {
      name: 'the resolver answers with a failure',
      access: access({ status: 502, took: 0.003, peer: '-' }),
      error: error({ message: 'b.internal.test could not be resolved (2: Server failure)', peer: '-' }),
      expect: { is: 'resolver_failure' },
    },
    {
      name: 'the resolver is silent, for two names',
      access: log(
        access({ second: 30, path: '/b', status: 502, took: 30, peer: '-' }),
        access({ second: 31, path: '/c', status: 502, took: 30, peer: '-' }),
      ),
      error: log(
        error({
          second: 30,
          connection: 1,
          path: '/b',
          message: 'b.internal.test could not be resolved (110: Operation timed out)',
          peer: '-',
        }),
        error({
          second: 31,
          connection: 2,
          path: '/c',
          message: 'c.internal.test could not be resolved (110: Operation timed out)',
          peer: '-',
        }),
      ),
      expect: { is: 'resolver_failure' },
    },
    {
      name: 'the resolver knows no such name',
      access: access({ status: 502, took: 0.003, peer: '-' }),
      error: error({ message: 'b.internal.test could not be resolved (3: Host not found)', peer: '-' }),
      expect: { is: 'name_not_found' },
    },
    {
      name: 'the edge looks the names of its origins up for seconds, in vain',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29 }),
        repeat(10, (i) =>
          cloudflare({
            second: 36 + i,
            path: '/a',
            status: 530,
            origin: '',
            errorType: '1016',
            lookup: 4_000,
            took: 4.01,
          }),
        ),
      ),
      expect: { is: 'resolver_failure' },
    },
    {
      name: 'the edge is told soon that there is no such name',
      cloudflare: log(
        cloudflareSteady({ from: 0, to: 29 }),
        repeat(10, (i) =>
          cloudflare({ second: 30 + i, path: '/a', status: 530, origin: '', errorType: '1016', lookup: 9 }),
        ),
      ),
      expect: { isNot: 'resolver_failure' },
    },
  ],
};

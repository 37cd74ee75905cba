import { decibans, type Mechanism, proves, refutes, says, supports } from '@why502/model';
import { conf } from './sample/conf.ts';
import { access, error } from './sample/lines.ts';

/** proxy_pass holds a variable, and nginx has no resolver to look the name up with. */
export const resolverMissing: Mechanism = {
  id: 'resolver_missing',
  cause: 'misconfiguration',
  title: 'nginx has no resolver for a name in a variable',
  summary:
    'A name that stands in proxy_pass through a variable is looked up for each request, with the servers of the resolver directive, not with those of the system. Without that directive nginx answers 502 at once.',
  status: 'stable',
  prior: decibans(-12),
  weigh: [
    proves('symptom', says('resolver_missing'), 'nginx said that no resolver is defined'),
    supports(
      'imprint',
      6,
      (e) => e.phase === 'none' && e.status === 502,
      '502 without trying a peer: the name was not resolved',
    ),
    refutes('imprint', 20, (e) => e.phase !== 'none', 'a peer was tried, so the name had an address'),
    supports(
      'bare_status',
      3,
      (e) => e.status === 502 && e.ownPage !== false,
      '502 is what a name without a resolver gives',
    ),
    supports(
      'configured_lookup',
      24,
      (e) => e.perRequest && !e.resolver,
      'the configuration has a name to look up, and no resolver',
    ),
    refutes(
      'configured_lookup',
      20,
      (e) => !e.perRequest || e.resolver,
      'there is a resolver, or nothing to look up',
    ),
  ],
  needs: ['error_log'],
  remedy: [
    {
      where: 'nginx',
      change: 'Name a resolver: 127.0.0.11 in Docker, the cluster DNS in Kubernetes, else that of the host',
      example: 'resolver 127.0.0.11 valid=10s ipv6=off;',
    },
    {
      where: 'nginx',
      change: 'Or write the name into proxy_pass without a variable; then it is looked up once, at start',
    },
  ],
  success: 'The requests of that location reach a peer',
  mistakenFor: [
    { id: 'name_not_found', tell: 'there is a resolver, and it says that the name does not exist' },
  ],
  references: [
    { title: 'nginx: resolver', url: 'https://nginx.org/en/docs/http/ngx_http_core_module.html#resolver' },
  ],
  cases: () => [
    {
      name: 'nginx says so',
      access: access({ status: 502, took: 0, peer: '-' }),
      error: error({ message: 'no resolver defined to resolve b.internal.test', peer: '-' }),
      expect: { is: 'resolver_missing' },
    },
    {
      name: 'the resolver knows no such name',
      access: access({ status: 502, took: 0.003, peer: '-' }),
      error: error({ message: 'b.internal.test could not be resolved (3: Host not found)', peer: '-' }),
      expect: { is: 'name_not_found' },
    },
    {
      name: 'without an error log, the configuration has a name in a variable and no resolver',
      access: access({ status: 502, took: 0, peer: '-' }),
      configurations: [conf({ pass: 'proxy_pass http://$arg_to;' })],
      expect: { is: 'resolver_missing' },
    },
    {
      name: 'without an error log, the configuration has a resolver',
      access: access({ status: 502, took: 0, peer: '-' }),
      configurations: [conf({ pass: 'proxy_pass http://$arg_to;', location: 'resolver 192.0.2.53;' })],
      expect: { isNot: 'resolver_missing' },
    },
  ],
};

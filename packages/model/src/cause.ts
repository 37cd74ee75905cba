export const causes = [
  'upstream_overload',
  'misconfiguration',
  'dns_unpropagated',
  'upstream_fault',
  'network',
  'client',
  'provider',
  'intended',
  'unknown',
] as const;

export type Cause = (typeof causes)[number];

/** What people call a cause. */
export const causeNames: Readonly<Record<Cause, string>> = {
  upstream_overload: 'overloaded upstream',
  misconfiguration: 'misconfiguration',
  dns_unpropagated: 'DNS not propagated',
  upstream_fault: 'fault of the upstream',
  network: 'network',
  client: 'client',
  provider: 'provider',
  intended: 'intended',
  unknown: 'not explained',
};

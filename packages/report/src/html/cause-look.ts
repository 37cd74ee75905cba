import type { Cause } from '@why502/model';

/** What a cause is called, and the class that gives it its colour in `style.ts`, the same everywhere on a page. */
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

export function causeClass(cause: Cause): string {
  return `cause-${cause.replaceAll('_', '-')}`;
}

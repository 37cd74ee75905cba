import { about } from './api.ts';

/** Causes in the order of the contract, so that each has its place in every column, and what they are called. */
export const causeNames: Readonly<Record<string, string>> = {
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

export const causes = Object.keys(causeNames);

/** The class that gives a cause its colour, the same everywhere. */
export function causeClass(cause: string): string {
  return `cause-${(cause in causeNames ? cause : 'unknown').replaceAll('_', '-')}`;
}

/** A sentence, or the id of a mechanism that this version does not know. */
export function titleOf(mechanism: string): string {
  if (mechanism === '') return 'The logs do not tell why';
  return about.value.mechanisms[mechanism]?.title ?? mechanism;
}

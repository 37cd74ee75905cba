import type { FactOf, Symptom } from '@why502/model';

const notConnected: ReadonlySet<Symptom> = new Set([
  'connect_refused',
  'connect_no_route',
  'tls_refused',
  'tls_certificate_unverified',
  'name_not_found',
  'origin_unfound',
  'tunnel_down',
]);

/** Whether most who waited beside the client that left were told that no connection to the peer came up. */
export function cannotConnect({ saidNear }: FactOf<'client_left'>): boolean {
  return saidNear !== undefined && notConnected.has(saidNear);
}

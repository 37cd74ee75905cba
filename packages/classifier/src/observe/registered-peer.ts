import type { Evidence, Names } from '@why502/model';
import type { Failure } from '../failure.ts';
import type { HopView } from '../hop-views.ts';
import { evidence } from './attempt.ts';

/** 443, and what is used in its place where that needs rights. */
const tlsPorts: ReadonlySet<string> = new Set(['443', '8443', '9443', '4443', '10443']);

/** What a load balancer that was told each peer by its address knows of them: its checks, and how the others fare. */
export function observeRegisteredPeer(failure: Failure, view: HopView, names: Names): Evidence[] {
  if (failure.source !== 'alb' || failure.peerId === 0) return [];
  return [...observeHealth(failure, view), observeRegistration(failure, view, names)];
}

function observeHealth({ peerId, bucket }: Failure, { health }: HopView): Evidence[] {
  const found = health.near(peerId, bucket);
  if (found === undefined) return [];
  const { passed, failed } = found;
  const text =
    failed === 0
      ? `all ${passed} checks of the peer's health within 40 s passed`
      : `${failed} of ${passed + failed} checks of the peer's health within 40 s failed`;
  return [evidence({ kind: 'health', ...found }, 'health', text)];
}

/** The other peers of the service that were asked near the failure, by their ports and networks. */
function observeRegistration(
  { peer, peerId, serviceId, bucket }: Failure,
  { context }: HopView,
  names: Names,
): Evidence {
  const own = placeOf(peer!);
  const sum = { samePort: 0, sameNetwork: 0, silentInNetwork: 0, otherNetworks: 0 };
  for (const [id, answers] of context.at(bucket).services.answersByPeer(serviceId)) {
    if (id === peerId) continue;
    const { port, network } = placeOf(names.peers.nameOf(id));
    if (answers && port === own.port) sum.samePort++;
    if (network !== own.network) sum.otherNetworks += answers ? 1 : 0;
    else if (answers) sum.sameNetwork++;
    else sum.silentInNetwork++;
  }
  const text = `${sum.samePort} other peers answer at this port; of its network ${sum.sameNetwork} others answer and ${sum.silentInNetwork} do not, of other networks ${sum.otherNetworks} answer`;
  return evidence({ kind: 'registration', tlsPort: tlsPorts.has(own.port), ...sum }, 'registration', text);
}

/** Addresses of IPv4 that differ in the last part only, and of IPv6 up to the fourth colon, are one network. */
function placeOf(peer: string): { port: string; network: string } {
  const end = peer.lastIndexOf(':');
  const address = peer.slice(0, end).replace(/^\[|\]$/g, '');
  const network = address.includes(':')
    ? address.split(':').slice(0, 4).join(':')
    : address.slice(0, address.lastIndexOf('.'));
  return { port: peer.slice(end + 1), network };
}

import { type Evidence, millis, probability } from '@why502/model';
import type { Failure } from '../failure.ts';
import type { Company } from '../join/company.ts';
import type { Context } from '../window/context.ts';
import { evidence, refused } from './attempt.ts';
import { addressText, peerAddress, portContradicts } from './peer-address.ts';

/** Of a long wait the last part is looked at, ms: well inside what is kept. */
const longestWaitMs = 60_000;

/** What the peer did around the failure, and what its address shows. */
export function observePeer(failure: Failure, context: Context, company: Company): Evidence[] {
  const { bucket, peerId } = failure;
  const { peers } = context.at(bucket);
  const { okBefore, okAfter, okNear, failedNear, everOk, failedAround, episodes } = peers.record(peerId);
  const waited = Math.min(failure.after ?? 0, longestWaitMs);
  const began = failure.attemptEnd - waited;
  const meanwhile = peers.answersWithin(peerId, ...whole(failure, began, failure.attemptEnd));
  const silentFor = peers.silentFor(peerId, began);
  const seen: Evidence[] = [
    evidence(
      {
        kind: 'peer_record',
        okBefore,
        okAfter,
        okNear,
        failedNear,
        everOk,
        failedAround,
        episodes,
        answeredMeanwhile:
          meanwhile.slots === 0 ? undefined : probability(meanwhile.answered / meanwhile.slots),
        silentFor: silentFor === undefined ? undefined : millis(silentFor),
        watched: millis(context.watched()),
      },
      'peer',
      everOk
        ? `the peer answered ${okNear} and failed ${failedNear} within about 10 s, ${okBefore} answers in the 15 min before, ${okAfter} in the 90 s after`
        : 'this log shows no answer of the peer, ever',
    ),
    ...observeConnects(peerId, context),
    ...observeSuccession(failure, context),
  ];
  if (failure.source === 'cloudflare')
    seen.push(observeAddresses(failure, context, everOk, silentFor, began));
  if (refused(failure)) return seen;
  const burst = company.burst(failure);
  seen.push(
    evidence(
      { kind: 'burst', ...burst },
      'burst',
      burst.refusedNear
        ? `the peer refused connections within seconds of it`
        : `${burst.count} ${burst.count === 1 ? 'failure' : 'failures'} of the peer within a second of it`,
    ),
  );
  return seen;
}

function observeConnects(peerId: number, context: Context): readonly Evidence[] {
  const { slowConnectsNear, okNear } = context.peers.record(peerId);
  if (slowConnectsNear === 0) return [];
  const share = probability(slowConnectsNear / okNear);
  const text = `${slowConnectsNear} of ${okNear} connects to the peer that worked took as long as a repeated SYN`;
  return [evidence({ kind: 'slow_connects', count: slowConnectsNear, share }, 'connects', text)];
}

/** Whether others took the place of the peer, and whether it came back. */
function observeSuccession({ serviceId, peerId }: Failure, context: Context): readonly Evidence[] {
  return context.told(`succession ${serviceId} ${peerId}`, () => {
    const { newcomers, gone, stillAsked } = context.services.succession(serviceId, peerId);
    const returned = context.peers.record(peerId).okAfter > 0;
    if (newcomers === 0 && !gone && !returned) return [];
    const peers = newcomers === 1 ? 'peer' : 'peers';
    const first = newcomers > 0 ? `${newcomers} new ${peers} of the service answered first around then` : '';
    const later = returned ? 'the peer answered again later' : gone ? 'the peer was tried no more later' : '';
    const text = [first, later].filter((clause) => clause !== '').join('; ');
    return [evidence({ kind: 'succession', newcomers, gone, stillAsked, returned }, 'succession', text)];
  });
}

/** An edge finds its origins by name, so that what it tries changes with what the name leads to. */
function observeAddresses(
  { serviceId, peerId, bucket }: Failure,
  context: Context,
  everAnswered: boolean,
  silentFor: number | undefined,
  began: number,
): Evidence {
  const ceased = silentFor === undefined ? undefined : began - silentFor;
  const { others, successors } = context.at(bucket).services.others(serviceId, peerId, ceased);
  const text = `${others} other ${others === 1 ? 'address' : 'addresses'} of the name answered within about 10 s, ${successors} of them for the first time since this one was about to cease`;
  return evidence({ kind: 'addresses', everAnswered, others, successors }, 'addresses', text);
}

/** What other lines of the error log tell about the peer, where no access line names it. */
export function observeRefusals(failure: Failure, company: Company): Evidence[] {
  if (failure.peerId === 0 || refused(failure)) return [];
  const burst = company.burst(failure);
  if (!burst.refusedNear) return [];
  return [
    evidence({ kind: 'burst', ...burst }, 'burst', 'the peer refused connections within seconds of it'),
  ];
}

/** The stamps of a log without fractions tell whole seconds only, so its waits are looked at in whole seconds. */
function whole({ request }: Failure, from: number, to: number): [number, number] {
  if ((request?.resolution ?? 1_000) <= 1) return [from, to];
  return [Math.ceil(from / 1_000) * 1_000, Math.floor(to / 1_000) * 1_000];
}

/** What the address that was tried shows by itself; nothing where none is logged. */
export function observeEndpoint({ attempt, errors }: Failure): Evidence[] {
  const named = errors.filter(({ peer }) => peer !== undefined);
  // Of the addresses of localhost the rarer one says more.
  const line = named.find(({ peer }) => peerAddress(peer!) === 'loopback_v6') ?? named.at(-1);
  const peer = line?.peer ?? attempt?.peer;
  const address = peer === undefined ? undefined : peerAddress(peer);
  if (peer === undefined || address === undefined) return [];
  const scheme = line?.scheme;
  const portContradictsScheme = portContradicts(scheme, peer);
  const port = portContradictsScheme ? `; ${scheme} goes to a port that is not for ${scheme} by custom` : '';
  const text = `${addressText[address]}${port}`;
  return [
    evidence({ kind: 'endpoint', address, scheme, portContradictsScheme }, 'endpoint', text, line?.row),
  ];
}

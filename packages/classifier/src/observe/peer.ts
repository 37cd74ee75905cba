import { type Evidence, type FactOf, millis, probability } from '@why502/model';
import type { Failure } from '../failure.ts';
import type { Company } from '../join/company.ts';
import type { Context } from '../window/context.ts';
import { evidence, refused } from './attempt.ts';

/** Of a long wait the last part is looked at, ms: well inside what is kept. */
const longestWaitMs = 60_000;

/** What the peer did around the failure, and what its address shows. */
export function observePeer(failure: Failure, context: Context, company: Company): Evidence[] {
  const { bucket, peerId } = failure;
  const { peers, services } = context.at(bucket);
  const { slowConnectsNear, ...record } = peers.record(peerId);
  const { okBefore, okAfter, okNear, failedNear } = record;
  const waited = Math.min(failure.after ?? 0, longestWaitMs);
  const began = failure.attemptEnd - waited;
  const meanwhile = peers.answersWithin(peerId, ...whole(failure, began, failure.attemptEnd));
  const silentFor = peers.silentFor(peerId, began);
  const seen: Evidence[] = [
    evidence(
      {
        kind: 'peer_record',
        ...record,
        answeredMeanwhile:
          meanwhile.slots === 0 ? undefined : probability(meanwhile.answered / meanwhile.slots),
        silentFor: silentFor === undefined ? undefined : millis(silentFor),
        watched: millis(context.watched()),
      },
      'peer',
      record.everOk
        ? `the peer answered ${okNear} and failed ${failedNear} within about 10 s, ${okBefore} answers in the 15 min before, ${okAfter} in the 90 s after`
        : 'this log shows no answer of the peer, ever',
    ),
  ];
  if (slowConnectsNear > 0) {
    seen.push(
      evidence(
        { kind: 'slow_connects', count: slowConnectsNear, share: probability(slowConnectsNear / okNear) },
        'connects',
        `${slowConnectsNear} of ${okNear} connects to the peer that worked took as long as a repeated SYN`,
      ),
    );
  }
  const { newcomers, gone } = services.succession(failure.serviceId, peerId);
  if (newcomers > 0 || gone || okAfter > 0) {
    seen.push(
      evidence(
        { kind: 'succession', newcomers, gone, returned: okAfter > 0 },
        'succession',
        [
          ...(newcomers > 0
            ? [
                `${newcomers} new ${newcomers === 1 ? 'peer' : 'peers'} of the service answered first around then`,
              ]
            : []),
          okAfter > 0 ? 'the peer answered again later' : gone ? 'the peer was tried no more later' : '',
        ]
          .filter((clause) => clause !== '')
          .join('; '),
      ),
    );
  }
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

/** The stamps of a log without fractions tell whole seconds only, so its waits are looked at in whole seconds. */
function whole({ request }: Failure, from: number, to: number): [number, number] {
  if (request?.resolution === 1) return [from, to];
  return [Math.ceil(from / 1_000) * 1_000, Math.floor(to / 1_000) * 1_000];
}

const tlsPorts: ReadonlySet<string> = new Set(['443', '8443', '9443']);
const plainPorts: ReadonlySet<string> = new Set(['80', '8080']);

/** What the address that was tried shows by itself; nothing where none is logged. */
export function observeEndpoint({ attempt, errors }: Failure): Evidence[] {
  const line = errors.findLast(({ peer }) => peer !== undefined);
  const peer = attempt?.peer ?? line?.peer;
  if (peer === undefined) return [];
  const port = /:(\d+)$/.exec(peer)?.[1];
  const fact: FactOf<'endpoint'> = {
    kind: 'endpoint',
    address: addressKind(peer),
    scheme: line?.scheme,
    port:
      port === undefined ? undefined : tlsPorts.has(port) ? 'tls' : plainPorts.has(port) ? 'plain' : 'other',
  };
  return [evidence(fact, 'endpoint', endpointText(fact), line?.row)];
}

function addressKind(peer: string): FactOf<'endpoint'>['address'] {
  if (peer.startsWith('unix:')) return 'socket';
  if (/^\[::1\]/.test(peer)) return 'loopback_v6';
  if (peer.startsWith('[')) return 'v6';
  if (/^127\./.test(peer)) return 'loopback_v4';
  return /^\d+\.\d+\.\d+\.\d+/.test(peer) ? 'v4' : 'name';
}

function endpointText({ address, scheme, port }: FactOf<'endpoint'>): string {
  const kind = {
    socket: 'a unix socket',
    loopback_v6: 'the IPv6 loopback address',
    loopback_v4: 'the loopback address',
    v6: 'an IPv6 address',
    v4: 'an IPv4 address',
    name: 'a name',
  }[address];
  const custom =
    port === 'tls'
      ? ', with a port that is for TLS by custom'
      : port === 'plain'
        ? ', with a port for plain HTTP'
        : '';
  return `the proxy tried ${kind}${scheme === undefined ? '' : ` by ${scheme}`}${custom}`;
}

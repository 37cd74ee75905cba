import { type Evidence, millis, probability } from '@why502/model';
import type { Failure } from '../failure.ts';
import type { HopView } from '../hop-views.ts';
import { evidence } from './attempt.ts';

/** Answers are known by half seconds; a service that was quiet for less may only pause. */
const leastSilenceMs = 2_000;

/** Fewer failures than this within 10 s show nothing of a whole service. */
const fewestFailures = 5;

/**
 * Whether the whole service stopped to answer, as a change of all its peers makes it. Where the hop has words of its own
 * these say more.
 */
export function observeOutage(failure: Failure, { context }: HopView): Evidence[] {
  const { serviceId, bucket, after, attemptEnd, source, phase, request } = failure;
  if (source === 'nginx' || serviceId === 0 || phase === 'left') return [];
  const { services, peers } = context.at(bucket);
  const scope = services.peers(serviceId);
  const { failedNear } = services.record(serviceId);
  if (scope.peers === 0 || scope.failing < scope.peers || failedNear < fewestFailures) return [];
  const began = attemptEnd - (after ?? 0);
  let before = Number.POSITIVE_INFINITY;
  let until = Number.POSITIVE_INFINITY;
  for (const id of services.answersByPeer(serviceId).keys()) {
    before = Math.min(before, peers.silentFor(id, began) ?? Number.POSITIVE_INFINITY);
    until = Math.min(until, peers.silentUntil(id, began) ?? Number.POSITIVE_INFINITY);
  }
  const silentMs = before + until;
  if (silentMs < leastSilenceMs) return [];
  const { routes, routesFailing } = services.load(serviceId);
  const hasEnds = Number.isFinite(silentMs);
  const span = hasEnds
    ? `for ${(silentMs / 1_000).toFixed(1)} s around it`
    : 'around it, as far as the log is looked at,';
  const text = `${span} no peer of the service answers; ${Math.round(routesFailing * 100)} % of ${routes} routes failing`;
  return [
    evidence(
      {
        kind: 'outage',
        lasts: hasEnds ? millis(silentMs) : undefined,
        answeredBefore: Number.isFinite(before),
        peers: scope.peers,
        routes,
        routesFailing: probability(routesFailing),
      },
      'outage',
      text,
      request?.row,
    ),
  ];
}

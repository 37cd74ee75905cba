import { type Evidence, type HopSource, hopOf, millis, probability } from '@why502/model';
import type { Failure } from '../failure.ts';
import type { HopView } from '../hop-views.ts';
import { evidence } from './attempt.ts';

/** Fewer failures than this on a route show nothing of its clients. */
const fewestMeetings = 4;

/**
 * After how long without use a hop gives up connections to its peers unless told otherwise, s: ALB's idle timeout counts
 * towards targets as well (user guide, "Load balancer attributes"), nginx has keepalive_timeout in upstream blocks, and
 * Cloudflare a limit of its own (connection limits).
 */
const reusedFor: Partial<Record<HopSource, number>> = { alb: 60, nginx: 60, cloudflare: 900 };

/** What a failure has in common with others of the last minutes: who met it, and how long the peer had been idle. */
export function observeRepetition(failure: Failure, view: HopView): Evidence[] {
  return [...observeClients(failure, view), ...observeIdleGap(failure, view)];
}

/** Whether the same clients fail again and again. The proxy's own words would say more, where it has a log for them. */
function observeClients({ bucket, serviceId, routeId, request, source }: Failure, view: HopView): Evidence[] {
  const client = request?.client;
  if (client === undefined || source === 'nginx') return [];
  const meetings = view.scattered.meetings(bucket, serviceId, routeId);
  const again = meetings.get(client) ?? 0;
  let failures = 0;
  for (const count of meetings.values()) failures += count;
  if (again === 0 || failures < fewestMeetings) return [];
  const text = `${failures} such failures of this route were met by ${meetings.size} clients, ${again} of them by this one`;
  const fact = { kind: 'client_scope', failures, clients: meetings.size, again } as const;
  return [evidence(fact, 'clients', text, request?.row)];
}

function observeIdleGap(failure: Failure, { idleGaps }: HopView): Evidence[] {
  const { bucket, serviceId, peerId, attemptEnd, after, phase, request, source } = failure;
  if (phase !== 'waiting' || after === undefined) return [];
  const gap = idleGaps.of(bucket, serviceId);
  if (gap === undefined) return [];
  const { idleMs, count, fitting } = gap;
  const fits = idleGaps.fits(bucket, serviceId, peerId, attemptEnd - after);
  const share = probability(fitting / count);
  const seconds = reusedFor[hopOf(source)];
  const reused =
    seconds === undefined ? '' : `; this hop uses them again for ${seconds} s unless told otherwise`;
  return [
    evidence(
      { kind: 'idle_gap', idle: millis(idleMs), share, count, fits },
      'idle',
      `the peer closes connections that were idle for about ${(idleMs / 1_000).toFixed(1)} s: ${fitting} of ${count} failures that broke at once, ${fits ? 'this one too' : 'but not this one'}, came so long after an answer of it${reused}`,
      request?.row,
    ),
  ];
}

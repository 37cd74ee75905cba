import type { Evidence } from '@why502/model';
import type { Failure } from '../failure.ts';
import type { Context } from '../window/context.ts';
import { evidence } from './attempt.ts';

/** No proxy ends a wait by a timer sooner than this, ms. */
const shortestTimerMs = 1_000;

/** Slowest success of the route over how long this one took; undefined for short waits and without a success. */
export function slowestOkOver(
  { after, bucket, serviceId, routeId }: Failure,
  context: Context,
): number | undefined {
  if (after === undefined || after < shortestTimerMs) return undefined;
  const slowest = context.at(bucket).routes.slowestOk(serviceId, routeId);
  return slowest > 0 ? slowest / after : undefined;
}

/**
 * How a route fared before requests of it ran into a timer: how often it was asked for, and how long it took at most.
 * At the end of a long wait the service may be as calm as ever. Only for hops that wait for a minute and more, whatever
 * they are told.
 */
export function observeRoutePace(
  { bucket, serviceId, routeId, source, after }: Failure,
  context: Context,
): Evidence[] {
  if (source === 'nginx' || routeId === 0 || after === undefined || after < shortestTimerMs) return [];
  const { now, before, usualSlowest } = context.at(bucket).routes.pace(serviceId, routeId);
  if (before === 0) return [];
  const ratio = now / before;
  const usual = usualSlowest === undefined ? undefined : usualSlowest / after;
  const slowest = usualSlowest === undefined ? '' : `, and took up to ${usualSlowest} ms in quiet times`;
  const text = `the requests of the route that end about now are ${ratio.toFixed(1)} times as many as before${slowest}`;
  return [evidence({ kind: 'route_pace', ratio, count: now, usual }, 'route_pace', text)];
}

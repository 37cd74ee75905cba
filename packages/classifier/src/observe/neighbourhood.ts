import { type ConfiguredRoute, type Evidence, probability } from '@why502/model';
import { type Failure, leaves } from '../failure.ts';
import type { Company } from '../join/company.ts';
import type { Context } from '../window/context.ts';
import { endsByTimer } from '../window/route-outcome.ts';
import { evidence } from './attempt.ts';
import { observeLeaving } from './leaving.ts';
import { observeLookup } from './lookup.ts';
import { observeMeanwhile } from './meanwhile.ts';
import { observeEndpoint, observePeer, observeRefusals } from './peer.ts';
import { observePlace } from './place.ts';
import { observeRoutePace, slowestOkOver } from './route-pace.ts';

/** Methods that nginx repeats by itself (ngx_http_upstream.c, since 1.9.13). */
const repeatableMethods: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'PUT',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
]);

/** Which requests the proxy is told to repeat. */
export type Repeats = ConfiguredRoute['repeats']['value'];

/** Facts about the time around the failure: its peer, its route, its service, the load, its like. */
export function observeNeighbourhood(
  failure: Failure,
  context: Context,
  company: Company,
  repeats: Repeats | undefined,
): Evidence[] {
  const seen: Evidence[] = observeEndpoint(failure);
  const { request } = failure;
  if (request === undefined || !request.logged.has('attempts')) {
    const text = 'no access line says which peers answered before';
    seen.push(evidence({ kind: 'peer_unlogged' }, 'peer', text));
    if (request !== undefined) seen.push(...observeRefusals(failure, company));
  } else if (failure.peerId !== 0 && failure.phase !== 'unpicked')
    seen.push(...observePeer(failure, context, company));
  if (request === undefined) return seen;
  if (failure.routeId !== 0) seen.push(...observeRoute(failure, context));
  if (failure.serviceId !== 0) seen.push(...observeService(failure, context));
  if (timedOut(failure)) seen.push(...observeRoutePace(failure, context));
  seen.push(...observePlace(failure, context));
  seen.push(...observeLookup(failure, context, company));
  seen.push(...observeLoad(failure, context));
  if (leaves(request)) seen.push(observeLeaving(failure, context, company));
  seen.push(...observeMeanwhile(failure, company));
  // No other hop is known to repeat requests by their method.
  if (request.method !== undefined && failure.source === 'nginx') {
    const repeatable = repeats === 'all' || (repeats !== 'none' && repeatableMethods.has(request.method));
    const configured = repeats === 'all' || repeats === 'none' ? ', by its configuration' : '';
    seen.push(
      evidence(
        { kind: 'repeatable', method: request.method, repeatable },
        'method',
        repeatable
          ? `the proxy may repeat such a request by itself${configured}`
          : `the proxy does not repeat such a request by itself${configured}`,
        request.row,
      ),
    );
  }
  const timer = company.timer(failure);
  if (failure.after !== undefined) {
    seen.push(
      evidence(
        {
          kind: 'timer',
          source: failure.source,
          after: failure.after,
          sharp: probability(timer.sharp),
          count: timer.count,
        },
        'timer',
        `it failed after ${failure.after} ms; ${Math.round(timer.sharp * 100)} % of ${timer.count} like failures took the same time`,
        request.row,
      ),
    );
  }
  return seen;
}

function observeRoute(failure: Failure, context: Context): readonly Evidence[] {
  const { bucket, serviceId, routeId } = failure;
  const hasTimedOut = timedOut(failure);
  const { routes } = context.at(bucket);
  const slowestOkOverFailure = slowestOkOver(failure, context);
  const say = () => {
    const { failedHere, okHere, failedElsewhere, okElsewhere, okAround, okNear } = routes.record(
      serviceId,
      routeId,
      hasTimedOut,
    );
    const text = `while this route failed, ${failedHere} of its ${failedHere + okHere} requests did, and ${failedElsewhere} of ${failedElsewhere + okElsewhere} on other routes`;
    const fact = {
      kind: 'route_scope',
      failedHere,
      okHere,
      failedElsewhere,
      okElsewhere,
      okAround,
      okNear,
      timedOut: hasTimedOut,
      slowestOkOverFailure,
    } as const;
    return [evidence(fact, 'route', text)];
  };
  // Only a long wait is compared with others of its route.
  return slowestOkOverFailure === undefined
    ? context.told(`route ${serviceId} ${routeId} ${hasTimedOut}`, say)
    : say();
}

function timedOut({ request, errors, attempt }: Failure): boolean {
  return (
    endsByTimer(attempt?.status ?? request?.status ?? 0) ||
    errors.some(({ symptom }) => symptom.endsWith('timed_out'))
  );
}

function observeService({ bucket, serviceId, request }: Failure, context: Context): readonly Evidence[] {
  const { services } = context.at(bucket);
  const hasAttempts = request!.logged.has('attempts');
  return context.told(`service ${serviceId} ${hasAttempts}`, () => {
    const record = services.record(serviceId);
    const text = `the service answered ${record.okNear} and failed ${record.failedNear} within about 10 s, ${record.okBefore} answers in the 15 min before, ${record.okAfter} in the 90 s after`;
    const seen = [evidence({ kind: 'service_record', ...record }, 'service', text)];
    if (!hasAttempts) return seen;
    const scope = services.peers(serviceId);
    if (scope.peers > 0) {
      const text = `${scope.failing} of ${scope.peers} peers of the service failed within about 10 s, ${scope.silent} of them answering nothing`;
      seen.push(evidence({ kind: 'peers_scope', ...scope }, 'peers', text));
    }
    return seen;
  });
}

function observeLoad(failure: Failure, context: Context): readonly Evidence[] {
  const { services } = context.at(failure.bucket);
  // After timeouts peers may be put aside, and then all routes fail in another way.
  const byTimeouts = timedOut(failure);
  return context.told(`load ${failure.serviceId} ${byTimeouts}`, () => {
    const { inFlight, inFlightRatio, rateRatio, slowdown, ...load } = services.load(failure.serviceId);
    const { routes } = load;
    const routesFailing = probability(byTimeouts ? load.routesTimingOut : load.routesFailing);
    const flight =
      inFlightRatio === undefined ? '' : `${times(inFlightRatio)} the usual requests in flight, `;
    const text = `${flight}${times(rateRatio)} the usual rate; ${Math.round(routesFailing * 100)} % of ${routes} routes failing`;
    const fact = {
      kind: 'load',
      inFlight,
      inFlightRatio,
      rateRatio,
      slowdown,
      routesFailing,
      routes,
    } as const;
    return [evidence(fact, 'load', text)];
  });
}

function times(ratio: number): string {
  return `${ratio < 10 ? ratio.toFixed(1) : Math.round(ratio)} times`;
}

import { type Evidence, millis, probability } from '@why502/model';
import type { Failure } from '../failure.ts';
import type { Company } from '../join/company.ts';
import type { Context } from '../window/context.ts';
import { evidence, refused } from './attempt.ts';

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

/** Of a long wait the last part is looked at, ms: well inside what is kept. */
const longestWaitMs = 60_000;

/** No proxy ends a wait by a timer sooner than this, ms. */
const shortestTimerMs = 1_000;

/** Facts about the time around the failure: its peer, its route, the load, its like. */
export function observeNeighbourhood(failure: Failure, context: Context, company: Company): Evidence[] {
  const seen: Evidence[] = [];
  const { request, bucket } = failure;
  if (request === undefined || !request.logged.has('attempts')) {
    const text = 'no access line says which peers answered before';
    seen.push(evidence({ kind: 'peer_unlogged' }, 'peer', text));
  } else if (failure.peerId !== 0) seen.push(...observePeer(failure, context, company));
  if (request === undefined) return seen;
  if (failure.routeId !== 0) seen.push(...observeRoute(failure, context));
  const load = context.load(bucket, failure.serviceId);
  seen.push(
    evidence(
      {
        kind: 'load',
        inFlight: load.inFlight,
        inFlightRatio: load.inFlightRatio,
        rateRatio: load.rateRatio,
        slowdown: load.slowdown,
        routesFailing: probability(load.routesFailing),
        routes: load.routes,
      },
      'load',
      `${load.inFlightRatio === undefined ? '' : `${times(load.inFlightRatio)} the usual requests in flight, `}${times(load.rateRatio)} the usual rate; ${Math.round(load.routesFailing * 100)} % of ${load.routes} routes failing`,
    ),
  );
  if (request.status === 499 || request.status === 460) {
    seen.push(
      evidence(
        { kind: 'client_left', after: request.duration, failuresNear: load.failedNear },
        'client',
        request.duration === undefined
          ? 'the client went away before an answer'
          : `the client went away after ${request.duration} ms without an answer`,
        request.row,
      ),
    );
  }
  if (request.method !== undefined) {
    const repeatable = repeatableMethods.has(request.method);
    seen.push(
      evidence(
        { kind: 'repeatable', method: request.method, repeatable },
        'method',
        repeatable
          ? `the proxy may repeat such a request by itself`
          : `the proxy does not repeat such a request by itself`,
        request.row,
      ),
    );
  }
  const timer = company.timer(failure);
  if (failure.after !== undefined) {
    seen.push(
      evidence(
        { kind: 'timer', after: failure.after, sharp: probability(timer.sharp), count: timer.count },
        'timer',
        `it failed after ${failure.after} ms; ${Math.round(timer.sharp * 100)} % of ${timer.count} like failures took the same time`,
        request.row,
      ),
    );
  }
  return seen;
}

function observePeer(failure: Failure, context: Context, company: Company): Evidence[] {
  const { okBefore, okAfter, okNear, failedNear, everOk, slowConnectsNear } = context.peer(
    failure.bucket,
    failure.peerId,
  );
  const waited = Math.min(failure.after ?? 0, longestWaitMs);
  const meanwhile = context.answersWithin(failure.peerId, failure.attemptEnd - waited, failure.attemptEnd);
  const answeredMeanwhile =
    meanwhile.seconds === 0 ? undefined : probability(meanwhile.answered / meanwhile.seconds);
  const seen: Evidence[] = [
    evidence(
      { kind: 'peer_record', okBefore, okAfter, okNear, failedNear, answeredMeanwhile, everOk },
      'peer',
      everOk
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
  if (refused(failure)) return seen;
  const burst = company.burst(failure);
  seen.push(
    evidence(
      { kind: 'burst', ...burst },
      'burst',
      burst.refusedNear
        ? `the peer refused connections within seconds of it`
        : `${burst.count} failures of the peer within a second of it`,
    ),
  );
  return seen;
}

function observeRoute(failure: Failure, context: Context): Evidence[] {
  const route = context.route(failure.bucket, failure.serviceId, failure.routeId);
  const after = failure.after ?? millis(0);
  const { bucket, serviceId, routeId } = failure;
  const slowest = after >= shortestTimerMs ? context.slowestOk(bucket, serviceId, routeId) : 0;
  return [
    evidence(
      {
        kind: 'route_scope',
        failedHere: route.failedHere,
        okHere: route.okHere,
        failedElsewhere: route.failedElsewhere,
        okElsewhere: route.okElsewhere,
        okAround: route.okAround,
        slowestOkOverFailure: slowest > 0 ? slowest / after : undefined,
      },
      'route',
      `while this route failed, ${route.failedHere} of its ${route.failedHere + route.okHere} requests did, and ${route.failedElsewhere} of ${route.failedElsewhere + route.okElsewhere} on other routes`,
    ),
  ];
}

function times(ratio: number): string {
  return `${ratio < 10 ? ratio.toFixed(1) : Math.round(ratio)} times`;
}

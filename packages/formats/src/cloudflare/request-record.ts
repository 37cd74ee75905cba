import {
  type Attempt,
  bytes as byteCount,
  httpStatus,
  instant,
  type LoggedField,
  millis,
  type RequestIdentity,
  type RequestRecord,
  type RowRef,
} from '@why502/model';
import { contextOfTraceparent } from '../trace-context.ts';
import { amazonTrace, amazonTraceIds, rayIds, traceparentIds } from '../trail.ts';
import { askerOf, isRefusedPrefetch } from './asker.ts';
import { type FieldName, fieldAt } from './fields.ts';
import { headersOf } from './headers.ts';
import { connectOf, wasAsked } from './origin.ts';
import { targetField } from './request-columns.ts';
import { errorCode, saidOf } from './said.ts';
import type { Timing } from './timing.ts';
import { countOf, isAbsent, textOf, type Values } from './values.ts';

/** CacheCacheStatus of answers that came out of the cache (the field's description in http_requests). */
const fromCache: ReadonlySet<string> = new Set(['hit', 'stale', 'updating', 'stream_hit', 'revalidated']);

/** A line of http_requests as a request that went to one origin, or to none. */
export function requestRecord(
  values: Values,
  timing: Timing,
  status: number,
  line: { readonly row: RowRef; readonly lineHash: string; readonly route: string | undefined },
): RequestRecord {
  const text = (name: FieldName) => textOf(values, fieldAt[name]);
  const method = text('ClientRequestMethod');
  const target = textOf(values, targetField(values));
  const protocol = text('ClientRequestProtocol');
  const originStatus = countOf(values, fieldAt.OriginResponseStatus);
  const sent = headersOf(values, fieldAt.RequestHeaders);
  const answered = headersOf(values, fieldAt.ResponseHeaders);
  const code = errorCode(answered);
  const requestId = sent.get('x-request-id') ?? answered.get('x-request-id');
  const responseBytes = countOf(values, fieldAt.EdgeResponseBytes);
  return {
    kind: 'request',
    row: line.row,
    lineHash: line.lineHash,
    end: instant(timing.end),
    resolution: millis(timing.resolution),
    // Its times are of UTC, wherever the servers stand whose logs tell local times.
    zoneOffsetMin: undefined,
    duration: timing.duration < 0 ? undefined : millis(timing.duration),
    start: Number.isNaN(timing.start) ? undefined : instant(timing.start),
    status: httpStatus(status),
    method,
    target,
    requestLine: method === undefined || target === undefined ? undefined : joined(method, target, protocol),
    route: line.route,
    host: text('ClientRequestHost'),
    client: text('ClientIP'),
    userAgent: text('ClientRequestUserAgent'),
    requestId,
    connection: undefined,
    responseBytes: responseBytes < 0 ? undefined : byteCount(responseBytes),
    ownPage: undefined,
    service: text('ClientRequestHost'),
    attempts: wasAsked(values, status) ? [attemptOf(values, status, originStatus)] : [],
    said: saidOf({
      status,
      originStatus: originStatus < 0 ? undefined : originStatus,
      code,
      pathingSource: text('EdgePathingSrc'),
      pathingOperation: text('EdgePathingOp'),
      pathingStatus: text('EdgePathingStatus'),
      workerStatus: text('WorkerStatus'),
      ofTunnel: answered.has('cf-cloudflared-response-meta'),
    }),
    place: text('EdgeColoCode'),
    asker: isRefusedPrefetch(sent, status, originStatus) ? 'internal' : askerOf(values),
    cached: fromCache.has(text('CacheCacheStatus') ?? ''),
    trail: {
      ids: idsOf(values, sent, requestId),
      trace: contextOfTraceparent(sent.get('traceparent')) ?? amazonTrace(sent.get('x-amzn-trace-id')),
      forwardedFor: undefined,
      egress: text('EdgeServerIP'),
    },
    logged: loggedIn(values, code !== undefined),
  };
}

function joined(method: string, target: string, protocol: string | undefined): string {
  return protocol === undefined ? `${method} ${target}` : `${method} ${target} ${protocol}`;
}

/** The edge tries one origin; what it tries again, it does not log. */
function attemptOf(values: Values, status: number, originStatus: number): Attempt {
  const hasAnswered = originStatus > 0;
  const duration = durationMs(values);
  const connect = connectOf(values, status);
  const lookup = countOf(values, fieldAt.OriginDNSResponseTimeMs);
  const header = countOf(values, fieldAt.OriginResponseHeaderReceiveDurationMs);
  const received = countOf(values, fieldAt.OriginResponseBytes);
  // 0 stands for what did not come about, save where an answer did.
  const response = duration > 0 || (duration === 0 && hasAnswered) ? millis(duration) : undefined;
  return {
    pass: 0,
    peer: textOf(values, fieldAt.OriginIP),
    status: hasAnswered ? httpStatus(Math.min(originStatus, 999)) : undefined,
    lookup: lookup < 0 ? undefined : millis(lookup),
    connect: connect < 0 ? undefined : millis(connect),
    header: hasAnswered ? (header < 0 ? response : millis(header)) : undefined,
    response,
    bytesReceived: received > 0 ? byteCount(received) : undefined,
    bytesSent: undefined,
  };
}

/** Of the whole exchange with the origin; -1 where the log does not hold it. OriginResponseTime, of old, is in ns. */
function durationMs(values: Values): number {
  const duration = countOf(values, fieldAt.OriginResponseDurationMs);
  if (duration >= 0) return duration;
  const nanoseconds = countOf(values, fieldAt.OriginResponseTime);
  return nanoseconds < 0 ? -1 : Math.floor(nanoseconds / 1e6);
}

function idsOf(
  values: Values,
  sent: ReadonlyMap<string, string>,
  requestId: string | undefined,
): readonly RequestIdentity[] {
  const parents = rayIds(textOf(values, fieldAt.ParentRayID));
  return [
    ...rayIds(textOf(values, fieldAt.RayID)),
    ...parents.map(({ value }) => ({ kind: 'parent_ray', value }) as const),
    ...(requestId === undefined ? [] : [{ kind: 'request', value: requestId } as const]),
    ...traceparentIds(sent.get('traceparent')),
    ...amazonTraceIds(sent.get('x-amzn-trace-id')),
  ];
}

/** What the line can say, whether or not it says it. */
function loggedIn(values: Values, holdsCode: boolean): ReadonlySet<LoggedField> {
  const any = (...names: readonly FieldName[]) => names.some((name) => !isAbsent(values, fieldAt[name]));
  const offered: readonly (readonly [LoggedField, boolean])[] = [
    ['attempts', any('OriginIP', 'OriginResponseStatus')],
    ['attempt_status', any('OriginResponseStatus')],
    ['attempt_connect', any('OriginTCPHandshakeDurationMs')],
    // A status of the origin says that its header came, if not when.
    ['attempt_header', any('OriginResponseHeaderReceiveDurationMs', 'OriginResponseStatus')],
    ['attempt_response', any('OriginResponseDurationMs', 'OriginResponseTime')],
    ['duration', any('EdgeEndTimestamp') && any('EdgeStartTimestamp')],
    ['host', any('ClientRequestHost')],
    ['service', any('ClientRequestHost')],
    ['client', any('ClientIP')],
    ['method', any('ClientRequestMethod')],
    ['user_agent', any('ClientRequestUserAgent')],
    ['place', any('EdgeColoCode')],
    ['code', holdsCode],
    ['trail', any('RayID')],
  ];
  return new Set(offered.filter(([, is]) => is).map(([field]) => field));
}

import {
  type Bytes,
  bytes as byteCount,
  type Columns,
  httpStatus,
  instant,
  type LoggedField,
  millis,
  type Names,
  type RequestRecord,
  type RowRef,
  type Trail,
} from '@why502/model';
import { unescaped } from '../escapes.ts';
import { lineHash } from '../line-hash.ts';
import { type LineFormat, type LineReading, lineFormat } from '../lines.ts';
import { secondsToMs } from '../time.ts';
import { contextOfTraceparent, traceContext } from '../trace-context.ts';
import { amazonTrace, amazonTraceIds, rayIds, traceIds } from '../trail.ts';
import { AccessColumns, hasValue } from './access-columns.ts';
import type { FieldIndexes, Role } from './fields.ts';
import { type Fitting, fitOf } from './fit.ts';
import { type Layout, layoutOf } from './log-format.ts';
import { ordinaryLines } from './ordinary-lines.ts';
import { isOwnPage } from './own-page.ts';
import { createPlacer } from './placement.ts';
import { requestParts } from './request-line.ts';
import { attemptsOf } from './upstream-lists.ts';

/** What `scan` looks at. */
const scanned: readonly Role[] = [
  ...(['msec', 'iso', 'local', 'status', 'request', 'target', 'host', 'service'] as const),
  ...(['duration', 'peers', 'statuses', 'connects'] as const),
];

/** A format for access logs of one `log_format`. */
export interface AccessFormat extends LineFormat {
  /** How much of a line it describes. */
  readonly fit: Fitting;
}

export function accessFormat(name: string, layout: Layout): AccessFormat {
  const format = lineFormat(name, 'nginx', (names) => accessReading(layout, names));
  const unescaped = layout.escaping === 'none';
  return { ...format, unescaped, fit: fitOf(layout, neededFields(layout)) };
}

/**
 * The format of a `log_format` directive, or of the bare format string.
 * @throws Problem W502_FORMAT_BAD without a status or time, or with two variables that nothing separates
 */
export function textFormat(directive: string): AccessFormat {
  const name = /^\s*log_format\s+(\S+)/.exec(directive)?.[1] ?? 'access log as given';
  return accessFormat(`nginx ${name}`, layoutOf(directive));
}

/** The walk of `scan` goes as far as these fields. */
function neededFields({ at }: Layout): number {
  return 1 + Math.max(...scanned.map((role) => at[role]));
}

/** Both readings of a line; the walk of `scan` stops behind the last field that it needs. */
export function accessReading(layout: Layout, names: Names): LineReading {
  const { at, steps } = layout;
  const needed = neededFields(layout);
  const placer = createPlacer(layout, needed);
  const logged = loggedFields(at);
  const bodyOnly = layout.variables[at.responseBytes] === 'body_bytes_sent';
  const { line } = placer;
  const { spans } = line;
  const columns = new AccessColumns(at, names, layout.escaping);

  function scan(bytes: Buffer, from: number, to: number, into: Columns, row: number) {
    const misfit = placer.place(bytes, from, to);
    if (misfit !== undefined) return misfit;
    columns.fill(line, into, row);
    return undefined;
  }

  function text(field: number): string | undefined {
    const from = field < 0 ? -1 : spans[2 * field]!;
    return from < 0 ? undefined : unescaped(line.bytes, from, spans[2 * field + 1]!, line.escaping);
  }

  /** The text of a value that is there. */
  function value(field: number): string | undefined {
    return hasValue(line, field) ? text(field) : undefined;
  }

  function read(bytes: Buffer, from: number, to: number, row: RowRef) {
    const misfit = placer.place(bytes, from, to);
    if (misfit !== undefined) return misfit;
    placer.placeRest();
    const isCut = layout.keys === undefined && spans[2 * steps.count - 2]! < 0;
    const request = value(at.request);
    const parts = request === undefined ? undefined : requestParts(request);
    const method = parts?.method ?? value(at.method);
    const target = parts?.target ?? value(at.target);
    const duration =
      at.duration < 0 ? -1 : secondsToMs(line.bytes, spans[2 * at.duration]!, spans[2 * at.duration + 1]!);
    const responseBytes = countOf(value(at.responseBytes));
    const record: RequestRecord = {
      kind: 'request',
      row,
      lineHash: lineHash(bytes, from, to),
      end: instant(line.at),
      resolution: millis(at.msec >= 0 ? 1 : 1000),
      zoneOffsetMin: line.zoneOffsetMin,
      duration: duration < 0 ? undefined : millis(duration),
      start: undefined,
      status: httpStatus(line.status),
      method,
      target,
      requestLine: request ?? lineOf(method, target, value(at.protocol)),
      route: columns.routeOf(line),
      host: value(at.host),
      client: value(at.client),
      userAgent: value(at.userAgent),
      requestId: value(at.requestId),
      connection: value(at.connection),
      responseBytes,
      ownPage: bodyOnly && method !== 'HEAD' ? isOwnPage(line.status, responseBytes) : undefined,
      service: value(at.service),
      said: undefined,
      place: undefined,
      asker: 'visitor',
      cached: false,
      trail: trailOf(),
      attempts: attemptsOf({
        peers: text(at.peers),
        statuses: text(at.statuses),
        connects: text(at.connects),
        headers: text(at.headers),
        responses: text(at.responses),
        received: text(at.received),
        sent: text(at.sent),
      }),
      // What a line ends in front of, it does not say is absent.
      logged: isCut ? loggedFields(placedOf(at, spans)) : logged,
    };
    return record;
  }

  /** Of the line at hand. Its own trace and span say more than what a client sent. */
  function trailOf(): Trail {
    const amazon = value(at.amazonTrace);
    const own = traceContext(value(at.otelTrace), value(at.otelSpan));
    const sent = contextOfTraceparent(value(at.traceparent));
    return {
      ids: [...rayIds(value(at.ray)), ...amazonTraceIds(amazon), ...traceIds(own, sent)],
      trace: own ?? sent ?? amazonTrace(amazon),
      forwardedFor: value(at.forwardedFor),
      egress: undefined,
    };
  }

  return { scan, read, ordinary: ordinaryLines(layout, needed, columns.names) };
}

/** As much of the request line as the log holds of it in parts. */
function lineOf(
  method: string | undefined,
  target: string | undefined,
  protocol: string | undefined,
): string | undefined {
  if (method === undefined || target === undefined) return undefined;
  return protocol === undefined ? `${method} ${target}` : `${method} ${target} ${protocol}`;
}

function countOf(text: string | undefined): Bytes | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? byteCount(Number(text)) : undefined;
}

/** The fields that a line reaches. */
function placedOf(at: FieldIndexes, spans: Int32Array): FieldIndexes {
  const placed = Object.entries(at).map(([role, field]) => [
    role,
    field < 0 || spans[2 * field]! < 0 ? -1 : field,
  ]);
  return Object.fromEntries(placed);
}

/** What lines of this format can say, whether or not a given line does. */
export function loggedFields(at: FieldIndexes): ReadonlySet<LoggedField> {
  const any = (...fields: readonly number[]) => fields.some((field) => field >= 0);
  const offered: readonly (readonly [LoggedField, boolean])[] = [
    ['attempts', any(at.peers, at.statuses, at.connects, at.headers, at.responses)],
    ['attempt_status', any(at.statuses)],
    ['attempt_connect', any(at.connects)],
    ['attempt_header', any(at.headers)],
    ['attempt_response', any(at.responses)],
    ['attempt_bytes_received', any(at.received)],
    ['duration', any(at.duration)],
    ['host', any(at.host)],
    ['service', any(at.service)],
    ['request_id', any(at.requestId)],
    ['connection', any(at.connection)],
    ['client', any(at.client)],
    ['method', any(at.request, at.method)],
    ['user_agent', any(at.userAgent)],
    ['trail', any(at.ray, at.amazonTrace, at.traceparent, at.otelTrace)],
  ];
  return new Set(offered.filter(([, is]) => is).map(([field]) => field));
}

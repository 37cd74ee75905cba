import {
  type Bytes,
  bytes as byteCount,
  type Columns,
  httpStatus,
  instant,
  type LoggedField,
  millis,
  type Names,
  type NameTable,
  ofInterest,
  type RequestRecord,
  type RowRef,
  statusGetsVerdict,
} from '@why502/model';
import { ByteMap } from '../byte-map.ts';
import { lineHash } from '../line-hash.ts';
import { type LineFormat, type LineReading, lineFormat } from '../lines.ts';
import { routeClassRoom, writeRouteClass } from '../route.ts';
import { isDigit, secondsToMs } from '../time.ts';
import { unescaped } from './escapes.ts';
import type { FieldIndexes, Role } from './fields.ts';
import { type Fitting, fitOf } from './fit.ts';
import { type Layout, layoutOf } from './log-format.ts';
import { isOwnPage } from './own-page.ts';
import { createPlacer, type Placement } from './placement.ts';
import { requestParts, targetStart } from './request-line.ts';
import { attemptsOf } from './upstream-lists.ts';

const dash = 0x2d;
const space = 0x20;
const comma = 0x2c;
const colon = 0x3a;

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
  return { ...format, fit: fitOf(layout, neededFields(layout)) };
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
  const { at } = layout;
  const placer = createPlacer(layout, neededFields(layout));
  const logged = loggedFields(at);
  const bodyOnly = layout.variables[at.responseBytes] === 'body_bytes_sent';
  const { line } = placer;
  const { spans } = line;
  const hostId = interner(names.hosts);
  const serviceId = interner(names.services);
  const peerId = interner(names.peers);
  /** Ids of hosts as services, by their ids as hosts. */
  const hostAsService: number[] = [];
  const route = Buffer.alloc(routeClassRoom);

  // In variables of their own: looked up once instead of in each line.
  const { host: hostField, service: serviceField, request: requestField, target: targetField } = at;
  const { peers: peersField, statuses: statusesField, connects: connectsField, duration: durationField } = at;

  /** Whether the field has a value: not absent, not empty, not `-`. */
  function has(field: number): boolean {
    if (field < 0) return false;
    const from = spans[2 * field]!;
    const length = spans[2 * field + 1]! - from;
    return length > 1 || (length === 1 && line.bytes[from] !== dash);
  }

  function idIn(intern: Interner, field: number): number {
    return has(field) ? intern(line, spans[2 * field]!, spans[2 * field + 1]!) : 0;
  }

  function serviceOrHost(host: number): number {
    const service = idIn(serviceId, serviceField);
    if (service > 0 || host === 0) return service;
    const known = hostAsService[host];
    if (known !== undefined) return known;
    const id = names.services.idOf(names.hosts.nameOf(host));
    hostAsService[host] = id;
    return id;
  }

  /** Writes the class of the target into `route`; its length, 0 without a target. */
  function writeRoute(): number {
    const { bytes } = line;
    let from = -1;
    let to = 0;
    if (requestField >= 0 && spans[2 * requestField]! >= 0) {
      to = spans[2 * requestField + 1]!;
      from = targetStart(bytes, spans[2 * requestField]!, to);
    }
    if (from < 0 && has(targetField)) {
      from = spans[2 * targetField]!;
      to = spans[2 * targetField + 1]!;
    }
    return from < 0 ? 0 : writeRouteClass(bytes, from, to, route);
  }

  /** The rule of `wasTried` on bytes. */
  function wasTried(): boolean {
    if (peersField >= 0 && spans[2 * peersField + 1]! > spans[2 * peersField]!) return has(peersField);
    if (peersField >= 0)
      return statusesField >= 0 && spans[2 * statusesField + 1]! > spans[2 * statusesField]!;
    return statusesField >= 0 ? has(statusesField) : has(connectsField);
  }

  /** Whether the list shows a try that failed before the one that gave the final status. */
  function showsFailure(peersFrom: number): boolean {
    if (peersField >= 0 && peersFrom > spans[2 * peersField]!) return true;
    if (statusesField < 0) return false;
    const from = spans[2 * statusesField]!;
    if (spans[2 * statusesField + 1]! - from !== 3) return true;
    const { bytes } = line;
    const hundreds = bytes[from]! - 0x30;
    if (!isDigit(bytes[from]) || !isDigit(bytes[from + 1]) || !isDigit(bytes[from + 2])) return true;
    return (
      hundreds >= 5 &&
      hundreds * 100 + (bytes[from + 1]! - 0x30) * 10 + bytes[from + 2]! - 0x30 !== line.status
    );
  }

  function scan(bytes: Buffer, from: number, to: number, into: Columns, row: number) {
    const misfit = placer.place(bytes, from, to);
    if (misfit !== undefined) return misfit;
    into.at[row] = line.at;
    into.status[row] = line.status;
    const host = idIn(hostId, hostField);
    into.host[row] = host;
    into.service[row] = serviceOrHost(host);
    into.route[row] = names.routes.idOfBytes(route, 0, writeRoute());
    into.duration[row] =
      durationField < 0
        ? -1
        : secondsToMs(line.bytes, spans[2 * durationField]!, spans[2 * durationField + 1]!);
    let peer = 0;
    let connect = -1;
    let failed = statusGetsVerdict(line.status);
    if (wasTried()) {
      // One status of three digits: there was one attempt, and no list needs to be searched for its last entry.
      const single = statusesField >= 0 && spans[2 * statusesField + 1]! - spans[2 * statusesField]! === 3;
      let peersFrom = -1;
      if (peersField >= 0) {
        const peersTo = spans[2 * peersField + 1]!;
        peersFrom = single ? spans[2 * peersField]! : lastEntry(line.bytes, spans[2 * peersField]!, peersTo);
        if (peersTo > peersFrom) peer = peerId(line, peersFrom, peersTo);
      }
      if (connectsField >= 0) {
        const connectsTo = spans[2 * connectsField + 1]!;
        connect = secondsToMs(
          line.bytes,
          single ? spans[2 * connectsField]! : lastEntry(line.bytes, spans[2 * connectsField]!, connectsTo),
          connectsTo,
        );
      }
      failed ||= showsFailure(peersFrom);
    }
    into.peer[row] = peer;
    into.connect[row] = connect;
    into.flags[row] = failed ? ofInterest : 0;
    return undefined;
  }

  function text(field: number): string | undefined {
    const from = field < 0 ? -1 : spans[2 * field]!;
    return from < 0 ? undefined : unescaped(line.bytes, from, spans[2 * field + 1]!, line.escaping);
  }

  /** The text of a value that is there. */
  function value(field: number): string | undefined {
    return has(field) ? text(field) : undefined;
  }

  function read(bytes: Buffer, from: number, to: number, row: RowRef) {
    const misfit = placer.place(bytes, from, to);
    if (misfit !== undefined) return misfit;
    placer.placeRest();
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
      status: httpStatus(line.status),
      method,
      target,
      requestLine: request ?? lineOf(method, target, value(at.protocol)),
      route: route.toString('utf8', 0, writeRoute()) || undefined,
      host: value(at.host),
      client: value(at.client),
      userAgent: value(at.userAgent),
      requestId: value(at.requestId),
      connection: value(at.connection),
      responseBytes,
      ownPage: bodyOnly && method !== 'HEAD' ? isOwnPage(line.status, responseBytes) : undefined,
      service: value(at.service),
      attempts: attemptsOf({
        peers: text(at.peers),
        statuses: text(at.statuses),
        connects: text(at.connects),
        headers: text(at.headers),
        responses: text(at.responses),
        received: text(at.received),
        sent: text(at.sent),
      }),
      logged,
    };
    return record;
  }

  return { scan, read };
}

type Interner = (line: Placement, from: number, to: number) => number;

/** Values remembered per column; beyond that names are looked up the long way. */
const mostRemembered = 20_000;

/**
 * Ids of a table for values as logged. Escapes are undone once per value: what was seen is found by its bytes as they
 * stand in the line.
 */
function interner(table: NameTable): Interner {
  const values = new ByteMap(mostRemembered);
  const ids = new Uint32Array(mostRemembered + 1);
  return (line, from, to) => {
    const { bytes, escaping, view } = line;
    const known = values.find(view, from, to - from);
    if (known > 0 && escaping === line.written) return ids[known]!;
    const id = table.idOf(unescaped(bytes, from, to, escaping));
    if (known === 0 && escaping === line.written && !values.full) ids[values.add(view, from, to - from)] = id;
    return id;
  };
}

/** Where the last entry of an upstream list begins. */
function lastEntry(bytes: Uint8Array, from: number, to: number): number {
  for (let at = to - 1; at > from; at--) {
    if (bytes[at] !== space) continue;
    if (bytes[at - 1] === comma || (bytes[at - 1] === colon && bytes[at - 2] === space)) return at + 1;
  }
  return from;
}

function lineOf(
  method: string | undefined,
  target: string | undefined,
  protocol: string | undefined,
): string | undefined {
  return method === undefined || target === undefined || protocol === undefined
    ? undefined
    : `${method} ${target} ${protocol}`;
}

function countOf(text: string | undefined): Bytes | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? byteCount(Number(text)) : undefined;
}

/** What lines of this format can say, whether or not a given line does. */
function loggedFields(at: FieldIndexes): ReadonlySet<LoggedField> {
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
  ];
  return new Set(offered.filter(([, is]) => is).map(([field]) => field));
}

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
import { amazonTrace, amazonTraceIds } from '../trail.ts';
import { type AccessColumns, durationOf, elapsedOf, msOf } from './access-columns.ts';
import type { AccessLine } from './access-line.ts';
import { isPrivate, withoutPort } from './address.ts';
import { type Outcome, statementOf } from './statement.ts';
import { targetGroupName } from './target-group.ts';

/**
 * The request that a line tells of; all its fields are placed.
 * @param node that wrote the file, where its name tells
 */
export function requestOf(
  line: AccessLine,
  columns: AccessColumns,
  node: string | undefined,
  row: RowRef,
  lineHash: string,
): RequestRecord {
  const { at } = line;
  const outcome = outcomeOf(line);
  const duration = durationOf(line);
  const elapsed = elapsedOf(line);
  const created = line.timeOf(at.request_creation_time);
  const { method, target, protocol, host } = askedOf(line, columns);
  const place = node ?? line.value(at.ip_address);
  const ids = idsOf(line);
  const sent = countOf(line.value(at.sent_bytes));
  const client = line.value(at.client_port);
  return {
    kind: 'request',
    row,
    lineHash,
    end: instant(line.time),
    resolution: millis(0.001),
    // Always UTC, which says nothing of any machine's local time.
    zoneOffsetMin: undefined,
    duration: duration < 0 ? undefined : millis(duration),
    start: Number.isNaN(created) ? undefined : instant(created),
    status: httpStatus(line.status),
    method,
    target,
    requestLine:
      method === undefined || target === undefined
        ? undefined
        : [method, target, ...(protocol === undefined ? [] : [protocol])].join(' '),
    route: columns.routeOf(line),
    host: host ?? line.value(at.domain_name),
    client: client === undefined ? undefined : withoutPort(client),
    userAgent: line.value(at.user_agent),
    requestId: undefined,
    connection: undefined,
    responseBytes: sent === undefined ? undefined : byteCount(sent),
    // Sizes are logged with the header, which varies.
    ownPage: undefined,
    service: outcome.targetGroup === undefined ? undefined : targetGroupName(outcome.targetGroup),
    said: statementOf(outcome),
    place,
    asker: 'visitor',
    cached: false,
    trail: {
      ids,
      trace: amazonTrace(line.value(at.trace_id)),
      forwardedFor: undefined,
      // The public address of a node is the one it is called at; it goes to its targets from another.
      egress: isPrivate(place) ? place : undefined,
    },
    attempts: attemptsOf(line, outcome, elapsed < 0 ? duration : elapsed),
    logged: loggedBy(
      line,
      node !== undefined,
      ids.some(({ kind }) => kind === 'ray'),
    ),
  };
}

function outcomeOf(line: AccessLine): Outcome {
  const { at } = line;
  const targetStatus = line.statusOf(at.target_status_code);
  return {
    status: line.status,
    targetStatus: targetStatus > 0 ? targetStatus : undefined,
    target: line.value(at.target_port),
    targetGroup: line.value(at.target_group_arn),
    actions: line.value(at.actions_executed)?.split(',') ?? [],
    reason: line.value(at.error_reason),
    transformStatus: line.value(at.request_transform_status),
    classification: line.value(at.classification),
    classificationReason: line.value(at.classification_reason),
  };
}

function attemptsOf(line: AccessLine, outcome: Outcome, elapsed: number): readonly Attempt[] {
  const before = msOf(line, line.at.request_processing_time);
  if (!wasAsked(outcome, before)) return [];
  const header = msOf(line, line.at.target_processing_time);
  const { targetStatus } = outcome;
  const attempt: Attempt = {
    pass: 0,
    peer: outcome.target,
    status: targetStatus === undefined ? undefined : httpStatus(targetStatus),
    connect: before < 0 ? undefined : millis(before),
    header: header < 0 || targetStatus === undefined ? undefined : millis(header),
    response: elapsed < 0 ? undefined : millis(Math.max(0, elapsed - Math.max(0, before))),
    bytesReceived: undefined,
    bytesSent: undefined,
  };
  return [attempt];
}

/** Whether the load balancer turned to a target. A function has no address, but belongs to a group. */
function wasAsked({ target, targetStatus, targetGroup, reason }: Outcome, before: number): boolean {
  if (target !== undefined || targetStatus !== undefined) return true;
  return targetGroup !== undefined && (before >= 0 || reason?.startsWith('Lambda') === true);
}

function idsOf(line: AccessLine): readonly RequestIdentity[] {
  const connection = line.value(line.at.conn_trace_id);
  const ids = amazonTraceIds(line.value(line.at.trace_id));
  return connection === undefined ? ids : [...ids, { kind: 'connection', value: connection }];
}

/** The parts of the request as far as it was one. */
function askedOf(line: AccessLine, columns: AccessColumns) {
  const { spans, at } = line;
  if (!line.has(at.request_line)) return {};
  const from = spans[2 * at.request_line]!;
  const to = spans[2 * at.request_line + 1]!;
  const places = columns.request;
  places.find(line.bytes, from, to);
  const { methodTo, hostFrom, hostTo, targetFrom } = places;
  const method = line.decode(from, methodTo);
  const rest = targetFrom < 0 ? '' : line.decode(targetFrom, to);
  // A target may hold raw spaces, so that the protocol is the last word.
  const [, target, protocol] = /^(.*?)(?: (HTTP\/[\d.]+|- ?))?$/s.exec(rest) ?? [];
  return {
    method: method === '' || method === '-' ? undefined : method,
    target: target || undefined,
    protocol: protocol?.startsWith('HTTP/') ? protocol : undefined,
    host: hostTo > hostFrom ? line.decode(hostFrom, hostTo) : undefined,
  };
}

function countOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** What the fields of a line can say, whether or not they do. */
function loggedBy(line: AccessLine, namesNode: boolean, holdsRay: boolean): ReadonlySet<LoggedField> {
  const { at } = line;
  const reaches = (field: number) => line.reaches(field);
  const offered: readonly (readonly [LoggedField, boolean])[] = [
    ['attempts', reaches(at.target_port)],
    ['attempt_status', reaches(at.target_status_code)],
    ['attempt_connect', reaches(at.request_processing_time)],
    ['attempt_header', reaches(at.target_processing_time) && reaches(at.target_status_code)],
    ['attempt_response', reaches(at.request_creation_time)],
    ['duration', reaches(at.request_creation_time) || reaches(at.response_processing_time)],
    ['host', reaches(at.request_line) || reaches(at.domain_name)],
    ['service', reaches(at.target_group_arn)],
    ['client', reaches(at.client_port)],
    ['method', reaches(at.request_line)],
    ['user_agent', reaches(at.user_agent)],
    ['place', namesNode || reaches(at.ip_address)],
    ['code', reaches(at.error_reason) || reaches(at.actions_executed)],
    ['trail', reaches(at.trace_id)],
    // Of the edge in front, in whose log the request is found by it.
    ['request_id', holdsRay],
  ];
  return new Set(offered.filter(([, is]) => is).map(([field]) => field));
}

import {
  type Attempt,
  bytes as byteCount,
  type Columns,
  httpStatus,
  instant,
  type LoggedField,
  millis,
  type Names,
  type RequestIdentity,
  type RequestRecord,
  type RowRef,
} from '@why502/model';
import { lineHash } from '../line-hash.ts';
import { type LineFormat, type LineReading, lineFormat } from '../lines.ts';
import { amazonTraceIds } from '../trail.ts';
import { AccessColumns, durationOf, elapsedOf, groupFrom, groupTo, msOf } from './access-columns.ts';
import { isPrivate, withoutPort } from './address.ts';
import { unescaped } from './escapes.ts';
import { AccessLine } from './line.ts';
import { objectKey } from './object-key.ts';
import { type Outcome, statementOf } from './statement.ts';

/** Access logs of Application Load Balancers as they are put into a bucket, of every age. */
export const accessFormat: LineFormat = lineFormat('ALB access log', 'alb', (names, file) =>
  accessReading(names, file),
);

function accessReading(names: Names, file: string): LineReading {
  const line = new AccessLine();
  const node = objectKey(file)?.node;
  const columns = new AccessColumns(names, node);
  const { at } = line;

  function scan(bytes: Buffer, from: number, to: number, into: Columns, row: number) {
    const misfit = line.place(bytes, from, to);
    if (misfit !== undefined) return misfit;
    columns.fill(line, into, row);
    return undefined;
  }

  /** The text of a value that is there. */
  function value(field: number): string | undefined {
    if (!line.has(field)) return undefined;
    return unescaped(line.bytes, line.spans[2 * field]!, line.spans[2 * field + 1]!);
  }

  function numberOf(field: number): number | undefined {
    const text = value(field);
    return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  }

  function attemptsOf(outcome: Outcome, elapsed: number): readonly Attempt[] {
    const before = msOf(line, at.request_processing_time);
    if (!wasAsked(outcome, before)) return [];
    const header = msOf(line, at.target_processing_time);
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

  function outcomeOf(): Outcome {
    const targetStatus = numberOf(at.target_status_code);
    return {
      status: line.status,
      targetStatus: targetStatus === undefined || targetStatus > 999 ? undefined : targetStatus,
      target: value(at['target:port']),
      targetGroup: value(at.target_group_arn),
      actions: value(at.actions_executed)?.split(',') ?? [],
      reason: value(at.error_reason),
      transformStatus: value(at.request_transform_status),
      classification: value(at.classification),
      classificationReason: value(at.classification_reason),
    };
  }

  function ids(): readonly RequestIdentity[] {
    const connection = value(at.conn_trace_id);
    const found = amazonTraceIds(value(at.trace_id));
    return connection === undefined ? found : [...found, { kind: 'connection', value: connection }];
  }

  function read(bytes: Buffer, from: number, to: number, row: RowRef) {
    const misfit = line.placeAll(bytes, from, to);
    if (misfit !== undefined) return misfit;
    const outcome = outcomeOf();
    const duration = durationOf(line);
    const elapsed = elapsedOf(line);
    const created = line.timeOf(at.request_creation_time);
    const route = columns.routeOf(line);
    const { method, target, protocol, host } = requestOf();
    const place = node ?? value(at.ip_address);
    const sent = numberOf(at.sent_bytes);
    const client = value(at['client:port']);
    const record: RequestRecord = {
      kind: 'request',
      row,
      lineHash: lineHash(bytes, from, to),
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
      route,
      host: host ?? value(at.domain_name),
      client: client === undefined ? undefined : withoutPort(client),
      userAgent: value(at.user_agent),
      requestId: undefined,
      connection: undefined,
      responseBytes: sent === undefined ? undefined : byteCount(sent),
      // Sizes are logged with the header, which varies.
      ownPage: undefined,
      service: outcome.targetGroup === undefined ? undefined : groupName(),
      said: statementOf(outcome),
      place,
      asker: 'visitor',
      cached: false,
      // The public address of a node is the one it is called at; it goes to its targets from another.
      trail: { ids: ids(), forwardedFor: undefined, egress: isPrivate(place) ? place : undefined },
      attempts: attemptsOf(outcome, elapsed < 0 ? duration : elapsed),
      logged: loggedBy(line, node !== undefined),
    };
    return record;
  }

  function groupName(): string {
    return line.bytes.toString('utf8', groupFrom(line), groupTo(line));
  }

  function requestOf() {
    const { request } = at;
    if (!line.has(request)) return {};
    const from = line.spans[2 * request]!;
    const to = line.spans[2 * request + 1]!;
    const places = columns.request;
    places.find(line.bytes, from, to);
    const { methodTo, hostFrom, hostTo, targetFrom } = places;
    const method = line.bytes.toString('latin1', from, methodTo);
    const rest = targetFrom < 0 ? '' : unescaped(line.bytes, targetFrom, to);
    // A target may hold raw spaces, so that the protocol is the last word.
    const parts = /^(.*?)(?: (HTTP\/[\d.]+|- ?))?$/s.exec(rest);
    return {
      method: method === '' || method === '-' ? undefined : method,
      target: parts?.[1] || undefined,
      protocol: parts?.[2]?.startsWith('HTTP/') ? parts[2] : undefined,
      host: hostTo > hostFrom ? line.bytes.toString('utf8', hostFrom, hostTo) : undefined,
    };
  }

  return { scan, read };
}

/** Whether the load balancer turned to a target. A function has no address, but belongs to a group. */
function wasAsked({ target, targetStatus, targetGroup, reason }: Outcome, before: number): boolean {
  if (target !== undefined || targetStatus !== undefined) return true;
  return targetGroup !== undefined && (before >= 0 || reason?.startsWith('Lambda') === true);
}

const always: readonly LoggedField[] = [
  ...(['attempts', 'attempt_status', 'attempt_connect', 'attempt_header', 'attempt_response'] as const),
  ...(['duration', 'client', 'code'] as const),
];

/** What the fields of a line can say, whether or not they do. */
function loggedBy({ at, count }: AccessLine, namesNode: boolean): ReadonlySet<LoggedField> {
  const offered: readonly (readonly [LoggedField, boolean])[] = [
    ['host', at.request < count],
    ['method', at.request < count],
    ['user_agent', at.user_agent < count],
    ['service', at.target_group_arn < count],
    ['trail', at.trace_id < count],
    ['place', namesNode || at.ip_address < count],
  ];
  return new Set([...always, ...offered.filter(([, is]) => is).map(([field]) => field)]);
}

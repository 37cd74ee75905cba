import type { Attempt, FactOf, RequestRecord } from '@why502/model';
import { isGroupName } from './group-name.ts';

/** What the times and statuses of an attempt say, or that the peer itself sent the status. */
export type Imprint = FactOf<'imprint'> | FactOf<'relayed'>;

/** The phase of the failed attempt, or that the peer itself sent the status; undefined where the log does not tell. */
export function imprint(request: RequestRecord, attempt: Attempt | undefined): Imprint | undefined {
  const { logged } = request;
  if (!logged.has('attempts') && !logged.has('attempt_status')) return undefined;
  const status = attempt?.status ?? request.status;
  const { source } = request.row;
  const base = {
    kind: 'imprint',
    source,
    status,
    after: attempt?.response ?? request.duration,
    connect: attempt?.connect,
    bytesReceived: attempt?.bytesReceived,
  } as const;
  if (request.attempts.length === 0) return { ...base, phase: 'none' };
  if (attempt === undefined) {
    return request.status >= 500 ? { kind: 'relayed', source, status: request.status } : undefined;
  }
  if (isGroupName(attempt.peer)) return { ...base, phase: 'unpicked' };
  if (logged.has('attempt_header') && attempt.header !== undefined) {
    return status >= 500 ? { kind: 'relayed', source, status } : { ...base, phase: 'answering' };
  }
  if (!logged.has('attempt_header') && status >= 500 && status !== 502 && status !== 504) {
    return { kind: 'relayed', source, status };
  }
  if (!logged.has('attempt_connect')) return undefined;
  return { ...base, phase: attempt.connect === undefined ? 'connecting' : 'waiting' };
}

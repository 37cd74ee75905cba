import type { Attempt, FactOf, RequestRecord } from '@why502/model';
import { isGroupName } from './group-name.ts';

/**
 * Ms after which a load balancer gives up connecting, which no setting changes (user guide, "Troubleshoot your Application
 * Load Balancers", HTTP 504). It may log -1 for all its times where an answer was waited for in vain, too.
 */
const albConnectTimerMs = 10_000;

/** What the times and statuses of an attempt say, or that the peer itself sent the status. */
export type Imprint = FactOf<'imprint'> | FactOf<'relayed'>;

/** The phase of the failed attempt, or that the peer itself sent the status; undefined where the log does not tell. */
export function imprint(request: RequestRecord, attempt: Attempt | undefined): Imprint | undefined {
  const { logged } = request;
  if (!logged.has('attempts') && !logged.has('attempt_status')) return undefined;
  // What came of an answer that the hop did not pass on is the status that the hop made.
  const status = answeredWell(attempt) ? request.status : (attempt?.status ?? request.status);
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
    const isPassedOn = status >= 500 && !answeredWell(attempt);
    return isPassedOn ? { kind: 'relayed', source, status } : { ...base, phase: 'answering' };
  }
  if (!logged.has('attempt_header') && status >= 500 && status !== 502 && status !== 504) {
    return { kind: 'relayed', source, status };
  }
  if (!logged.has('attempt_connect')) return undefined;
  const isConnecting = attempt.connect === undefined && !outlastsConnecting(base);
  return { ...base, phase: isConnecting ? 'connecting' : 'waiting' };
}

function answeredWell(attempt: Attempt | undefined): boolean {
  return attempt?.status !== undefined && attempt.status < 500;
}

function outlastsConnecting({ source, after }: Pick<FactOf<'imprint'>, 'source' | 'after'>): boolean {
  return source === 'alb' && after !== undefined && after > albConnectTimerMs + 1_000;
}

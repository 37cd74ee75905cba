import { type Attempt, type FactOf, type RequestRecord, statusGetsVerdict } from '@why502/model';
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
  const { source } = request.row;
  // What came of an answer that the hop did not pass on is the status that the hop made.
  const status = source === 'nginx' ? (attempt?.status ?? request.status) : request.status;
  const base = {
    kind: 'imprint',
    source,
    status,
    after: attempt?.response ?? request.duration,
    connect: attempt?.connect,
    bytesReceived: attempt?.bytesReceived,
    unaddressed: attempt !== undefined && attempt.peer === undefined,
  } as const;
  if (request.attempts.length === 0) return { ...base, phase: 'none' };
  if (attempt === undefined) {
    return request.status >= 500 ? { kind: 'relayed', source, status: request.status } : undefined;
  }
  if (isGroupName(attempt.peer)) return { ...base, phase: 'unpicked' };
  const isPassedOn =
    source === 'nginx' ? nginxPassedOn(request, attempt, status) : passedOn(request, attempt);
  if (isPassedOn) return { kind: 'relayed', source, status };
  if (hasBegun(request, attempt)) return { ...base, phase: 'answering' };
  if (!logged.has('attempt_connect')) return undefined;
  const isConnecting = attempt.connect === undefined && !outlastsConnecting(base);
  return { ...base, phase: isConnecting ? 'connecting' : 'waiting' };
}

function outlastsConnecting({ source, after }: Pick<FactOf<'imprint'>, 'source' | 'after'>): boolean {
  return source === 'alb' && after !== undefined && after > albConnectTimerMs + 1_000;
}

/** nginx writes 502 and 504 for its own failures as well: only a header time that is a number shows an answer. */
function nginxPassedOn({ logged }: RequestRecord, attempt: Attempt, status: number): boolean {
  if (status < 500) return false;
  return logged.has('attempt_header') ? attempt.header !== undefined : status !== 502 && status !== 504;
}

/**
 * The load balancer and the edge write down what the peer answered, and nothing where it did not (AWS:
 * target_status_code; Cloudflare: OriginResponseStatus). What they say by a code of their own they made themselves.
 */
function passedOn({ status, logged, said }: RequestRecord, attempt: Attempt): boolean {
  if (!statusGetsVerdict(status) || said !== undefined) return false;
  if (logged.has('attempt_status')) return attempt.status === status;
  return logged.has('attempt_header') && attempt.header !== undefined;
}

function hasBegun({ logged, row }: RequestRecord, attempt: Attempt): boolean {
  if (logged.has('attempt_header') && attempt.header !== undefined) return true;
  return row.source !== 'nginx' && attempt.status !== undefined;
}

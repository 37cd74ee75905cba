import {
  type Attempt,
  type ErrorRecord,
  type Instant,
  type Millis,
  type Names,
  type Outcome,
  type RequestRecord,
  type SourceKind,
  statusGetsVerdict,
} from '@why502/model';
import { isGroupName } from './group-name.ts';
import { type Imprint, imprint } from './imprint.ts';
import { saysBodyBroke } from './join/broken-bodies.ts';
import { bucketOf } from './window/windows.ts';

/** A request that needs a verdict, with what has been joined to it. From an error log alone there is no request. */
export interface Failure {
  readonly id: string;
  /** Of its own row, the outermost of those that it has. */
  readonly source: SourceKind;
  readonly time: Instant;
  readonly request: RequestRecord | undefined;
  /** Lines of the error log about it, in order. */
  readonly errors: readonly ErrorRecord[];
  /** The attempt that the failure is about. */
  readonly attempt: Attempt | undefined;
  readonly imprint: Imprint | undefined;
  /** How far it came: of the imprint, else the words of the error log, else `unknown`; `left`: the client went away. */
  readonly phase: string;
  readonly bucket: number;
  /** The peer that failed, or the name of its group where none could be picked; of its error lines where no attempt is logged. */
  readonly peer: string | undefined;
  /** Ids under which its neighbourhood is counted; 0 where its log does not say. */
  readonly serviceId: number;
  readonly peerId: number;
  readonly routeId: number;
  readonly placeId: number;
  /** Duration of the attempt that failed, or of the request where attempts are not logged. */
  readonly after: Millis | undefined;
  /** When that attempt ended, ms since the epoch: later attempts of the request took their time, too. */
  readonly attemptEnd: number;
}

export function failure(
  id: string,
  request: RequestRecord | undefined,
  errors: readonly ErrorRecord[],
  time: Instant,
  routeId: number,
  names: Names,
): Failure {
  const service = request?.service ?? request?.host;
  const failed = request === undefined ? undefined : failedAttempt(request);
  const look = request === undefined ? undefined : imprint(request, failed);
  const peer = failed?.peer ?? lastPeer(errors);
  return {
    id,
    source: (request ?? errors[0])!.row.source,
    time,
    request,
    errors,
    attempt: failed,
    imprint: look,
    phase: leaves(request) ? 'left' : phaseOf(look, errors),
    bucket: bucketOf(time),
    peer,
    serviceId: service === undefined ? 0 : names.services.idOf(service),
    peerId: peer === undefined ? 0 : names.peers.idOf(peer),
    routeId,
    placeId: request?.place === undefined ? 0 : names.places.idOf(request.place),
    after: failed?.response ?? request?.duration,
    attemptEnd: time - laterAttemptsMs(request, failed),
  };
}

/**
 * The last attempt that did not end well, and was not merely refused a peer where another says more. Where the hop says
 * that the request failed its last attempt did, whatever status began to come.
 */
function failedAttempt(request: RequestRecord): Attempt | undefined {
  if (request.said !== undefined) return request.attempts.at(-1);
  const bad = request.attempts.filter((attempt) => attempt.status === undefined || attempt.status >= 500);
  return bad.findLast((attempt) => !isGroupName(attempt.peer)) ?? bad.at(-1) ?? keptBack(request);
}

/** The attempt that was answered, where the hop made an error of the answer. nginx logs an answer that it refuses as 502. */
function keptBack(request: RequestRecord): Attempt | undefined {
  const isFailure = statusGetsVerdict(request.status) && !leaves(request);
  return request.row.source !== 'nginx' && isFailure ? request.attempts.at(-1) : undefined;
}

/** Whether the client went away: nginx's and Cloudflare's 499, the load balancer's 460, or no status at all. */
export function leaves(request: RequestRecord | undefined): boolean {
  return request?.status === 499 || request?.status === 460 || request?.status === 0;
}

/** Whether somebody waited for the answer, if only through a program at the hop. */
export function isVisitors({ asker }: RequestRecord): boolean {
  return asker === 'visitor' || asker === 'subrequest';
}

function phaseOf(look: Imprint | undefined, errors: readonly ErrorRecord[]): string {
  if (look !== undefined) return look.kind === 'imprint' ? look.phase : look.kind;
  const said = errors.map(({ symptom }) => symptom).filter((symptom) => symptom !== 'peer_disabled');
  // A request whose last try found no peer tells by the tries before it why.
  const symptom = said.findLast((one) => one !== 'no_live_peer') ?? said.at(-1);
  return symptom === 'no_live_peer' ? 'unpicked' : (symptom ?? 'unknown');
}

export function hostOf({ request, errors }: Failure): string | undefined {
  return request?.host ?? errors[0]?.host;
}

/** Whether the request's own line shows a failure: its status, or a try that failed, whatever came of it. */
export function showsFailure({ status, attempts, logged }: RequestRecord): boolean {
  if (statusGetsVerdict(status)) return true;
  if (!logged.has('attempt_status')) return attempts.length > 1;
  return attempts.some((attempt) => attempt.status === undefined || attempt.status >= 500);
}

/** A failure that its visitor saw, hid, or saw half of. */
export function outcomeOf({ request, errors }: Pick<Failure, 'request' | 'errors'>): Outcome {
  if (request !== undefined && !isVisitors(request)) return 'not_an_error';
  if (request === undefined || statusGetsVerdict(request.status)) return 'failed';
  return saysBodyBroke(errors) ? 'truncated' : 'masked';
}

function laterAttemptsMs(request: RequestRecord | undefined, attempt: Attempt | undefined): number {
  if (request === undefined || attempt === undefined) return 0;
  const later = request.attempts.slice(request.attempts.indexOf(attempt) + 1);
  return later.reduce((sum, one) => sum + (one.response ?? 0), 0);
}

function lastPeer(errors: readonly ErrorRecord[]): string | undefined {
  return errors.findLast((line) => line.peer?.includes(':'))?.peer;
}

import type { ErrorRecord, Evidence, Fact, FactOf, RequestRecord, RowRef, Symptom } from '@why502/model';
import { type Failure, isVisitors, leaves } from '../failure.ts';
import { symptomText } from './symptom-text.ts';

/** Lines that accompany a failure without saying what it was. */
const beside: ReadonlySet<Symptom> = new Set([
  'peer_disabled',
  'other',
  'resolver_noise',
  'configuration_reloaded',
  'body_excess',
  'application_stderr',
]);

/** Whether such a line tells of no failure by itself, beside one that does. */
export function accompanies(symptom: Symptom): boolean {
  return beside.has(symptom);
}

/** What can be told from the silence of the error log: nothing, little, or that the proxy had nothing to say. */
export type Coverage = 'no_log' | 'given' | 'covered';

/** What the failure's own rows say: the error lines' words, and the imprint of the attempt in the access line. */
export function observeAttempt(failure: Failure, coverage: Coverage): Evidence[] {
  const { request } = failure;
  const seen = words(failure);
  if (request === undefined) return seen;
  if (leaves(request)) return seen.length > 0 || coverage === 'no_log' ? seen : [silence(coverage)];
  // The proxy's own words are the better account of the same thing.
  if (seen.length === 0) {
    seen.push(look(failure.imprint, request));
    if (coverage !== 'no_log') seen.push(silence(coverage));
  } else if (leavesOpen(failure)) seen.push(look(failure.imprint, request));
  if (!isVisitors(request)) seen.push(ownRequest(request));
  if (answeredOnFreshConnection(request)) {
    seen.push(
      evidence(
        { kind: 'fresh_retry_answered' },
        'retry',
        'the proxy repeated the request to the same peer on a new connection, and was answered',
        request.row,
      ),
    );
  }
  return seen;
}

/** What was said about the failure: by the hop in its line, by its error log, by the connector of a tunnel. */
function words({ request, errors, imprint }: Failure): Evidence[] {
  if (request === undefined) return symptoms(errors, true);
  // The connector knows why it had nothing to hand to the edge.
  if (errors.some(({ row }) => row.source === 'cloudflared')) return symptoms(errors, false);
  // An answer that was passed on as it came is the failure; words are about tries before it.
  const tellsAnswers = request.row.source !== 'nginx' || request.logged.has('attempt_header');
  if (imprint?.kind === 'relayed' && tellsAnswers) return ofApplication(errors);
  return [...stated(request), ...symptoms(errors, false)];
}

/** One code stands for several things that an attempt may have come to: its times tell more. */
function leavesOpen({ request, imprint }: Failure): boolean {
  return imprint?.kind === 'imprint' && request?.said?.symptom === 'answer_unusable';
}

function ownRequest({ asker, status, row }: RequestRecord): Evidence {
  const isProbe = asker === 'probe';
  const text = isProbe ? 'the hop asked to check health' : 'the hop asked for itself, for no visitor';
  const fact: Fact = { kind: 'own_request', asker: isProbe ? 'probe' : 'internal', status };
  return evidence(fact, 'asker', text, row);
}

/** What the hop says of the failure by a code of its own. */
function stated(request: RequestRecord | undefined): Evidence[] {
  if (request?.said === undefined) return [];
  const { symptom, code } = request.said;
  const fact: Fact = { kind: 'symptom', symptom, scheme: undefined, code, source: request.row.source };
  const text = `${code}: ${symptomText[symptom]}`;
  return [{ fact, group: 'attempt', name: symptom, text, rows: [request.row] }];
}

function look(imprint: Failure['imprint'], { status, ownPage, row }: RequestRecord): Evidence {
  if (imprint !== undefined) return evidence(imprint, 'attempt', imprintText(imprint), row);
  const page =
    ownPage === undefined
      ? ''
      : ownPage
        ? ", with the proxy's own page"
        : ", with a page that is not the proxy's own";
  return evidence(
    { kind: 'bare_status', source: row.source, status, ownPage },
    'attempt',
    `the status is ${status}${page}`,
    row,
  );
}

function silence(coverage: 'given' | 'covered'): Evidence {
  const covered = coverage === 'covered';
  const text = covered
    ? 'the error log, which tells of other requests, says nothing about this one'
    : 'the error log says nothing about this request';
  return evidence({ kind: 'no_words', covered }, 'words', text);
}

/** Whether a connection was refused, by words or by the look of the attempt. */
export function refused({
  imprint,
  errors,
  request,
}: Pick<Failure, 'imprint' | 'errors' | 'request'>): boolean {
  if (errors.some((line) => line.symptom === 'connect_refused' || line.symptom === 'socket_refused'))
    return true;
  if (request?.said !== undefined) return request.said.symptom === 'connect_refused';
  if (errors.length > 0 || imprint?.kind !== 'imprint') return false;
  return imprint.phase === 'connecting' && imprint.status === 502 && (imprint.after ?? 0) < 50;
}

/** nginx repeats a request on a fresh connection to the same peer when a kept-alive one broke (ngx_http_upstream.c). */
function answeredOnFreshConnection(request: RequestRecord): boolean {
  return request.attempts.some((attempt, index) => {
    const next = request.attempts[index + 1];
    return (
      next !== undefined &&
      next.peer === attempt.peer &&
      attempt.header === undefined &&
      (attempt.connect ?? 0) === 0 &&
      attempt.status === 502 &&
      next.status !== undefined &&
      next.status < 500
    );
  });
}

/** What the application wrote beside its answer. */
function ofApplication(errors: readonly ErrorRecord[]): Evidence[] {
  return symptoms(
    errors.filter(({ symptom }) => symptom.startsWith('application_')),
    false,
  );
}

/** @param alone no request tells more, so that a line which mostly accompanies others is all there is */
function symptoms(errors: readonly ErrorRecord[], alone: boolean): Evidence[] {
  const without = errors.filter(
    (line) => !beside.has(line.symptom) && (alone || line.subrequest === undefined),
  );
  const telling = without.length > 0 || !alone ? without : errors.filter((line) => line.symptom !== 'other');
  const own = telling.filter((line) => line.symptom !== 'no_live_peer');
  const seen = new Map<Symptom, Evidence>();
  for (const line of own.length > 0 ? own : telling) {
    const fact: Fact = {
      kind: 'symptom',
      symptom: line.symptom,
      scheme: line.scheme,
      code: undefined,
      source: line.row.source,
    };
    seen.set(line.symptom, {
      fact,
      group: 'attempt',
      name: line.symptom,
      text: `${line.row.source === 'cloudflared' ? 'cloudflared' : 'the error log'} says: ${symptomText[line.symptom]}`,
      rows: [line.row],
    });
  }
  return [...seen.values()];
}

function imprintText(fact: FactOf<'imprint'> | FactOf<'relayed'>): string {
  if (fact.kind === 'relayed') return `the upstream itself answered ${fact.status}`;
  const after = fact.after === undefined ? '' : ` after ${fact.after} ms`;
  switch (fact.phase) {
    case 'none':
      return `the proxy answered ${fact.status} without trying a peer`;
    case 'unpicked':
      return `no peer of the group was free to be tried`;
    case 'connecting':
      return `the connection to the peer never came up: ${fact.status}${after}`;
    case 'waiting':
      return `the peer was connected and sent no valid header: ${fact.status}${after}`;
    case 'answering':
      return `the peer had begun to answer${after}`;
    default:
      return fact.phase satisfies never;
  }
}

export function evidence(fact: Fact, group: Evidence['group'], text: string, row?: RowRef): Evidence {
  return { fact, group, name: fact.kind, text, rows: row === undefined ? [] : [row] };
}

import type { Statement, Symptom } from '@why502/model';

/**
 * What the statuses mean that only the edge makes, and no origin
 * (developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors).
 */
const byStatus: Readonly<Record<number, Symptom>> = {
  520: 'answer_unusable',
  521: 'connect_refused',
  522: 'connect_timed_out',
  523: 'connect_no_route',
  524: 'header_timed_out',
  525: 'tls_refused',
  526: 'tls_certificate_unverified',
  // Railgun, which is no more, failed by itself.
  527: 'hop_failed',
  530: 'origin_unfound',
};

/**
 * The codes of Cloudflare's own error pages (…/troubleshooting/http-status-codes/cloudflare-1xxx-errors), which a log
 * holds only in a header.
 */
const byCode: Readonly<Record<string, Symptom>> = {
  '1000': 'address_forbidden',
  '1001': 'name_not_found',
  '1002': 'address_forbidden',
  '1003': 'address_forbidden',
  '1004': 'origin_unfound',
  '1014': 'origin_unfound',
  '1015': 'requests_limited',
  '1016': 'name_not_found',
  '1018': 'origin_unfound',
  '1019': 'request_loop',
  '1021': 'function_set_up_wrong',
  '1022': 'function_set_up_wrong',
  '1023': 'origin_unfound',
  '1024': 'function_set_up_wrong',
  '1027': 'function_throttled',
  '1033': 'tunnel_down',
  '1042': 'request_loop',
  '1101': 'function_failed',
  '1102': 'function_failed',
  '1103': 'function_set_up_wrong',
  '1200': 'requests_queued',
  // Rules that turn somebody away.
  ...Object.fromEntries(
    [1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1020].map((code) => [code, 'answered_by_rule']),
  ),
};

/** What the edge did with a request that it did not serve, by EdgePathingStatus, in lower case without `_`. */
const byPathing: Readonly<Record<string, Symptom>> = {
  cyclic: 'request_loop',
  dnserr: 'name_not_found',
  reservedip: 'address_forbidden',
  reservedip6: 'address_forbidden',
  badhost: 'origin_unfound',
  noexistinghost: 'origin_unfound',
  ratelimit: 'requests_limited',
};

/** A header that a log may hold the code in: Cloudflare's own, or one that a rule wrote `cf.response.1xxx_code` into. */
const codeHeader = /^(?:x-)?(?:cf|cloudflare)-error-(?:type|code)$|(?:1xxx|error)[-_]?code$/;

/** The code in the headers of an answer that the edge made, such as `1016`; `52x` and the like say no more than the status. */
export function errorCode(headers: ReadonlyMap<string, string>): string | undefined {
  for (const [name, value] of headers) {
    if (!codeHeader.test(name)) continue;
    const code = value.trim();
    if (Object.hasOwn(byCode, code) || Object.hasOwn(byStatus, code)) return code;
  }
  return undefined;
}

/** What one of Cloudflare's numbers says by itself, of four digits or a status that only the edge makes. */
export function statementOfCode(code: string): Statement | undefined {
  const symptom = Object.hasOwn(byCode, code) ? byCode[code] : byStatus[Number(code)];
  return symptom === undefined ? undefined : { symptom, code };
}

/** What the line holds of how its answer came about. */
export interface Answer {
  readonly status: number;
  /** 0 where no origin answered; undefined where the log does not tell. */
  readonly originStatus: number | undefined;
  /** See `errorCode`. */
  readonly code: string | undefined;
  readonly pathingSource: string | undefined;
  readonly pathingOperation: string | undefined;
  readonly pathingStatus: string | undefined;
  readonly workerStatus: string | undefined;
  /** A tunnel's own page: what stands behind the tunnel failed, and not the edge. */
  readonly ofTunnel: boolean;
}

/** What the edge says of a failure; undefined where it passed an answer on, or says nothing. */
export function saidOf(answer: Answer): Statement | undefined {
  const { status, originStatus, code, pathingStatus, workerStatus } = answer;
  if (code !== undefined) return { symptom: byCode[code] ?? byStatus[Number(code)]!, code };
  if (originStatus === status) return undefined;
  const decision = originStatus === undefined || originStatus === 0 ? decisionOf(answer) : undefined;
  if (decision !== undefined) return { symptom: decision, code: pathingStatus ?? '' };
  const own = byStatus[status];
  if (own !== undefined) return { symptom: own, code: String(status) };
  if (status < 500 || originStatus !== 0) return undefined;
  if (speaks(workerStatus)) {
    const symptom = symptomOfWorker(workerStatus);
    return symptom === undefined ? undefined : { symptom, code: workerStatus };
  }
  const isOwn = (status === 502 || status === 504) && !answer.ofTunnel;
  return isOwn ? { symptom: 'hop_failed', code: String(status) } : undefined;
}

/** What EdgePathing says of a request that was not served (developers.cloudflare.com/logs/reference/pathing-status). */
function decisionOf({ pathingSource, pathingOperation, pathingStatus }: Answer): Symptom | undefined {
  const plainStatus = plain(pathingStatus);
  // `nr`: none of the rules gave a reason to stop it.
  if (plainStatus === '' || plainStatus === 'nr') return undefined;
  const known = byPathing[plainStatus];
  if (known !== undefined) return known;
  const turnedAway = plain(pathingSource) === 'protect' || plain(pathingOperation) === 'ban';
  return turnedAway ? 'answered_by_rule' : undefined;
}

/** The spelling varies: `err_host`, `errHost`. */
function plain(text: string | undefined): string {
  return text === undefined ? '' : text.toLowerCase().replaceAll('_', '');
}

/** Whether a Worker had the request. */
function speaks(status: string | undefined): status is string {
  return status !== undefined && status !== 'unknown';
}

/**
 * What became of a Worker. The values are not documented; these are the words of its metrics
 * (developers.cloudflare.com/workers/observability/metrics-and-analytics).
 */
function symptomOfWorker(status: string): Symptom | undefined {
  // It ran well, and the answer is its own, or what it was given.
  if (/^(?:ok|success)$/i.test(status) || /cancel|disconnect/i.test(status)) return undefined;
  if (/internal|shed|daemon/i.test(status)) return 'hop_failed';
  return /not.?found|no.?script/i.test(status) ? 'function_set_up_wrong' : 'function_failed';
}

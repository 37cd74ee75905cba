import type { RequestIdentity, RequestRecord } from '@why502/model';

/** Two logs whose first requests agree to this share hold the same traffic. */
const sameShare = 0.8;

/** Too few requests prove nothing. */
const fewest = 3;
/** More would not change the answer. */
const most = 100;

/** The first requests of a log, by which another log of the same traffic is known. Empty in an error log. */
export interface Opening {
  /** Request, client and second by the request's id; empty where the log holds no ids. */
  readonly byId: ReadonlySet<string>;
  /** The same by what all formats show. */
  readonly byLooks: ReadonlySet<string>;
  /** The times that these requests ended in, ms since the epoch; absent without any. */
  readonly window: { readonly from: number; readonly to: number } | undefined;
  /** How much the log holds about each request. */
  readonly richness: number;
  /** Kinds of the ids that it holds. */
  readonly ids: ReadonlySet<RequestIdentity['kind']>;
}

export function openingOf(requests: readonly RequestRecord[]): Opening {
  const [first] = requests;
  const looked = requests.slice(0, most);
  return {
    byId: new Set(looked.filter(({ requestId }) => requestId !== undefined).map(idAndClient)),
    byLooks: new Set(looked.map(looksOf)),
    window: windowOf(looked),
    // Of two logs with the same fields, the one with the finer times is better.
    richness: first === undefined ? 0 : first.logged.size + (first.resolution < 1_000 ? 0.5 : 0),
    ids: new Set(requests.flatMap(kindsOf)),
  };
}

export function isSameTraffic(a: Opening, b: Opening): boolean {
  return a.byId.size > 0 && b.byId.size > 0 ? agree(a.byId, b.byId) : agree(a.byLooks, b.byLooks);
}

/** Whether the requests among these, by what all formats show, are those of the opening. */
export function holdsOpening(seen: ReadonlySet<string>, { byLooks }: Opening): boolean {
  if (byLooks.size < fewest) return false;
  const common = [...byLooks].filter((one) => seen.has(one)).length;
  return common / byLooks.size >= sameShare;
}

function windowOf(requests: readonly RequestRecord[]): Opening['window'] {
  const times = requests.map(({ end }) => end);
  return times.length === 0
    ? undefined
    : { from: Math.min(...times) - 1_000, to: Math.max(...times) + 1_000 };
}

function kindsOf({ requestId, trail }: RequestRecord): readonly RequestIdentity['kind'][] {
  const kinds = trail.ids.map(({ kind }) => kind);
  return requestId === undefined ? kinds : ['request', ...kinds];
}

/** An id alone is not enough: a proxy may hand its id on to the next one, whose client it then is. */
function idAndClient({ requestId, client, end }: RequestRecord): string {
  return `${requestId} ${client} ${Math.floor(end / 1_000)}`;
}

/** A request by what all formats show. */
export function looksOf({ end, client, method, target, status }: RequestRecord): string {
  return `${Math.floor(end / 1_000)} ${client} ${method} ${target} ${status}`;
}

function agree(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const smaller = Math.min(a.size, b.size);
  if (smaller < fewest) return false;
  let common = 0;
  for (const one of a) if (b.has(one)) common++;
  return common / smaller >= sameShare;
}

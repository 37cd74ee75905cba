import type { ErrorRecord, RequestRecord } from '@why502/model';
import type { Forgeries } from './forgeries.ts';
import { asksTheSame, longestUnlogged, requestKey, slack } from './same-request.ts';
import { Workers } from './workers.ts';

/** Daylight saving time ends and begins by this much, ms. */
const changeMs = 3_600_000;

/** Requests that must find their lines an hour off before the log is taken to have changed its zone. */
const votesForChange = 3;

/**
 * Lines that are kept for a change of zone: more would not be worth their memory. No more of remarks that tell of no failure,
 * as of answers that nginx buffers in files, which a busy proxy writes by the hundred in a second.
 */
const mostKept = 20_000;

/** Lines that are kept at most. Those of a storm come a minute before its requests: the first of them are kept. */
const mostOpen = 50_000;

/** The lines that may be about a request; doubted where several processes claim it. */
interface Found {
  readonly lines: readonly ErrorRecord[];
  readonly doubted: boolean;
}

const none: readonly ErrorRecord[] = [];

const nothing: Found = { lines: [], doubted: false };

/**
 * Error lines waiting for the request they are about. `$connection` equals the `*N` of the error log within one start
 * of nginx (ngx_connection_t.number), so it joins when the times nest and the request lines agree; without it client, request line
 * and time do. Where requests state no zone, the zone given at the start counts until requests find their lines an hour
 * off, as when daylight saving time ends.
 */
export class ErrorLines {
  #zoneMs: number;
  /** Requests in a row that found lines an hour off, and which way. */
  #votes = 0;
  #votedMs = 0;
  readonly #forgeries: Forgeries;
  readonly #workers = new Workers();
  /** Lines are forgotten by the generation: the older one goes as a whole when no request can reach back to it. */
  #younger = new Generation();
  #older = new Generation();
  /** A request was found by its connection: where one is logged, nothing less will do from now on. */
  #numbered = false;
  lines = 0;
  joined = 0;

  /** @param zoneMin offset of the error log's local time from UTC, used where a request line states none */
  constructor(zoneMin: number, forgeries: Forgeries) {
    this.#zoneMs = zoneMin * 60_000;
    this.#forgeries = forgeries;
  }

  /** So many lines were read and joined before. Those that are read again count twice in the first number, which only tells a few from many. */
  resume({ lines, joined }: { readonly lines: number; readonly joined: number }): void {
    this.lines = lines;
    this.joined = joined;
  }

  add(record: ErrorRecord): void {
    if (record.connection === undefined && record.requestLine === undefined) return;
    this.lines++;
    const isRemark = record.symptom === 'other';
    const size = this.#older.size + this.#younger.size;
    if (size < (isRemark ? mostKept : mostOpen)) this.#younger.add(record);
    else if (!isRemark) this.#younger.isWhole = false;
  }

  /** Whether all lines are kept that may tell of the failure of a request, so that to find none means something. */
  get isWhole(): boolean {
    return this.#older.isWhole && this.#younger.isWhole;
  }

  /** The lines about the request, in order of the log. Each line is given to one request only, and no longer kept then. */
  claim(request: RequestRecord): readonly ErrorRecord[] {
    if (this.lines === 0) return none;
    const found = this.#find(request, true);
    if (!found.doubted) this.#workers.vouch(found.lines);
    const lines = tries(found.lines, request);
    for (const line of lines) if (!this.#younger.remove(line)) this.#older.remove(line);
    this.joined += lines.length;
    return lines;
  }

  /** The same without claiming, for a first answer. */
  peek(request: RequestRecord): readonly ErrorRecord[] {
    if (this.lines === 0) return none;
    return tries(this.#find(request, false).lines, request);
  }

  /** Lines older than this are asked for no more, unless the zone changes. */
  forgetBefore(instant: number): void {
    const newest = this.#older.newest - this.#zoneMs;
    const isFew = this.#older.size + this.#younger.size <= mostKept;
    if (newest + (isFew ? changeMs : 0) >= instant) return;
    this.#older = this.#younger;
    this.#younger = new Generation();
  }

  #find(request: RequestRecord, votes: boolean): Found {
    if (request.zoneOffsetMin !== undefined) return this.#findAt(request, request.zoneOffsetMin * 60_000);
    const found = this.#findAt(request, this.#zoneMs);
    if (found.lines.length > 0) {
      if (votes) this.#votes = 0;
      return found;
    }
    for (const zoneMs of [this.#zoneMs - changeMs, this.#zoneMs + changeMs]) {
      const changed = this.#findAt(request, zoneMs);
      if (changed.lines.length === 0) continue;
      if (votes) this.#vote(zoneMs);
      // By looks alone, the line may be that of a request an hour away.
      return this.#numbered || zoneMs === this.#zoneMs ? changed : nothing;
    }
    return nothing;
  }

  #vote(zoneMs: number): void {
    this.#votes = zoneMs === this.#votedMs ? this.#votes + 1 : 1;
    this.#votedMs = zoneMs;
    if (this.#votes < votesForChange) return;
    this.#zoneMs = zoneMs;
    this.#votes = 0;
  }

  #findAt(request: RequestRecord, zoneMs: number): Found {
    const latest = request.end + request.resolution + slack;
    const earliest = request.end - (request.duration ?? longestUnlogged) - slack;
    const isNear = (line: ErrorRecord) => {
      const at = line.wall - (line.zoneOffsetMin === undefined ? zoneMs : line.zoneOffsetMin * 60_000);
      return at >= earliest && at <= latest && !this.#forgeries.has(line);
    };
    if (request.connection !== undefined) {
      const { connection } = request;
      const known = this.#both((generation) => generation.byConnection.get(connection));
      const exact = known.filter((line) => isNear(line) && agrees(line, request));
      if (exact.length > 0) {
        this.#numbered = true;
        return this.#ofKnownWorkers(exact);
      }
      if (this.#numbered) return nothing;
    }
    if (request.requestLine === undefined) return nothing;
    const key = requestKey(request.client, request.requestLine);
    const alike = this.#both((generation) => generation.byRequest.get(key)).filter(
      (line) => isNear(line) && mayBeNumbered(request, line),
    );
    const { lines, doubted } = this.#ofKnownWorkers(alike);
    return { lines: nearestConnection(lines, request.end + zoneMs, request.status), doubted };
  }

  #ofKnownWorkers(lines: readonly ErrorRecord[]): Found {
    if (lines.length < 2) return { lines, doubted: false };
    const known = this.#workers.known(lines);
    return {
      lines: lines.filter(({ pid }) => known.has(pid)),
      doubted: lines.some(({ pid }) => pid !== lines[0]!.pid),
    };
  }

  #both(of: (generation: Generation) => readonly ErrorRecord[] | undefined): readonly ErrorRecord[] {
    const older = of(this.#older);
    const younger = of(this.#younger);
    return older === undefined ? (younger ?? []) : younger === undefined ? older : [...older, ...younger];
  }
}

/** Lines of a stretch of time that no request has claimed. */
class Generation {
  readonly byConnection = new Map<string, ErrorRecord[]>();
  readonly byRequest = new Map<string, ErrorRecord[]>();
  /** Latest local time of its lines. */
  newest = Number.NEGATIVE_INFINITY;
  size = 0;
  /** No line was left out that may tell of a failure. */
  isWhole = true;

  add(line: ErrorRecord): void {
    this.size++;
    const { wall, connection, requestLine, client } = line;
    this.newest = Math.max(this.newest, wall);
    if (connection !== undefined) push(this.byConnection, connection, line);
    if (requestLine !== undefined) push(this.byRequest, requestKey(client, requestLine), line);
  }

  /** False where the line is not among them. */
  remove(line: ErrorRecord): boolean {
    const { connection, requestLine, client } = line;
    const ofConnection = connection !== undefined && pull(this.byConnection, connection, line);
    const ofRequest =
      requestLine !== undefined && pull(this.byRequest, requestKey(client, requestLine), line);
    if (ofConnection || ofRequest) this.size--;
    return ofConnection || ofRequest;
  }
}

/**
 * The lines of one request among those of its connection, which may carry the same request again at once: as many as
 * tries of it failed, or, where the log does not tell, until a peer comes again. Requests are asked for in order of
 * time, so the first lines are theirs.
 */
function tries(lines: readonly ErrorRecord[], request: RequestRecord): readonly ErrorRecord[] {
  if (lines.length < 2) return lines;
  const inOrder = [...lines].sort(byPlace);
  const failed = request.attempts.filter(
    (attempt) => attempt.status === undefined || attempt.status >= 500,
  ).length;
  const most = request.logged.has('attempts') ? Math.max(1, failed) : Number.POSITIVE_INFINITY;
  const peers = new Set<string>();
  const kept: ErrorRecord[] = [];
  let words = 0;
  for (const line of inOrder) {
    const { peer, symptom, subrequest } = line;
    if (symptom !== 'peer_disabled' && subrequest === undefined) {
      if (words === most || (peer !== undefined && peers.has(peer) && most === Number.POSITIVE_INFINITY))
        break;
      if (peer === undefined && words > 0 && most === Number.POSITIVE_INFINITY) break;
      words++;
      if (peer !== undefined) peers.add(peer);
    }
    kept.push(line);
  }
  return kept;
}

function agrees(line: ErrorRecord, request: RequestRecord): boolean {
  // Limits refuse before any peer is asked (ngx_http_limit_req_module works in the preaccess phase).
  const refused = line.symptom === 'requests_limited' || line.symptom === 'connections_limited';
  if (refused && request.attempts.length > 0) return false;
  return (
    line.requestLine === undefined ||
    request.requestLine === undefined ||
    asksTheSame(line.requestLine, request.requestLine) ||
    // A line that was cut may end within the request line.
    (line.truncated && request.requestLine.startsWith(line.requestLine))
  );
}

/** Where both logs number connections, the numbers decide; what else is logged by that name is no number. */
function mayBeNumbered(request: RequestRecord, { connection }: ErrorRecord): boolean {
  return connection === undefined || request.connection === undefined || !/^\d+$/.test(request.connection);
}

/**
 * Of lines that look alike, those of the connection whose last line is nearest to the end of the request. Of two that are
 * equally near, the one with the lower number, which nginx gave first (ngx_event_accept.c): lines of two files, as around a
 * rotation, may come in any order.
 */
function nearestConnection(
  lines: readonly ErrorRecord[],
  localEnd: number,
  status: number,
): readonly ErrorRecord[] {
  if (lines.length < 2) return lines;
  const groups = new Map<string, Group>();
  for (const line of lines) {
    const key = `${line.pid}*${line.connection}`;
    const distance = Math.abs(localEnd - line.wall) + (contradicts(line, status) ? farAway : 0);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { lines: [line], distance });
    else {
      group.lines.push(line);
      group.distance = Math.min(group.distance, distance);
    }
  }
  return [...groups.values()].reduce((best, group) => (isNearer(group, best) ? group : best)).lines;
}

/** Lines of one connection. */
interface Group {
  readonly lines: ErrorRecord[];
  distance: number;
}

function isNearer(group: Group, than: Group): boolean {
  if (group.distance !== than.distance) return group.distance < than.distance;
  const [one, other] = [group.lines[0]!, than.lines[0]!];
  const numbers = Number(one.connection) - Number(other.connection);
  return numbers < 0 || (numbers === 0 && (one.pid ?? 0) < (other.pid ?? 0));
}

/** Further than any line of the request itself, ms. */
const farAway = 1e9;

/** A limit gives no gateway's status (limit_req_status and limit_conn_status are 503 unless set), a failed peer no other. */
function contradicts({ symptom }: ErrorRecord, status: number): boolean {
  const limited = symptom === 'requests_limited' || symptom === 'connections_limited';
  const isGateways = status === 502 || status === 504;
  return limited ? isGateways : status === 503 || status === 429;
}

function byPlace(a: ErrorRecord, b: ErrorRecord): number {
  return a.wall - b.wall || a.row.line - b.row.line;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** Takes a value out of the list of a key; false where it is not in it. */
function pull<K, V>(map: Map<K, V[]>, key: K, value: V): boolean {
  const list = map.get(key);
  const at = list?.indexOf(value) ?? -1;
  if (list === undefined || at < 0) return false;
  if (list.length === 1) map.delete(key);
  else list.splice(at, 1);
  return true;
}

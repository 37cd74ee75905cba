import type { ErrorRecord, Instant, RequestRecord } from '@why502/model';
import { slack } from './same-request.ts';

/** The clock of the connector may differ from that of the edge by this much, ms. */
const skewMs = 60_000;

interface Line {
  readonly record: ErrorRecord;
  readonly at: Instant;
  claimed: boolean;
}

/**
 * Lines of the connector of a tunnel (cloudflared) waiting for the request they are about. The ray id tells it where both
 * logs hold it; else the host and the time do. Each line is given to one request only.
 */
export class ConnectorLines {
  /** Lines are forgotten by the generation, as those of error logs are. */
  #younger = new Generation();
  #older = new Generation();

  add(record: ErrorRecord, at: Instant): void {
    this.#younger.add({ record, at, claimed: false });
  }

  claim(request: RequestRecord): readonly ErrorRecord[] {
    const lines = this.#find(request);
    for (const line of lines) line.claimed = true;
    return lines.map(({ record }) => record);
  }

  /** The same without claiming, for a first answer. */
  peek(request: RequestRecord): readonly ErrorRecord[] {
    return this.#find(request).map(({ record }) => record);
  }

  forgetBefore(instant: number): void {
    if (this.#older.newest >= instant - skewMs) return;
    this.#older = this.#younger;
    this.#younger = new Generation();
  }

  #find(request: RequestRecord): readonly Line[] {
    const ray = request.trail.ids.find(({ kind }) => kind === 'ray')?.value;
    const exact = ray === undefined ? [] : this.#open((from) => from.byRay.get(ray), request, skewMs);
    if (exact.length > 0) return exact;
    const { host } = request;
    if (host === undefined) return [];
    const alike = this.#open((from) => from.byHost.get(host), request, slack).filter(
      ({ record }) => ray === undefined || rayOf(record) === undefined,
    );
    return alike.slice(0, 1);
  }

  #open(
    of: (from: Generation) => readonly Line[] | undefined,
    request: RequestRecord,
    within: number,
  ): Line[] {
    const { end, duration, resolution } = request;
    const earliest = end - (duration ?? 0) - within;
    const latest = end + resolution + within;
    return [...(of(this.#older) ?? []), ...(of(this.#younger) ?? [])]
      .filter(({ at, claimed }) => !claimed && at >= earliest && at <= latest)
      .sort((a, b) => a.at - b.at || a.record.row.line - b.record.row.line);
  }
}

/** Whether a line of a connector is about a request: it names one, or the host that was asked for. */
export function isAboutRequest(record: ErrorRecord): boolean {
  return rayOf(record) !== undefined || record.host !== undefined;
}

/** Lines of a stretch of time. */
class Generation {
  readonly byRay = new Map<string, Line[]>();
  readonly byHost = new Map<string, Line[]>();
  newest = Number.NEGATIVE_INFINITY;

  add(line: Line): void {
    if (!isAboutRequest(line.record)) return;
    this.newest = Math.max(this.newest, line.at);
    const ray = rayOf(line.record);
    if (ray !== undefined) push(this.byRay, ray, line);
    if (line.record.host !== undefined) push(this.byHost, line.record.host, line);
  }
}

function rayOf({ ids }: ErrorRecord): string | undefined {
  return ids?.find(({ kind }) => kind === 'ray')?.value;
}

function push(map: Map<string, Line[]>, key: string, line: Line): void {
  const lines = map.get(key);
  if (lines === undefined) map.set(key, [line]);
  else lines.push(line);
}

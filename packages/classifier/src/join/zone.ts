import type { ErrorRecord, RequestRecord } from '@why502/model';
import { asksTheSame, longestUnlogged, requestKey, slack } from './same-request.ts';

/** Zones lie a multiple of this from UTC, between the two bounds. */
const quarterMin = 15;
const earliestMin = -12 * 60;
const latestMin = 14 * 60;

/** So many of the lines that a zone puts among the requests must be about one of them. */
const shareThatProves = 0.6;

/** Lines about more requests than these are no help: repeated every few seconds, a request is found at any offset. */
const mostAlike = 400;

/** What the lines of an error log say about its zone. */
export type ZoneFinding =
  | { readonly kind: 'found'; readonly zoneMin: number; readonly joined: number; readonly of: number }
  /** No offset puts enough lines beside the requests that they are about. */
  | { readonly kind: 'unknown' }
  /** No line is about a request that should be in the access log. */
  | { readonly kind: 'nothing_to_join' };

interface Line {
  readonly wall: number;
  readonly requestLine: string;
  readonly zones: Set<number>;
  alike: number;
}

/**
 * Finds the offset from UTC of an error log's local times: the one at which most of its lines stand in the time of a
 * request of the same client and words. Ask with the lines first, then with the requests, in any order.
 */
export class ZoneInference {
  readonly #byRequest = new Map<string, Line[]>();
  readonly #byConnection = new Map<string, Line[]>();
  readonly #lines: Line[] = [];
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;

  /** Lines that are about a request that failed. Others may be about requests that no access log holds. */
  addLine({ level, symptom, wall, client, requestLine, connection }: ErrorRecord): void {
    if (requestLine === undefined || symptom === 'other' || !/^(error|crit|alert|emerg)$/.test(level)) return;
    const line: Line = { wall, requestLine, zones: new Set(), alike: 0 };
    this.#lines.push(line);
    push(this.#byRequest, requestKey(client, requestLine), line);
    if (connection !== undefined) push(this.#byConnection, connection, line);
  }

  get lines(): number {
    return this.#lines.length;
  }

  /** The times in which a request may have ended that a line is about, whatever the zone. */
  get window(): { readonly from: number; readonly to: number } {
    const walls = this.#lines.map(({ wall }) => wall);
    return {
      from: Math.min(...walls) - latestMin * 60_000 - slack,
      to: Math.max(...walls) - earliestMin * 60_000 + longestUnlogged,
    };
  }

  addRequest(request: RequestRecord): void {
    const { end, connection, requestLine, client } = request;
    this.#from = Math.min(this.#from, end);
    this.#to = Math.max(this.#to, end);
    if (requestLine === undefined) return;
    const numbered = connection === undefined ? undefined : this.#byConnection.get(connection);
    const exact = numbered?.filter((line) => asksTheSame(line.requestLine, requestLine)) ?? [];
    const alike = exact.length > 0 ? exact : (this.#byRequest.get(requestKey(client, requestLine)) ?? []);
    for (const line of alike) this.#compare(line, request);
  }

  finding(): ZoneFinding {
    const telling = this.#lines.filter(({ alike }) => alike <= mostAlike);
    const zones = new Set(telling.flatMap((line) => [...line.zones]));
    let best: { zoneMin: number; joined: number; weight: number; of: number } | undefined;
    for (const zoneMin of [...zones].sort((a, b) => Math.abs(a) - Math.abs(b) || a - b)) {
      const lines = telling.filter((line) => line.zones.has(zoneMin));
      const joined = lines.length;
      // A line that would join at many offsets speaks little for each.
      const weight = lines.reduce((sum, line) => sum + 1 / line.zones.size, 0);
      const of = telling.filter((line) => this.#isCovered(line.wall - zoneMin * 60_000)).length;
      if (best === undefined || joined > best.joined || (joined === best.joined && weight > best.weight))
        best = { zoneMin, joined, weight, of };
    }
    if (best !== undefined && best.joined >= shareThatProves * best.of) {
      const { zoneMin, joined, of } = best;
      return { kind: 'found', zoneMin, joined, of };
    }
    return { kind: this.#lines.length === 0 ? 'nothing_to_join' : 'unknown' };
  }

  #compare(line: Line, { end, resolution, duration }: RequestRecord): void {
    line.alike++;
    const latest = end + resolution + slack;
    const earliest = end - (duration ?? longestUnlogged) - slack;
    const zoneMin = Math.ceil((line.wall - latest) / 60_000 / quarterMin) * quarterMin;
    if (line.wall - zoneMin * 60_000 < earliest) return;
    if (zoneMin >= earliestMin && zoneMin <= latestMin) line.zones.add(zoneMin === 0 ? 0 : zoneMin);
  }

  #isCovered(at: number): boolean {
    return at >= this.#from - slack && at <= this.#to + slack;
  }
}

function push(map: Map<string, Line[]>, key: string, line: Line): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [line]);
  else list.push(line);
}

import type { Cause, Instant, MechanismId, Remedy, Verdict } from '@why502/model';

/** Of so many peers it is kept which are affected. */
const mostPeers = 64;

/** Failures of one mechanism at one service as they come, first looks and final verdicts alike. */
export class RunningIncident {
  readonly mechanism: MechanismId | undefined;
  readonly cause: Cause;
  readonly service: string | undefined;
  readonly remedy: readonly Remedy[];
  readonly started: Instant;
  ended: Instant;
  requests = 0;
  /** Of these, the ones whose verdict is final. */
  settled = 0;
  /** Requests when it was written about last. */
  told = 0;
  toldAt = Number.NEGATIVE_INFINITY;
  #confidence = 0;
  readonly #byStatus = new Map<string, number>();
  readonly #peers = new Map<string, number>();

  constructor({ mechanism, cause, upstream, remedy, time }: Verdict) {
    this.mechanism = mechanism;
    this.cause = cause;
    this.service = upstream;
    this.remedy = remedy;
    this.started = time;
    this.ended = time;
  }

  /** Mean over its verdicts. */
  get confidence(): number {
    return this.requests === 0 ? 0 : this.#confidence / this.requests;
  }

  get byStatus(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#byStatus);
  }

  /** Most failures first. */
  get peers(): readonly string[] {
    return [...this.#peers].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([name]) => name);
  }

  add(verdict: Verdict): void {
    this.#count(verdict, 1);
    if (verdict.time > this.ended) this.ended = verdict.time;
  }

  /** The verdict says something else by now, or nothing. */
  remove(verdict: Verdict): void {
    this.#count(verdict, -1);
  }

  #count({ status, peer, confidence, final }: Verdict, by: number): void {
    this.requests += by;
    if (final) this.settled += by;
    this.#confidence += by * confidence;
    bump(this.#byStatus, status === undefined ? 'no status' : String(status), by);
    if (peer !== undefined && (this.#peers.has(peer) || this.#peers.size < mostPeers))
      bump(this.#peers, peer, by);
  }
}

function bump(counts: Map<string, number>, name: string, by: number): void {
  const count = (counts.get(name) ?? 0) + by;
  if (count > 0) counts.set(name, count);
  else counts.delete(name);
}

import type { Instant, Result, Verdict } from '@why502/model';
import { type Change, type LineOptions, lineOf } from './incident-line.ts';
import { RunningIncident } from './running-incident.ts';

/** Without a failure for so long an incident is over, ms of log time: as in the report on archives. */
const quietMs = 300_000;

/** An incident is written about again when it has doubled, but not more often than this, ms of log time. */
const apartMs = 5_000;

/** Verdicts of so many failures may still change. */
const mostOpen = 200_000;

/** What goes on, for someone who watches: a line when an incident begins, grows or ends. Nothing while all is well. */
export interface LiveReport {
  /** Takes a first look or a final verdict. Lines to be written at once, without line breaks at their ends. */
  add(result: Result): readonly string[];
  /** The logs have come so far: what has been quiet for long is over. */
  tick(now: Instant): readonly string[];
  /** Incidents that are open. */
  readonly open: number;
}

export function createLiveReport(options: LineOptions): LiveReport {
  return new Board(options);
}

class Board implements LiveReport {
  readonly #options: LineOptions;
  readonly #open = new Map<string, RunningIncident>();
  /** The last verdict of each failure that has no final one yet. */
  readonly #said = new Map<string, Verdict>();

  constructor(options: LineOptions) {
    this.#options = options;
  }

  get open(): number {
    return this.#open.size;
  }

  add(result: Result): readonly string[] {
    if (result.kind !== 'verdict') return [];
    const { verdict } = result;
    const before = this.#said.get(verdict.id);
    const left = before === undefined ? undefined : this.#takeBack(before);
    this.#remember(verdict);
    if (!isIncident(verdict)) return left === undefined ? [] : this.#over(left, verdict.time);
    const incident = this.#incidentOf(verdict);
    incident.add(verdict);
    const lines = left === undefined || left === incident ? [] : this.#over(left, verdict.time);
    if (incident.told === 0) return [...lines, this.#tell(incident, 'opened', verdict.time)];
    if (!this.#hasGrown(incident, verdict.time)) return lines;
    return [...lines, this.#tell(incident, 'grown', verdict.time)];
  }

  tick(now: Instant): readonly string[] {
    const lines: string[] = [];
    for (const [key, incident] of this.#open) {
      if (now - incident.ended <= quietMs) continue;
      this.#open.delete(key);
      lines.push(this.#tell(incident, 'closed', incident.ended));
    }
    return lines;
  }

  #incidentOf(verdict: Verdict): RunningIncident {
    const key = keyOf(verdict);
    let incident = this.#open.get(key);
    if (incident === undefined) {
      incident = new RunningIncident(verdict);
      this.#open.set(key, incident);
    }
    return incident;
  }

  #hasGrown({ requests, told, toldAt }: RunningIncident, at: Instant): boolean {
    return requests >= 2 * told && requests >= 5 && at - toldAt >= apartMs;
  }

  #takeBack(verdict: Verdict): RunningIncident | undefined {
    const incident = isIncident(verdict) ? this.#open.get(keyOf(verdict)) : undefined;
    incident?.remove(verdict);
    return incident;
  }

  /** An incident that lost a failure to another one may have been none. */
  #over(incident: RunningIncident, at: Instant): readonly string[] {
    if (incident.requests > 0) return [];
    for (const [key, open] of this.#open) if (open === incident) this.#open.delete(key);
    return [this.#tell(incident, 'revised', at)];
  }

  #tell(incident: RunningIncident, change: Change, at: Instant): string {
    incident.told = incident.requests;
    incident.toldAt = at;
    return lineOf(incident, change, at, this.#options);
  }

  #remember(verdict: Verdict): void {
    this.#said.delete(verdict.id);
    if (verdict.final) return;
    this.#said.set(verdict.id, verdict);
    if (this.#said.size <= mostOpen) return;
    const [oldest] = this.#said.keys();
    this.#said.delete(oldest!);
  }
}

/** As in the report on archives: what a client did, or was told by a rule, is nobody's incident. */
function isIncident({ outcome, cause, generator, mechanism, mergedInto }: Verdict): boolean {
  if (mergedInto !== undefined || outcome === 'not_an_error' || outcome === 'masked') return false;
  if (cause === 'intended' || cause === 'client') return false;
  return !(generator === 'client' && mechanism === undefined);
}

function keyOf({ mechanism, upstream }: Verdict): string {
  return `${mechanism ?? ''}\0${upstream ?? ''}`;
}

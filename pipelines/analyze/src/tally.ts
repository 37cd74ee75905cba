import type { FileSummary, HopJoins, Instant, Problem, Result, Summary } from '@why502/model';

/** Counts what a run read and found, in memory that does not grow with it. */
export class Tally {
  readonly #byCause = new Map<string, number>();
  readonly #byMechanism = new Map<string, number>();
  readonly #byStatus = new Map<string, number>();
  #failures = 0;
  #masked = 0;
  #incidents = 0;

  get failures(): number {
    return this.#failures;
  }

  add(result: Result): void {
    if (result.kind === 'incident') this.#incidents++;
    if (result.kind !== 'verdict' || !result.verdict.final) return;
    const { outcome, cause, mechanism, status, mergedInto } = result.verdict;
    // The verdict that it was merged into counts for it.
    if (mergedInto !== undefined) return;
    if (outcome === 'masked') this.#masked++;
    if (outcome !== 'failed' && outcome !== 'truncated') return;
    this.#failures++;
    bump(this.#byCause, cause);
    bump(this.#byMechanism, mechanism ?? 'unknown');
    if (status !== undefined) bump(this.#byStatus, String(status));
  }

  summary(read: {
    readonly files: readonly FileSummary[];
    readonly requests: number;
    readonly joins: { readonly errorLines: number; readonly joined: number; readonly suspect: number };
    readonly hops: readonly HopJoins[];
    readonly from: Instant | undefined;
    readonly to: Instant | undefined;
    readonly zoneMin: number;
    readonly problems: readonly Problem[];
  }): Summary {
    const { files, requests, joins, hops, from, to, zoneMin, problems } = read;
    return {
      files,
      lines: files.reduce((sum, file) => sum + file.lines, 0),
      faults: files.reduce((sum, file) => sum + file.faults, 0),
      requests,
      failures: this.#failures,
      masked: this.#masked,
      byCause: sorted(this.#byCause),
      byMechanism: sorted(this.#byMechanism),
      byStatus: sorted(this.#byStatus),
      incidents: this.#incidents,
      errorLines: joins.errorLines,
      errorLinesJoined: joins.joined,
      errorLinesSuspect: joins.suspect,
      ...(hops.length === 0 ? {} : { hops }),
      from,
      to,
      zoneMin,
      problems,
    };
  }
}

function bump(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Largest first, so that the order does not depend on the order of arrival. */
function sorted(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));
}

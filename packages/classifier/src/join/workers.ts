import type { ErrorRecord } from '@why502/model';

/** With so many requests a worker is known. */
const knownFrom = 3;

/**
 * Processes of nginx, by the requests whose failures they alone logged. Where lines of several processes claim the same
 * request, which one process handled, those of a process that nobody vouches for are left aside: whoever forges a line
 * does not know the ids of the workers.
 */
export class Workers {
  readonly #requests = new Map<number | undefined, number>();

  /** A request found these lines and no others. */
  vouch(lines: readonly ErrorRecord[]): void {
    const pids = pidsOf(lines);
    const [pid] = pids;
    if (pids.size === 1) this.#requests.set(pid, (this.#requests.get(pid) ?? 0) + 1);
  }

  /** Of processes of which some are known, those. */
  known(lines: readonly ErrorRecord[]): ReadonlySet<number | undefined> {
    const pids = pidsOf(lines);
    if (pids.size < 2) return pids;
    const known = new Set([...pids].filter((pid) => (this.#requests.get(pid) ?? 0) >= knownFrom));
    return known.size > 0 ? known : pids;
  }
}

function pidsOf(lines: readonly ErrorRecord[]): ReadonlySet<number | undefined> {
  return new Set(lines.map(({ pid }) => pid));
}

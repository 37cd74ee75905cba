import { type AttemptCounts, type RequestRecord, statusGetsVerdict } from '@why502/model';
import { isGroupName } from '../group-name.ts';
import type { CellTable } from './cell-table.ts';
import { answered, left, unpicked } from './route-outcome.ts';

/**
 * What requests tried at peers. Each that names a peer counts as one attempt, by what became of it; what that leaves out is
 * added from the few whose attempts are known one by one, as every request with a failed one is.
 */
export class Attempts {
  #ok = 0;
  #failed = 0;

  /** Of a request that is counted as one attempt. */
  add({ status, attempts }: RequestRecord): void {
    for (const [index, attempt] of attempts.entries()) {
      const next = attempts[index + 1];
      const isError = attempt.status === undefined || statusGetsVerdict(attempt.status);
      // A proxy has an error page made in a further pass: the client does not get the status of the attempt.
      if (next === undefined) {
        if (attempt.status === undefined || !isError || statusGetsVerdict(status)) continue;
        this.#ok--;
        this.#failed++;
      } else if (!isGroupName(attempt.peer)) {
        // Within a pass the proxy tries the next peer only since this one failed (ngx_http_upstream_next).
        if (isError || next.pass === attempt.pass) this.#failed++;
        else this.#ok++;
      }
    }
  }

  clear(): void {
    this.#ok = 0;
    this.#failed = 0;
  }

  /** @param routes of the same bucket: service, route, outcome, whether a peer is named */
  counts(routes: CellTable): AttemptCounts {
    const sums = { ok: this.#ok, failed: this.#failed, left: 0 };
    for (let cell = 0; cell < routes.size; cell++) {
      const outcome = routes.key(cell, 2);
      if (routes.key(cell, 3) === 0 || outcome === unpicked) continue;
      sums[outcome === answered ? 'ok' : outcome === left ? 'left' : 'failed'] += routes.requests[cell]!;
    }
    return sums;
  }
}

import type { Passage } from './passage.ts';

/** So many requests tell which server a peer is; more of them must agree than this share. */
const fewest = 3;
const mostAgree = 0.9;

/** Which inner log is that of a peer that an outer hop names, learned of requests that both logged with the same id. */
export class Servers {
  readonly #clocks = new Map<string, Map<string, number>>();

  learn(outer: Passage, inner: Passage): void {
    const key = keyOf(outer, inner);
    if (key === undefined) return;
    let counts = this.#clocks.get(key);
    if (counts === undefined) {
      counts = new Map();
      this.#clocks.set(key, counts);
    }
    counts.set(inner.clock, (counts.get(inner.clock) ?? 0) + 1);
  }

  /** Whether the inner row is of the log that the peer keeps; undefined where it is not known, or keeps several. */
  isOf(outer: Passage, inner: Passage): boolean | undefined {
    const key = keyOf(outer, inner);
    const counts = key === undefined ? undefined : this.#clocks.get(key);
    if (counts === undefined) return undefined;
    let total = 0;
    let best: [string, number] = ['', 0];
    for (const one of counts) {
      total += one[1];
      if (one[1] > best[1]) best = one;
    }
    return best[1] >= fewest && best[1] > mostAgree * total ? best[0] === inner.clock : undefined;
  }
}

/** A peer may be a load balancer, whose servers are others. */
function keyOf(outer: Passage, inner: Passage): string | undefined {
  const peer = outer.request.attempts.at(-1)?.peer;
  return peer === undefined ? undefined : `${inner.depth}\0${peer}`;
}

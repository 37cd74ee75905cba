import type { Log } from './log.ts';
import { isSameTraffic } from './opening.ts';

/**
 * Several logs of the same traffic, such as the same requests in two formats, would count each request twice: the one
 * that holds most about each request is read. Gives the name of the log that is read instead of it, per log left out.
 */
export function readInstead(logs: readonly Log[]): ReadonlyMap<Log, string> {
  const richestFirst = [...logs].sort(
    (a, b) => b.opening.richness - a.opening.richness || (a.source.name < b.source.name ? -1 : 1),
  );
  const kept: Log[] = [];
  const left = new Map<Log, string>();
  for (const log of richestFirst) {
    const same = kept.find((other) => isSameTraffic(log.opening, other.opening));
    if (same === undefined) kept.push(log);
    else left.set(log, same.source.name);
  }
  return left;
}

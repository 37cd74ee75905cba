import type { LogRecord } from '@why502/model';
import type { Log } from './log.ts';

/** Two logs whose first requests agree to this share hold the same traffic. */
const sameShare = 0.8;

/** Too few requests prove nothing. */
const fewest = 3;

/**
 * Several logs of the same traffic, such as the same requests in two formats, would count each request twice: the one
 * that holds most about each request is read. Gives the name of the log that is read instead of it, per log left out.
 */
export function readInstead(logs: readonly Log[]): ReadonlyMap<Log, string> {
  const prints = new Map(logs.map((log) => [log, fingerprints(log.head)]));
  const richestFirst = [...logs].sort(
    (a, b) => richness(b) - richness(a) || (a.source.name < b.source.name ? -1 : 1),
  );
  const kept: Log[] = [];
  const left = new Map<Log, string>();
  for (const log of richestFirst) {
    const same = kept.find((other) => overlap(prints.get(log)!, prints.get(other)!) >= sameShare);
    if (same === undefined) kept.push(log);
    else left.set(log, same.source.name);
  }
  return left;
}

function richness(log: Log): number {
  const first = log.head.find((record) => record.kind === 'request');
  return first?.logged.size ?? 0;
}

/** A request as all formats show it: second, client, request line, status and size. */
function fingerprints(head: readonly LogRecord[]): ReadonlySet<string> {
  const prints = new Set<string>();
  for (const record of head) {
    if (record.kind !== 'request') continue;
    const second = Math.floor(record.end / 1_000);
    prints.add(
      [second, record.client, record.requestLine ?? `${record.method} ${record.target}`, record.status].join(
        ' ',
      ),
    );
  }
  return prints;
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const smaller = Math.min(a.size, b.size);
  if (smaller < fewest) return 0;
  let common = 0;
  for (const print of a) if (b.has(print)) common++;
  return common / smaller;
}

import { hopOf } from '@why502/model';
import { glimpse } from './glimpse.ts';
import { isBesideRequests, type Log, mayRepeat } from './log.ts';
import { holdsOpening, isSameTraffic, looksOf } from './opening.ts';

/** Logs that are looked into: in a folder of hundreds of sites, comparing all with all would take for ever. */
const mostLooks = 64;

/** How much of logs is read to find out whether they hold the same requests. */
const mostBytes = 256 * 1024 * 1024;

/**
 * Several logs of the same traffic, such as the same requests in two formats, would count each request twice: the one
 * that holds most about each request is read. Gives the name of the log that is read instead of it, per log left out. A
 * log that was rotated at another time than the richer one is looked for in the middle of that.
 */
export async function readInstead(logs: readonly Log[]): Promise<ReadonlyMap<Log, string>> {
  const richestFirst = [...logs].sort(
    (a, b) => b.opening.richness - a.opening.richness || (a.source.name < b.source.name ? -1 : 1),
  );
  const kept: Log[] = [];
  const left = new Map<Log, string>();
  let looks = 0;
  for (const log of richestFirst) {
    let same = kept.find((other) => mayBeSame(log, other) && isSameTraffic(log.opening, other.opening));
    for (const other of same === undefined ? mayHold(log, kept) : []) {
      if (++looks > mostLooks || !(await holds(other, log))) continue;
      same = other;
      break;
    }
    if (same === undefined) kept.push(log);
    else left.set(log, same.source.name);
  }
  return left;
}

/** The logs in another format that begin before this one, of each series of rotated files the last. */
function mayHold(log: Log, richer: readonly Log[]): readonly Log[] {
  const { first } = log;
  if (first === undefined || isBesideRequests(log)) return [];
  const begun = richer.filter(
    (other) =>
      other.first !== undefined &&
      other.first < first &&
      other.format.name !== log.format.name &&
      !other.source.once &&
      mayBeSame(log, other),
  );
  begun.sort((a, b) => a.first! - b.first!);
  return [...new Map(begun.map((other) => [seriesOf(other), other])).values()].filter(
    (other) => !isBesideRequests(other),
  );
}

/**
 * Two hops log the same requests, and are to be read both. Lines that come again in another file are counted once one by
 * one, where that may be: the other file may hold more than them.
 */
function mayBeSame(log: Log, other: Log): boolean {
  if (hopOf(log.format.source) !== hopOf(other.format.source)) return false;
  const holdsTheSame =
    log.format.name === other.format.name && log.opening.richness === other.opening.richness;
  return !(mayRepeat(log) && holdsTheSame);
}

/** Whether the first requests of the log are in the other one. */
async function holds(other: Log, { opening }: Log): Promise<boolean> {
  if (opening.window === undefined) return false;
  const seen = new Set<string>();
  await glimpse([other], opening.window, mostBytes, (request) => seen.add(looksOf(request)));
  return holdsOpening(seen, opening);
}

/** `access.log`, `access.log.1` and `access.log-20261123.gz` are one series. */
function seriesOf({ source, format }: Log): string {
  return `${format.name} ${source.name.replace(/([.-]\d[\d.-]*)?(\.(gz|zst|zstd))?$/, '')}`;
}

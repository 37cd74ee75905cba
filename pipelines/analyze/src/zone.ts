import { type ZoneFinding, ZoneInference } from '@why502/classifier';
import { readRecords } from '@why502/formats';
import { Problem, type Source } from '@why502/model';
import { beginningOf, glimpse } from './glimpse.ts';
import { isBesideRequests, isErrorLog, type Log } from './log.ts';

/** Error lines that are looked at, and bytes that are read for them. */
const mostLines = 200;
const mostErrorBytes = 8 * 1024 * 1024;

/** Of access logs no more than this is read to find out; their times may still be far from those of the lines. */
const mostAccessBytes = 256 * 1024 * 1024;

/** Offset of a log's local times from UTC, and how it is known. */
export type Zone =
  /** By the requests, which tell their own. */
  | { readonly kind: 'stated'; readonly zoneMin: number }
  | { readonly kind: 'found'; readonly zoneMin: number }
  /** Nothing tells it: UTC. */
  | { readonly kind: 'assumed'; readonly zoneMin: number }
  | { readonly kind: 'unknown'; readonly zoneMin: number };

/**
 * The zone of each log in which lines with local times may stand: that of the requests in the same file, of the access
 * logs in the same folder, or of all; where none states one, that at which the lines join the requests.
 */
export async function zonesOf(logs: readonly Log[]): Promise<ReadonlyMap<Log, Zone>> {
  const zones = new Map<Log, Zone>();
  const silent: Log[] = [];
  for (const log of logs) {
    const zoneMin = latestZone(clocksFor(log, logs).flatMap((clock) => clock.zoneMin ?? []));
    if (zoneMin !== undefined) zones.set(log, { kind: 'stated', zoneMin });
    else if (isErrorLog(log) && !logs.every(isBesideRequests)) silent.push(log);
    else zones.set(log, { kind: 'assumed', zoneMin: 0 });
  }
  if (silent.length > 0) for (const [log, zone] of await inferred(silent, logs)) zones.set(log, zone);
  return zones;
}

/** The logs whose requests tell the zone of a log: itself, those in its folder, or all. */
export function clocksFor(log: Log, logs: readonly Log[]): readonly Log[] {
  if (log.zoneMin !== undefined) return [log];
  const clocks = logs.filter(({ zoneMin }) => zoneMin !== undefined);
  const beside = clocks.filter((clock) => isBeside(clock, log));
  return beside.length > 0 ? beside : clocks;
}

/**
 * Where logs state several, as around a change of daylight saving time, the earliest reading is taken: error lines may
 * wait for their request, but not come after it.
 */
export function latestZone(zones: readonly number[]): number | undefined {
  return zones.length === 0 ? undefined : Math.max(...zones);
}

function isBeside(other: Log, log: Log): boolean {
  return folderOf(other.source) === folderOf(log.source);
}

function folderOf({ name }: Source): string {
  return name.slice(0, name.lastIndexOf('/') + 1);
}

async function inferred(silent: readonly Log[], logs: readonly Log[]): Promise<ReadonlyMap<Log, Zone>> {
  const inferences = new Map<Log, ZoneInference>();
  for (const log of silent) inferences.set(log, await linesOf(log));
  const asking = [...inferences.values()].filter(({ lines }) => lines > 0);
  const access = logs.filter((log) => !isBesideRequests(log));
  if (asking.length > 0) await ask(asking, access);
  return new Map([...inferences].map(([log, inference]) => [log, zoneOf(inference.finding())]));
}

function zoneOf(finding: ZoneFinding): Zone {
  if (finding.kind === 'found') return { kind: 'found', zoneMin: finding.zoneMin };
  return { kind: finding.kind === 'unknown' ? 'unknown' : 'assumed', zoneMin: 0 };
}

/** The first error lines that are about failed requests. */
async function linesOf({ source, format }: Log): Promise<ZoneInference> {
  const inference = new ZoneInference();
  try {
    for await (const record of readRecords(beginningOf(source, mostErrorBytes), format)) {
      if (record.kind === 'error_line') inference.addLine(record);
      if (inference.lines >= mostLines) break;
    }
  } catch (error) {
    // Reported when the whole is read.
    if (!(error instanceof Problem)) throw error;
  }
  return inference;
}

/** Shows the requests of the time of the lines to those who ask for them. */
async function ask(asking: readonly ZoneInference[], access: readonly Log[]): Promise<void> {
  const windows = asking.map(({ window }) => window);
  const window = {
    from: Math.min(...windows.map(({ from }) => from)),
    to: Math.max(...windows.map(({ to }) => to)),
  };
  await glimpse(access, window, mostAccessBytes, (request) => {
    for (const inference of asking) inference.addRequest(request);
  });
}

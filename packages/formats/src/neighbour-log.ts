import {
  type Columns,
  type ErrorRecord,
  type Instant,
  instant,
  ofErrorLog,
  ofInterest,
  type RowRef,
  type SourceKind,
} from '@why502/model';
import { lineHash } from './line-hash.ts';
import { type LineFormat, type LineReading, lineFormat, type Misfit } from './lines.ts';
import { timeIso } from './time.ts';

/** What a line says by the names of its fields; fields without a value are not in it. */
export type Entry = ReadonlyMap<string, string>;

/** How lines are taken apart. They come far apart, so that an object may be made of each. */
export interface EntryLines extends Pick<LineReading, 'isAside' | 'mayGoOn' | 'goesOn'> {
  /** With the time as `time`; undefined for what is no entry. */
  entryOf(bytes: Buffer, from: number, to: number): Entry | undefined;
}

/** What a line of a log beside that of requests says. */
export type Told = Partial<ErrorRecord> & Pick<ErrorRecord, 'level' | 'symptom' | 'message'>;

/**
 * A log beside that of requests, whose lines come far more seldom and tell their time in UTC.
 * @param tell what an entry says; undefined for one that lacks what it must have
 */
export function neighbourFormat(
  name: string,
  source: SourceKind,
  lines: EntryLines,
  tell: (entry: Entry) => Told | undefined,
): LineFormat {
  return lineFormat(name, source, () => neighbourReading(lines, tell));
}

function neighbourReading(lines: EntryLines, tell: (entry: Entry) => Told | undefined): LineReading {
  const { entryOf, ...parts } = lines;

  function find(bytes: Buffer, from: number, to: number): { at: Instant; told: Told } | Misfit {
    const entry = entryOf(bytes, from, to);
    const time = Buffer.from(entry?.get('time') ?? '');
    const at = timeIso(time, 0, time.length)?.at;
    if (entry === undefined || at === undefined) return { reason: 'bad_time', column: 0 };
    const told = tell(entry);
    return told === undefined ? { reason: 'does_not_fit', column: 0 } : { at: instant(at), told };
  }

  function scan(bytes: Buffer, from: number, to: number, into: Columns, row: number) {
    const found = find(bytes, from, to);
    if ('reason' in found) return found;
    into.at[row] = found.at;
    for (const column of [into.status, into.host, into.service, into.peer, into.route, into.place])
      column[row] = 0;
    into.duration[row] = -1;
    into.connect[row] = -1;
    into.flags[row] = ofInterest | ofErrorLog;
    return undefined;
  }

  function read(bytes: Buffer, from: number, to: number, row: RowRef): ErrorRecord | Misfit {
    const found = find(bytes, from, to);
    if ('reason' in found) return found;
    return {
      kind: 'error_line',
      row,
      lineHash: lineHash(bytes, from, to),
      wall: found.at,
      zoneOffsetMin: 0,
      pid: undefined,
      connection: undefined,
      action: undefined,
      client: undefined,
      server: undefined,
      requestLine: undefined,
      subrequest: undefined,
      scheme: undefined,
      peer: undefined,
      host: undefined,
      truncated: false,
      ...found.told,
    };
  }

  return { scan, read, ...parts };
}

import { type Consumer, type Input, pump, type Reading } from '@why502/flow';
import { createNames, unpack } from '@why502/formats';
import {
  type Columns,
  type Instant,
  instant,
  type LogRecord,
  millis,
  type Problem,
  type RowRef,
} from '@why502/model';
import type { Log } from '../log.ts';

/** What is looked for: rows in whose bytes one of the ids stands, and rows by their places. */
export interface Sought {
  readonly ids: readonly string[];
  readonly places: readonly RowRef[];
}

export interface FoundRow {
  readonly record: LogRecord;
  readonly log: Log;
  /** Its time as it stands in the columns, local where the log tells no zone. */
  readonly at: Instant;
}

/** What a log was found to hold. */
export interface SearchResult {
  readonly rows: readonly FoundRow[];
  /** Rows beyond the most that are kept. */
  readonly more: number;
  readonly from: Instant | undefined;
  readonly to: Instant | undefined;
  readonly problem: Problem | undefined;
}

/** More rows are no story of one request: the id is one that many requests share. */
const mostRows = 200;

/**
 * Looks through one log. Ids are looked for in the bytes of whole stretches, so that only rows which hold one are read.
 * Never throws for what a user can mend: that is the `problem`.
 */
export async function searchRows(log: Log, sought: Sought): Promise<SearchResult> {
  const needles = [...new Set(sought.ids.flatMap((id) => [id, id.toLowerCase()]))].map((id) =>
    Buffer.from(id),
  );
  const lines = new Set(sought.places.filter(({ file }) => file === log.source.name).map(({ line }) => line));
  const rows: FoundRow[] = [];
  let more = 0;
  let ending: { reading: Reading; problem: Problem | undefined } | undefined;
  const input: Input = {
    decoder: log.format.decoder(log.source.name, createNames()),
    start: undefined,
    disorder: millis(0),
    shift: millis(0),
    chunks: () => unpack(log.source.chunks(), log.source.name),
  };
  const consumer: Consumer<Input> = {
    rows({ decoder }: Input, columns: Columns, first: number, last: number, bytes: Buffer) {
      for (const row of [
        ...hits(columns, first, last, bytes, needles),
        ...placed(columns, first, last, lines),
      ]) {
        const record = decoder.read(bytes, columns.from[row]!, columns.to[row]!, columns.line[row]!);
        if ('reason' in record) continue;
        if (rows.length >= mostRows) more++;
        else rows.push({ record, log, at: instant(columns.at[row]!) });
      }
    },
    advance: () => undefined,
    ended(_, reading, problem) {
      ending = { reading, problem };
    },
  };
  await pump([input], consumer);
  return { rows, more, from: ending?.reading.from, to: ending?.reading.to, problem: ending?.problem };
}

/** The rows of `[first, last)` in which one of the needles stands as a word, in order. */
function hits(
  { from, to }: Columns,
  first: number,
  last: number,
  bytes: Buffer,
  needles: readonly Buffer[],
): readonly number[] {
  const rows = new Set<number>();
  const start = from[first]!;
  const stretch = bytes.subarray(start, to[last - 1]);
  for (const needle of needles) {
    for (let at = stretch.indexOf(needle); at >= 0; at = stretch.indexOf(needle, at + 1)) {
      if (isPartOfWord(stretch[at - 1]) || isPartOfWord(stretch[at + needle.length])) continue;
      const row = rowAt(from, first, last, start + at);
      if (start + at + needle.length <= to[row]!) rows.add(row);
    }
  }
  return [...rows].sort((a, b) => a - b);
}

/** An id inside of a longer one is another id; the place behind a ray and the fields of a header are none of it. */
function isPartOfWord(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const isDigit = byte >= 0x30 && byte <= 0x39;
  const letter = byte | 0x20;
  return isDigit || (letter >= 0x61 && letter <= 0x7a);
}

/** The last row that begins at or before the byte. */
function rowAt(from: Uint32Array, first: number, last: number, at: number): number {
  let low = first;
  let high = last - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (from[middle]! <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

function placed(
  { line }: Columns,
  first: number,
  last: number,
  lines: ReadonlySet<number>,
): readonly number[] {
  if (lines.size === 0) return [];
  const rows: number[] = [];
  for (let row = first; row < last; row++) if (lines.has(line[row]!)) rows.push(row);
  return rows;
}

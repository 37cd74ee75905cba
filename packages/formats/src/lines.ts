import {
  type Columns,
  type Decoder,
  type Fault,
  type FaultReason,
  type LogRecord,
  ofInterest,
  type RowRef,
  type SourceKind,
} from '@why502/model';

/** Longer lines are skipped unread. */
const longestLine = 1024 * 1024;
const mostSamples = 5;
const lineBreak = 0x0a;
const carriageReturn = 0x0d;
const nul = 0x00;

/** Why a line does not fit, and at which byte of the line. */
export interface Misfit {
  readonly reason: FaultReason;
  readonly column: number;
}

/** The two readings of one line in some format. */
export interface LineReading {
  /** Fills one row of the columns, except for `from`, `to` and `line`. */
  scan(bytes: Buffer, from: number, to: number, into: Columns, row: number): Misfit | undefined;
  read(bytes: Buffer, from: number, to: number, row: RowRef): LogRecord | Misfit;
  /** Whether the record of `bytes[from, to)` may go on in the next line; absent where a record is a line. */
  mayGoOn?(bytes: Buffer, from: number, to: number): boolean;
  /** Whether this line goes on with the record before it. */
  goesOn?(bytes: Buffer, from: number, to: number): boolean;
}

/** A decoder out of the reading of single lines: line breaks, numbers, faults and over-long lines are its part. */
export function lineDecoder(file: string, source: SourceKind, reading: LineReading): Decoder {
  const samples: Fault[] = [];
  let faultCount = 0;
  let lines = 0;
  /** Inside an over-long line, whose end has not come yet. */
  let swallowing = false;

  function fault(line: number, misfit: Misfit): Fault {
    return { row: { source, file, line }, ...misfit };
  }

  function note(line: number, reason: FaultReason, column: number): void {
    faultCount++;
    if (samples.length < mostSamples) samples.push(fault(line, { reason, column }));
  }

  /** End of the line that begins at `from`, at its line break; `to` where only the end of input ends it; or -1. */
  function lineEnd(bytes: Buffer, from: number, to: number, last: boolean): number {
    const end = bytes.indexOf(lineBreak, from);
    return end >= 0 && end < to ? end : last && from < to ? to : -1;
  }

  /** End of the record whose first line ends at `end`, or -1 to wait for more bytes. */
  function recordEnd(bytes: Buffer, from: number, end: number, to: number, last: boolean): number {
    let recordTo = end;
    while (reading.mayGoOn?.(bytes, from, recordTo)) {
      const next = recordTo + 1;
      const nextEnd = lineEnd(bytes, next, to, last);
      if (nextEnd < 0) return last ? recordTo : -1;
      if (!reading.goesOn?.(bytes, next, nextEnd)) break;
      lines++;
      recordTo = nextEnd;
    }
    return recordTo;
  }

  function scan(bytes: Buffer, from: number, to: number, last: boolean, into: Columns): number {
    let at = from;
    while (at < to && into.count < into.capacity) {
      let end = lineEnd(bytes, at, to, last);
      if (end < 0) {
        if (!swallowing && to - at < longestLine) return at;
        if (!swallowing) note(lines + 1, 'too_long', 0);
        swallowing = true;
        return to;
      }
      const linesBefore = lines++;
      if (swallowing) {
        swallowing = false;
        at = end + 1;
        continue;
      }
      if (end - at >= longestLine) {
        note(lines, 'too_long', 0);
        at = end + 1;
        continue;
      }
      const line = lines;
      let start = at;
      // A log that was truncated under its writer begins with a hole of NULs, with the next line right behind it.
      if (bytes[start] === nul) {
        while (start < end && bytes[start] === nul) start++;
        note(line, 'nul_bytes', 0);
      }
      if (reading.mayGoOn !== undefined) {
        end = recordEnd(bytes, start, end, to, last);
        if (end < 0) {
          lines = linesBefore;
          return at;
        }
      }
      const stop = end > start && bytes[end - 1] === carriageReturn ? end - 1 : end;
      if (stop > start) {
        const row = into.count;
        const misfit = reading.scan(bytes, start, stop, into, row);
        if (misfit === undefined) {
          into.from[row] = start;
          into.to[row] = stop;
          into.line[row] = line;
          into.count = row + 1;
        } else {
          note(line, bytes.subarray(start, stop).includes(nul) ? 'nul_bytes' : misfit.reason, misfit.column);
        }
      }
      at = end + 1;
    }
    return Math.min(at, to);
  }

  return {
    scan,
    read(bytes, from, to, line) {
      const found = reading.read(bytes, from, to, { source, file, line });
      return 'kind' in found ? found : fault(line, found);
    },
    get faults() {
      return { count: faultCount, samples };
    },
    get lines() {
      return lines;
    },
  };
}

/** A row without any of the optional columns. */
export function emptyRow(into: Columns, row: number): void {
  into.status[row] = 0;
  into.host[row] = 0;
  into.service[row] = 0;
  into.peer[row] = 0;
  into.route[row] = 0;
  into.duration[row] = -1;
  into.connect[row] = -1;
  into.flags[row] = ofInterest;
}

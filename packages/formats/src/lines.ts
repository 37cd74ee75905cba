import type {
  Columns,
  Decoder,
  Fault,
  FaultReason,
  Format,
  LogRecord,
  Names,
  RowRef,
  SourceKind,
} from '@why502/model';

/** Of longer lines only the beginning is read. */
const longestLine = 1024 * 1024;
const beginning = 64 * 1024;
const mostSamples = 5;
/** Lines at most that are read one by one before it is asked again whether they are ordinary. */
const mostAside = 64;
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
  /** Whether a line that does not fit says how the others are laid out, or is a remark; absent where none does. */
  isAside?(bytes: Buffer, from: number, to: number): boolean;
  /** Whether the record of `bytes[from, to)` may go on in the next line; absent where a record is a line. */
  mayGoOn?(bytes: Buffer, from: number, to: number): boolean;
  /** Whether this line goes on with the record before it. */
  goesOn?(bytes: Buffer, from: number, to: number): boolean;
  /** Fills the same rows as `scan` for lines that are as most are; undefined where there is no faster way for them. */
  readonly ordinary?: OrdinaryReading | undefined;
}

/** Reads ordinary lines, many at once. */
export interface OrdinaryReading {
  /** Takes the stretch that is scanned next. */
  enter(bytes: Buffer, from: number, to: number): void;
  /**
   * Adds a row for each line from `from` on up to the first that is not ordinary; says where that begins.
   * @param line the number of the line at `from`
   */
  scan(from: number, into: Columns, line: number): number;
}

/** A format whose records are lines, or begin with one. */
export interface LineFormat extends Format {
  /** @param file whose lines they are; its name may tell what they do not */
  reading(names: Names, file: string): LineReading;
}

export function lineFormat(
  name: string,
  source: SourceKind,
  reading: (names: Names, file: string) => LineReading,
): LineFormat {
  return {
    name,
    source,
    reading,
    decoder: (file, names) => lineDecoder(file, source, reading(names, file)),
  };
}

/** A decoder out of the reading of single lines: line breaks, numbers, faults and over-long lines are its part. */
function lineDecoder(file: string, source: SourceKind, reading: LineReading): Decoder {
  const samples: Fault[] = [];
  let faultCount = 0;
  let lines = 0;
  let setAside = 0;
  /** Inside an over-long line, whose end has not come yet. */
  let swallowing = false;
  /** The current line began with a hole of NULs. */
  let holed = false;

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

  /** Reads `bytes[from, to)` as the record of the current line, or notes why it does not fit. */
  function add(bytes: Buffer, from: number, to: number, line: number, into: Columns): Misfit | undefined {
    const row = into.count;
    const misfit = reading.scan(bytes, from, to, into, row);
    if (misfit !== undefined) return misfit;
    into.from[row] = from;
    into.to[row] = to;
    into.line[row] = line;
    into.count = row + 1;
    return undefined;
  }

  function addBeginning(bytes: Buffer, from: number, into: Columns): void {
    if (add(bytes, from, from + beginning, lines, into) !== undefined) note(lines, 'too_long', 0);
  }

  /**
   * Behind the NULs at `from`: a log that was truncated under its writer begins with a hole of them, with the next line
   * right behind it.
   */
  function afterHole(bytes: Buffer, from: number, to: number): number {
    let at = from;
    while (at < to && bytes[at] === nul) at++;
    if (!holed) note(lines + 1, 'nul_bytes', 0);
    holed = true;
    return at;
  }

  /** Lines that are ordinary come in a row; where they do not, it is not worth while to ask at each. */
  let [asideFor, asked] = [0, 1];

  /** Where the first line from `at` on begins that is not ordinary, with rows for those before it. */
  function afterOrdinary(ordinary: OrdinaryReading, at: number, into: Columns): number {
    if (asideFor > 0) {
      asideFor--;
      return at;
    }
    const { count } = into;
    const next = ordinary.scan(at, into, lines + 1);
    const read = into.count - count;
    lines += read;
    asked = read > 0 ? 1 : Math.min(mostAside, 2 * asked);
    asideFor = asked - 1;
    return next;
  }

  function scan(bytes: Buffer, from: number, to: number, last: boolean, into: Columns): number {
    const { ordinary } = reading;
    ordinary?.enter(bytes, from, to);
    let at = from;
    while (at < to && into.count < into.capacity) {
      if (ordinary !== undefined && !holed && !swallowing) {
        at = afterOrdinary(ordinary, at, into);
        if (at >= to || into.count === into.capacity) break;
      }
      if (bytes[at] === nul && !swallowing) {
        at = afterHole(bytes, at, to);
        continue;
      }
      let end = lineEnd(bytes, at, to, last);
      if (end < 0) {
        if (!swallowing && to - at < longestLine) return at;
        if (!swallowing) {
          lines++;
          addBeginning(bytes, at, into);
        }
        swallowing = true;
        holed = false;
        return to;
      }
      if (swallowing) {
        swallowing = false;
        at = end + 1;
        continue;
      }
      const linesBefore = lines++;
      const line = lines;
      if (end - at >= longestLine) {
        addBeginning(bytes, at, into);
        holed = false;
        at = end + 1;
        continue;
      }
      if (reading.mayGoOn !== undefined) {
        end = recordEnd(bytes, at, end, to, last);
        if (end < 0) {
          lines = linesBefore;
          return at;
        }
        setAside += lines - line;
      }
      const stop = end > at && bytes[end - 1] === carriageReturn ? end - 1 : end;
      if (stop === at) {
        if (!holed) setAside++;
      } else {
        const misfit = add(bytes, at, stop, line, into);
        if (misfit !== undefined && reading.isAside?.(bytes, at, stop)) setAside++;
        else if (misfit !== undefined) {
          const isBinary = bytes.subarray(at, stop).includes(nul);
          note(line, isBinary ? 'nul_bytes' : misfit.reason, misfit.column);
        }
      }
      holed = false;
      at = end + 1;
    }
    if (last && holed && at >= to) {
      holed = false;
      lines++;
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
    get setAside() {
      return setAside;
    },
  };
}

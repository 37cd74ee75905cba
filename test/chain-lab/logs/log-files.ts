import type { Row } from '../world/trip.ts';

/** A line of a log, and the row that it is about, if it is about one. */
export interface Line {
  readonly text: string;
  readonly row?: Row;
}

/** One file of a log. Names are relative to the folder of logs. */
export interface LogFile {
  readonly name: string;
  readonly lines: readonly Line[];
}

/** Longer files are packed. */
const packFrom = 4_000;

export interface WrittenFile {
  readonly name: string;
  readonly text: string;
  readonly packed: boolean;
  readonly lines: number;
}

/** Puts lines into a file and tells their rows where they stand. A row that stands twice keeps its first place. */
export function fileOf({ name, lines }: LogFile): WrittenFile {
  const text = lines.map((line) => `${line.text}\n`).join('');
  const packed = text.length > packFrom;
  const file = packed ? `${name}.gz` : name;
  lines.forEach(({ row }, index) => {
    if (row !== undefined) row.place ??= { file, line: index + 1 };
  });
  return { name: file, text, packed, lines: lines.length };
}

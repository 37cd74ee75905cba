import { jsonLine } from '../json/json-lines.ts';
import type { Rows } from './cell.ts';

/** Each row as an object of JSON on a line of its own. */
export function rowsLines({ columns, rows }: Rows): string {
  return rows
    .map((row) => jsonLine(Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null]))))
    .map((line) => `${line}\n`)
    .join('');
}

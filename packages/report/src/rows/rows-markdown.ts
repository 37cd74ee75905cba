import { inert } from '../markdown/inert.ts';
import { cellText, isNumeric, type Rows } from './cell.ts';

/** Rows as a table of Markdown, in which no text is acted on. */
export function rowsMarkdown({ columns, rows }: Rows): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(({ name }) => inert(name))),
    line(columns.map((column) => (isNumeric(column) ? '---:' : '---'))),
    ...rows.map((row) => line(row.map((value) => inert(cellText(value))))),
  ].join('\n');
}

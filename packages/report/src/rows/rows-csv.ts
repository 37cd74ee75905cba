import { cellText, isNumeric, type Rows } from './cell.ts';

/** What a spreadsheet takes for the beginning of a formula, full-width forms included (OWASP, CSV injection). */
const formula = /^[=+\-@\t\r＝＋－＠]/;

/**
 * Rows as CSV (RFC 4180) with a row of names. A text that a spreadsheet would run has an apostrophe in front; numbers stay
 * as they are.
 */
export function rowsCsv({ columns, rows }: Rows): string {
  const lines = rows.map((row) =>
    row.map((value, at) => {
      const text = cellText(value);
      if (isNumeric(columns[at]!)) return text;
      return quoted(formula.test(String(value)) ? `'${text}` : text);
    }),
  );
  return [columns.map(({ name }) => quoted(cellText(name))), ...lines]
    .map((cells) => `${cells.join(',')}\r\n`)
    .join('');
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

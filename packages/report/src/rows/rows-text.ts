import { cellText, isNumeric, type Rows } from './cell.ts';

/** Wider cells are cut: a table is to be looked at, other formats hold all of it. */
const widest = 60;

/** Rows as a table for a terminal, numbers to the right; a single row of many columns stands upright. */
export function rowsText({ columns, rows }: Rows, wrapFrom = 12): string {
  const names = columns.map(({ name }) => cellText(name));
  if (rows.length === 1 && columns.length >= wrapFrom) {
    const wide = Math.max(...names.map((name) => name.length));
    return names.map((name, at) => `${name.padEnd(wide)}  ${upright(rows[0]![at])}`.trimEnd()).join('\n');
  }
  const cells = rows.map((row) => row.map((value) => cut(cellText(value))));
  const widths = names.map((name, at) => Math.max(name.length, ...cells.map((row) => row[at]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((text, at) => (isNumeric(columns[at]!) ? text.padStart(widths[at]!) : text.padEnd(widths[at]!)))
      .join('  ')
      .trimEnd();
  return [line(names), ...cells.map(line)].join('\n');
}

/** Of a list each item stands on a line of its own. */
function upright(value: unknown): string {
  const isList = Array.isArray(value) && value.length > 0;
  return isList
    ? value.map((one) => cellText(isNamed(one) ? `${one.name} (${one.requests})` : one)).join('; ')
    : cellText(value);
}

function isNamed(value: unknown): value is { name: string; requests: number } {
  return typeof value === 'object' && value !== null && 'name' in value && 'requests' in value;
}

function cut(text: string): string {
  return text.length > widest ? `${text.slice(0, widest - 1)}…` : text;
}

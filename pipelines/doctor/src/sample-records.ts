import { type Columns, columns, type Decoder, type LogRecord, ofInterest } from '@why502/model';

/** The failures among lines, as records. */
export function recordsOf(
  decoder: Decoder,
  lines: readonly string[],
  count?: (rows: Columns) => void,
): readonly LogRecord[] {
  if (lines.length === 0) return [];
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  const rows = columns(lines.length);
  decoder.scan(bytes, 0, bytes.length, true, rows);
  count?.(rows);
  const records: LogRecord[] = [];
  for (let row = 0; row < rows.count; row++) {
    if ((rows.flags[row]! & ofInterest) === 0) continue;
    const record = decoder.read(bytes, rows.from[row]!, rows.to[row]!, rows.line[row]!);
    if ('kind' in record) records.push(record);
  }
  return records;
}

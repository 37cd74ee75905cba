import { columns, type Format, type LogRecord } from '@why502/model';
import { createNames } from './names.ts';

const rowsAtOnce = 1024;

/**
 * Every line of a log that fits, as a record. Rows are named by the file `-`. Lines that do not fit are left out; to
 * see them use a decoder of the format.
 */
export async function* readRecords(
  stream: AsyncIterable<Uint8Array>,
  format: Format,
): AsyncGenerator<LogRecord> {
  const decoder = format.decoder('-', createNames());
  const rows = columns(rowsAtOnce);
  let rest: Buffer = Buffer.alloc(0);

  function* recordsOf(bytes: Buffer, last: boolean): Generator<LogRecord> {
    let at = 0;
    for (let before = -1; before !== at || rows.count === rows.capacity; ) {
      before = at;
      rows.count = 0;
      at = decoder.scan(bytes, at, bytes.length, last, rows);
      for (let row = 0; row < rows.count; row++) {
        const record = decoder.read(bytes, rows.from[row]!, rows.to[row]!, rows.line[row]!);
        if ('kind' in record) yield record;
      }
    }
    rest = bytes.subarray(at);
  }

  for await (const chunk of stream) yield* recordsOf(Buffer.concat([rest, chunk]), false);
  yield* recordsOf(rest, true);
}

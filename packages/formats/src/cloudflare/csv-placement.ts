import type { Misfit } from '../lines.ts';
import { fieldAt, fieldNames, fieldOfKey, scannedFields } from './fields.ts';
import { absent, isNull, type Values } from './values.ts';

const quote = 0x22;
const openingBrace = 0x7b;

const doesNotFit: Misfit = { reason: 'does_not_fit', column: 0 };

/** The columns of a CSV of http_requests: the delimiter and, of each column, the field or -1 for something else. */
export interface CsvColumns {
  readonly delimiter: number;
  readonly fields: readonly number[];
}

const delimiters = [',', ';', '\t', '|'];
/** All fields that there are take up less. */
const longestNames = 8 * 1024;

/** The columns that a row of names announces; undefined for any other line. */
export function columnsIn(bytes: Buffer, from: number, to: number): CsvColumns | undefined {
  // Names alone; what begins like an object, or holds no status, need not be taken apart.
  if (to - from > longestNames || bytes[from] === openingBrace) return undefined;
  const line = bytes.toString('latin1', from, to);
  if (!/edge_?response_?status/i.test(line)) return undefined;
  for (const delimiter of delimiters) {
    const fields = line.split(delimiter).map((cell) => fieldOfKey(cell.trim().replace(/^"(.*)"$/, '$1')));
    const isTimed = fields.includes(fieldAt.EdgeEndTimestamp) || fields.includes(fieldAt.EdgeStartTimestamp);
    if (isTimed && fields.includes(fieldAt.EdgeResponseStatus))
      return { delimiter: delimiter.charCodeAt(0), fields };
  }
  return undefined;
}

/**
 * Finds the values of the fields in lines of CSV, as `output_type` `csv` of Logpush writes them: text in quotes, quotes in
 * it doubled, numbers bare, and nothing for what is null.
 */
export class CsvPlacement implements Values {
  bytes: Buffer = Buffer.alloc(0);
  isPlain = true;
  readonly spans: Int32Array = new Int32Array(2 * fieldNames.length);
  readonly #fields: Int32Array;
  readonly #delimiter: number;
  /** So many columns are looked at in every line. */
  readonly #scanned: number;

  constructor({ delimiter, fields }: CsvColumns) {
    this.#delimiter = delimiter;
    this.#fields = Int32Array.from(fields);
    this.#scanned = 1 + fields.findLastIndex((field) => field >= 0 && field < scannedFields);
  }

  placeScanned(bytes: Buffer, from: number, to: number): Misfit | undefined {
    return this.#place(bytes, from, to, this.#scanned);
  }

  placeAll(bytes: Buffer, from: number, to: number): Misfit | undefined {
    return this.#place(bytes, from, to, this.#fields.length);
  }

  decode(from: number, to: number): string {
    return this.bytes.toString('utf8', from, to).replaceAll('""', '"');
  }

  /** Places the first `count` columns. What a line is damaged behind, or cut in front of, it lacks. */
  #place(bytes: Buffer, from: number, to: number, count: number): Misfit | undefined {
    this.bytes = bytes;
    this.isPlain = true;
    this.spans.fill(absent);
    let at = from;
    for (let column = 0; column < count; column++) {
      if (column > 0 && (at >= to || bytes[at++] !== this.#delimiter)) return this.#misfitAt(column);
      at = this.#placeCell(this.#fields[column]!, at, to);
      if (at < 0) return this.#misfitAt(column);
    }
    return undefined;
  }

  #misfitAt(column: number): Misfit | undefined {
    return column < this.#scanned ? doesNotFit : undefined;
  }

  /** Places the cell at `from` and says where it ends; -1 where its quote is not closed. */
  #placeCell(field: number, from: number, to: number): number {
    const { spans } = this;
    const inQuotes = from < to && this.bytes[from] === quote;
    const start = inQuotes ? from + 1 : from;
    const end = inQuotes ? this.#quotedEnd(start, to) : this.#bareEnd(start, to);
    if (end < 0) return -1;
    if (field >= 0 && spans[2 * field] === absent) {
      const isEmpty = !inQuotes && end === from;
      spans[2 * field] = isEmpty ? isNull : start;
      spans[2 * field + 1] = isEmpty ? isNull : end;
    }
    return inQuotes ? end + 1 : end;
  }

  /** The quote that ends the text; -1 without one. */
  #quotedEnd(from: number, to: number): number {
    const { bytes } = this;
    for (let at = from; at < to; at++) {
      if (bytes[at] !== quote) continue;
      if (at + 1 >= to || bytes[at + 1] !== quote) return at;
      this.isPlain = false;
      at++;
    }
    return -1;
  }

  #bareEnd(from: number, to: number): number {
    const { bytes } = this;
    let at = from;
    while (at < to && bytes[at] !== this.#delimiter) at++;
    return at;
  }
}

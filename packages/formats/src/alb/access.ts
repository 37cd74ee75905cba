import type { Columns, Names, RowRef } from '@why502/model';
import { lineHash } from '../line-hash.ts';
import { type LineFormat, type LineReading, lineFormat } from '../lines.ts';
import { AccessColumns } from './access-columns.ts';
import type { AccessLine } from './access-line.ts';
import { requestOf } from './access-record.ts';
import { isHeader, type Layout } from './layout.ts';
import { objectKey } from './object-key.ts';
import { WordLine } from './word-line.ts';

/** Access logs of Application Load Balancers in lines of words. */
export function accessFormat(layout: Layout): LineFormat {
  const name = layout.header === undefined ? 'ALB access log' : 'ALB access log of chosen fields';
  return lineFormat(name, 'alb', (names, file) => ({
    ...accessReading(new WordLine(layout), names, file),
    isAside: (bytes, from, to) => isHeader(layout, bytes, from, to),
  }));
}

/** Both readings of lines whose fields are placed so. */
export function accessReading(line: AccessLine, names: Names, file: string): LineReading {
  const node = objectKey(file)?.node;
  const columns = new AccessColumns(names, line, node);

  function scan(bytes: Buffer, from: number, to: number, into: Columns, row: number) {
    const misfit = line.place(bytes, from, to);
    if (misfit !== undefined) return misfit;
    columns.fill(line, into, row);
    return undefined;
  }

  function read(bytes: Buffer, from: number, to: number, row: RowRef) {
    const misfit = line.place(bytes, from, to);
    if (misfit !== undefined) return misfit;
    line.placeRest();
    return requestOf(line, columns, node, row, lineHash(bytes, from, to));
  }

  return { scan, read, ordinary: line.ordinary(columns.names) };
}

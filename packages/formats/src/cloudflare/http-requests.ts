import type { Columns, Names, RowRef } from '@why502/model';
import { lineHash } from '../line-hash.ts';
import { type LineFormat, type LineReading, lineFormat, type Misfit } from '../lines.ts';
import { ordinaryRows } from '../ordinary/ordinary-rows.ts';
import { type CsvColumns, CsvPlacement, columnsIn } from './csv-placement.ts';
import { fieldAt, fieldOfKey, scannedFields } from './fields.ts';
import { JsonPlacement } from './json-placement.ts';
import { RequestColumns } from './request-columns.ts';
import { requestRecord } from './request-record.ts';
import { Timing } from './timing.ts';
import { countOf, type Values } from './values.ts';

/** Finds the values of a line. */
export interface Placement extends Values {
  /** Places the fields that every line is asked for; undefined when the line fits. */
  placeScanned(bytes: Buffer, from: number, to: number): Misfit | undefined;
  placeAll(bytes: Buffer, from: number, to: number): Misfit | undefined;
}

/** Lines that are objects of JSON, or hold the object of the record at the end of a path of keys. */
export function jsonRequests(path: readonly string[]): LineFormat {
  const name =
    path.length === 0 ? 'Cloudflare http_requests' : `Cloudflare http_requests in ${path.join('.')}`;
  return lineFormat(name, 'cloudflare', (names) => ({
    ...requestReading(new JsonPlacement(path), names, path.length === 0),
    // A row of names that was put in front of every batch belongs to a CSV, and is no request.
    isAside: (bytes, from, to) => columnsIn(bytes, from, to) !== undefined,
  }));
}

/** Lines of CSV below a row of names, which may come again where files were joined. */
export function csvRequests(columns: CsvColumns): LineFormat {
  return lineFormat('Cloudflare http_requests CSV', 'cloudflare', (names) => ({
    ...requestReading(new CsvPlacement(columns), names),
    isAside: (bytes, from, to) => columnsIn(bytes, from, to) !== undefined,
  }));
}

const statusField = fieldAt.EdgeResponseStatus;
const badTime: Misfit = { reason: 'bad_time', column: 0 };
const badStatus: Misfit = { reason: 'bad_status', column: 0 };

/**
 * Both readings of a line of http_requests, however its values are written.
 * @param isObject each line is the object of a record
 */
function requestReading(placement: Placement, names: Names, isObject = false): LineReading {
  const columns = new RequestColumns(names);
  const timing = new Timing();

  /** The status of the answer; 0 where none was sent, -1 without one. */
  function statusIn(): number {
    const status = countOf(placement, statusField);
    return status < 1_000 ? status : -1;
  }

  function scan(bytes: Buffer, from: number, to: number, into: Columns, row: number): Misfit | undefined {
    const misfit = placement.placeScanned(bytes, from, to);
    if (misfit !== undefined) return misfit;
    if (!timing.read(placement)) return badTime;
    const status = statusIn();
    if (status < 0) return badStatus;
    columns.fill(placement, timing, status, into, row);
    return undefined;
  }

  function read(bytes: Buffer, from: number, to: number, row: RowRef) {
    const misfit = placement.placeAll(bytes, from, to);
    if (misfit !== undefined) return misfit;
    if (!timing.read(placement)) return badTime;
    const status = statusIn();
    if (status < 0) return badStatus;
    const route = columns.routeOf(placement);
    return requestRecord(placement, timing, status, { row, lineHash: lineHash(bytes, from, to), route });
  }

  const ordinary = isObject
    ? ordinaryRows({ kind: 'cloudflare', plan: [], meaningOf }, columns.names)
    : undefined;
  return { scan, read, ordinary };
}

/** Of a key as it stands in a line: a field that every line is asked for, or another. */
function meaningOf(key: string): number | undefined {
  if (key.includes('\\')) return undefined;
  const field = fieldOfKey(key);
  return field < scannedFields ? field : -1;
}

import type { Columns } from '@why502/model';

/** The columns that travel, each with the bytes of one number; the widest first, so that all lie where they may. */
const layout = [
  ['at', Float64Array],
  ['line', Float64Array],
  ['host', Uint32Array],
  ['service', Uint32Array],
  ['peer', Uint32Array],
  ['route', Uint32Array],
  ['place', Uint32Array],
  ['duration', Int32Array],
  ['connect', Int32Array],
  ['from', Uint32Array],
  ['to', Uint32Array],
  ['identity', Uint32Array],
  ['status', Uint16Array],
  ['flags', Uint8Array],
] as const;

const rowBytes = layout.reduce((sum, [, { BYTES_PER_ELEMENT }]) => sum + BYTES_PER_ELEMENT, 0);

/** Rows and the lines they were scanned from, in one piece of memory that threads hand to and fro. */
export interface Parcel {
  readonly memory: ArrayBuffer;
  readonly rows: number;
  /** Bytes of the lines, which lie behind the columns. */
  readonly text: number;
}

/** Copies rows and their lines; into `memory` where that is large enough, which it is once it has made the way. */
export function pack(rows: Columns, bytes: Buffer, memory: ArrayBuffer | undefined): Parcel {
  const { count } = rows;
  const from = rows.from[0]!;
  const text = rows.to[count - 1]! - from;
  const size = columnBytes(count) + text;
  const into = memory !== undefined && memory.byteLength >= size ? memory : new ArrayBuffer(roomFor(size));
  const copy = opened({ memory: into, rows: count, text });
  for (const [name] of layout) copy.rows[name].set(rows[name].subarray(0, count));
  for (let row = 0; row < count; row++) {
    copy.rows.from[row]! -= from;
    copy.rows.to[row]! -= from;
  }
  bytes.copy(copy.bytes, 0, from, from + text);
  return { memory: into, rows: count, text };
}

/** The rows and their lines, where they lie. */
export function opened({ memory, rows, text }: Parcel): { readonly rows: Columns; readonly bytes: Buffer } {
  let at = 0;
  const arrays = layout.map(([name, Type]) => {
    const array = new Type(memory, at, rows);
    at += Math.ceil((rows * Type.BYTES_PER_ELEMENT) / 8) * 8;
    return [name, array];
  });
  const columns = { ...Object.fromEntries(arrays), count: rows, capacity: rows } as Columns;
  return { rows: columns, bytes: Buffer.from(memory, at, text) };
}

function columnBytes(rows: number): number {
  return rows * rowBytes + layout.length * 8;
}

/** A little more than asked for, so that the next stretch fits as well. */
function roomFor(size: number): number {
  return Math.ceil((size * 1.25) / 65_536) * 65_536;
}

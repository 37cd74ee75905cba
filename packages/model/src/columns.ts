/** Bits of `Columns.flags`. */
export const ofInterest = 1;
/** The row is a line of the error log, not a request. A stream may hold both. */
export const ofErrorLog = 2;
/** The log does not tell the zone of the time: `at` is local time read as if it were UTC. */
export const inLocalTime = 4;
/** Not a visitor's request: it counts in no rate, and its failure is nobody's. */
export const ofNoVisitor = 8;
/** The same line was there before: the log was delivered more than once. It counts nowhere. */
export const ofRepeat = 16;

/**
 * The columns of a stretch of lines, one row per request line, in line order. Arrays are longer than `count` and are
 * reused: copy what must outlive the call. -1 is absence in `duration` and `connect`, id 0 in the named columns.
 */
export interface Columns {
  count: number;
  readonly capacity: number;
  /** End of the request, ms since the epoch. */
  readonly at: Float64Array;
  readonly status: Uint16Array;
  /** Ids of `Names`. */
  readonly host: Uint32Array;
  readonly service: Uint32Array;
  /** Peer of the last attempt. */
  readonly peer: Uint32Array;
  readonly route: Uint32Array;
  /** Where at the hop, see `RequestRecord.place`. */
  readonly place: Uint32Array;
  /** Whole request, ms. */
  readonly duration: Int32Array;
  /** Connect time of the last attempt, ms. */
  readonly connect: Int32Array;
  readonly flags: Uint8Array;
  /** A hash of the id that the hop gave the request, 0 without one; filled where a log may hold a line twice. */
  readonly identity: Uint32Array;
  /** Byte range of the line in the chunk it was scanned from, without the line break. */
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** Line number in the file, from 1. */
  readonly line: Float64Array;
}

export function columns(capacity: number): Columns {
  return {
    count: 0,
    capacity,
    at: new Float64Array(capacity),
    status: new Uint16Array(capacity),
    host: new Uint32Array(capacity),
    service: new Uint32Array(capacity),
    peer: new Uint32Array(capacity),
    route: new Uint32Array(capacity),
    place: new Uint32Array(capacity),
    duration: new Int32Array(capacity),
    connect: new Int32Array(capacity),
    flags: new Uint8Array(capacity),
    identity: new Uint32Array(capacity),
    from: new Uint32Array(capacity),
    to: new Uint32Array(capacity),
    line: new Float64Array(capacity),
  };
}

/** A table of names that columns refer to by id; id 0 is absence. Ids depend on the order of arrival, names do not. */
export interface NameTable {
  /** The id of a name, given as bytes of a buffer; the bytes are copied when they are new. */
  idOfBytes(bytes: Uint8Array, from: number, to: number): number;
  idOf(name: string): number;
  /** @throws RangeError for an id never given out */
  nameOf(id: number): string;
  readonly size: number;
}

/** Shared by all decoders of one run, so that ids of two logs mean the same. */
export interface Names {
  readonly hosts: NameTable;
  readonly services: NameTable;
  readonly peers: NameTable;
  readonly routes: NameTable;
  readonly places: NameTable;
}

/** A status gets a verdict: 5xx, ALB's 460, 463 and 464, nginx's 499, and 0 where none was sent. */
export function statusGetsVerdict(status: number): boolean {
  return status >= 500
    ? status < 600
    : status === 499 || status === 0 || status === 460 || status === 463 || status === 464;
}

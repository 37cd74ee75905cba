import { type Columns, type Names, ofInterest, statusGetsVerdict } from '@why502/model';
import { type Escaping, unescaped } from '../escapes.ts';
import { KnownNames } from '../known-names.ts';
import type { RowNames } from '../ordinary/ordinary-rows.ts';
import { RouteClasses } from '../route.ts';
import { ServicesByHost } from '../services-by-host.ts';
import { isDigit, secondsToMs } from '../time.ts';
import type { FieldIndexes } from './fields.ts';
import type { Placement } from './placement.ts';
import { targetStart } from './request-line.ts';

const dash = 0x2d;
const space = 0x20;
const comma = 0x2c;
const colon = 0x3a;

/**
 * What every line gives: one row of the columns. A class of plain fields, and not closures, whose variables V8 would
 * check for being set at each use.
 */
export class AccessColumns {
  readonly #at: FieldIndexes;
  /** Where names are looked up, also by who fills rows in another way. */
  readonly names: RowNames;
  readonly #written: Escaping;
  #targetFrom = 0;
  #targetTo = 0;

  /** @param written how values are escaped in the file */
  constructor(at: FieldIndexes, names: Names, written: Escaping) {
    const nameOf = (bytes: Buffer, from: number, to: number) => unescaped(bytes, from, to, written);
    this.#at = at;
    this.#written = written;
    this.names = {
      hosts: new KnownNames(names.hosts, nameOf),
      services: new KnownNames(names.services, nameOf),
      peers: new KnownNames(names.peers, nameOf),
      hostServices: new ServicesByHost(names),
      routes: new RouteClasses(names.routes),
      place: 0,
    };
  }

  /** Fills a row from a line whose fields are placed. */
  fill(line: Placement, into: Columns, row: number): void {
    const at = this.#at;
    const { names } = this;
    const { bytes, spans, status } = line;
    const host = hasValue(line, at.host) ? this.#idIn(names.hosts, line, at.host) : 0;
    into.at[row] = line.at;
    into.status[row] = status;
    into.host[row] = host;
    into.service[row] = hasValue(line, at.service)
      ? this.#idIn(names.services, line, at.service)
      : names.hostServices.idOf(host);
    into.route[row] = this.#findTarget(line) ? names.routes.idOf(bytes, this.#targetFrom, this.#targetTo) : 0;
    into.duration[row] =
      at.duration < 0 ? -1 : secondsToMs(bytes, spans[2 * at.duration]!, spans[2 * at.duration + 1]!);
    into.place[row] = 0;
    into.peer[row] = 0;
    into.connect[row] = -1;
    const failed = this.#fillAttempt(line, into, row) || statusGetsVerdict(status);
    into.flags[row] = failed ? ofInterest : 0;
  }

  /** The class of the line's target; undefined without a target. */
  routeOf(line: Placement): string | undefined {
    return this.#findTarget(line)
      ? this.names.routes.textOf(line.bytes, this.#targetFrom, this.#targetTo)
      : undefined;
  }

  #idIn(names: KnownNames, line: Placement, field: number): number {
    return this.#idOf(names, line, line.spans[2 * field]!, line.spans[2 * field + 1]!);
  }

  /** Values of an object that JSON had to parse have no escapes any more, unlike those that are remembered. */
  #idOf(names: KnownNames, line: Placement, from: number, to: number): number {
    return line.escaping === this.#written
      ? names.idOf(line, from, to)
      : names.idOfName(unescaped(line.bytes, from, to, line.escaping));
  }

  /** Where the target is, of the request line or by itself; false without one. */
  #findTarget(line: Placement): boolean {
    const { bytes, spans } = line;
    const { request, target } = this.#at;
    if (request >= 0 && spans[2 * request]! >= 0) {
      this.#targetTo = spans[2 * request + 1]!;
      this.#targetFrom = targetStart(bytes, spans[2 * request]!, this.#targetTo);
      if (this.#targetFrom >= 0) return true;
    }
    if (!hasValue(line, target)) return false;
    this.#targetFrom = spans[2 * target]!;
    this.#targetTo = spans[2 * target + 1]!;
    return true;
  }

  /** Fills what the lists say of the last attempt; whether one failed before it. */
  #fillAttempt(line: Placement, into: Columns, row: number): boolean {
    const { peers, statuses, connects } = this.#at;
    if (!wasTried(line, this.#at)) return false;
    const { bytes, spans } = line;
    // One status of three digits: there was one attempt, and no list needs to be searched for its last entry.
    const single = statuses >= 0 && spans[2 * statuses + 1]! - spans[2 * statuses]! === 3;
    let isFirst = true;
    if (peers >= 0) {
      const first = spans[2 * peers]!;
      const to = spans[2 * peers + 1]!;
      const from = single ? first : lastEntry(bytes, first, to);
      isFirst = from === first;
      if (to > from) into.peer[row] = this.#idOf(this.names.peers, line, from, to);
    }
    if (connects >= 0) {
      const first = spans[2 * connects]!;
      const to = spans[2 * connects + 1]!;
      into.connect[row] = secondsToMs(bytes, single ? first : lastEntry(bytes, first, to), to);
    }
    if (!isFirst) return true;
    return statuses >= 0 && !(single && isFinal(line, spans[2 * statuses]!));
  }
}

/** Whether the field has a value: not absent, not empty, not `-`. */
export function hasValue({ bytes, spans }: Placement, field: number): boolean {
  if (field < 0) return false;
  const from = spans[2 * field]!;
  const length = spans[2 * field + 1]! - from;
  return length > 1 || (length === 1 && bytes[from] !== dash);
}

/** The rule of `wasTried` in upstream-lists.ts, on bytes. */
function wasTried(line: Placement, { peers, statuses, connects }: FieldIndexes): boolean {
  const { spans } = line;
  if (peers >= 0 && spans[2 * peers + 1]! > spans[2 * peers]!) return hasValue(line, peers);
  if (peers >= 0) return statuses >= 0 && spans[2 * statuses + 1]! > spans[2 * statuses]!;
  return hasValue(line, statuses >= 0 ? statuses : connects);
}

/** Whether the three bytes at `from` are the status of an attempt that gave the answer: below 500, or the final one. */
function isFinal({ bytes, status }: Placement, from: number): boolean {
  if (!isDigit(bytes[from]) || !isDigit(bytes[from + 1]) || !isDigit(bytes[from + 2])) return false;
  const of = (bytes[from]! - 0x30) * 100 + (bytes[from + 1]! - 0x30) * 10 + bytes[from + 2]! - 0x30;
  return of < 500 || of === status;
}

/** Where the last entry of an upstream list begins. */
function lastEntry(bytes: Uint8Array, from: number, to: number): number {
  for (let at = to - 1; at > from; at--) {
    if (bytes[at] !== space) continue;
    if (bytes[at - 1] === comma || (bytes[at - 1] === colon && bytes[at - 2] === space)) return at + 1;
  }
  return from;
}

import { type Columns, type Names, ofInterest, statusGetsVerdict } from '@why502/model';
import { RouteClasses } from '../route.ts';
import { ServicesByHost } from '../services-by-host.ts';
import { isDigit, secondsToMs } from '../time.ts';
import type { FieldIndexes } from './fields.ts';
import { KnownValues } from './known-values.ts';
import type { Placement } from './placement.ts';
import { targetStart } from './request-line.ts';

const dash = 0x2d;
const space = 0x20;
const comma = 0x2c;
const colon = 0x3a;

/** The tables that the names in lines of one log are looked up in. */
export interface AccessNames {
  readonly hosts: KnownValues;
  readonly services: KnownValues;
  readonly peers: KnownValues;
  readonly hostServices: ServicesByHost;
  readonly routes: RouteClasses;
}

/**
 * What every line gives: one row of the columns. A class of plain fields, and not closures, whose variables V8 would
 * check for being set at each use.
 */
export class AccessColumns {
  readonly #at: FieldIndexes;
  readonly #hosts: KnownValues;
  readonly #services: KnownValues;
  readonly #peers: KnownValues;
  readonly #hostServices: ServicesByHost;
  readonly #routes: RouteClasses;
  /** For who fills rows in another way. */
  readonly names: AccessNames;
  #targetFrom = 0;
  #targetTo = 0;

  constructor(at: FieldIndexes, names: Names) {
    this.#at = at;
    this.#hosts = new KnownValues(names.hosts);
    this.#services = new KnownValues(names.services);
    this.#peers = new KnownValues(names.peers);
    this.#hostServices = new ServicesByHost(names);
    this.#routes = new RouteClasses(names.routes);
    this.names = {
      hosts: this.#hosts,
      services: this.#services,
      peers: this.#peers,
      hostServices: this.#hostServices,
      routes: this.#routes,
    };
  }

  /** Fills a row from a line whose fields are placed. */
  fill(line: Placement, into: Columns, row: number): void {
    const at = this.#at;
    const { bytes, spans, status } = line;
    const host = hasValue(line, at.host) ? this.#idIn(this.#hosts, line, at.host) : 0;
    into.at[row] = line.at;
    into.status[row] = status;
    into.host[row] = host;
    into.service[row] = hasValue(line, at.service)
      ? this.#idIn(this.#services, line, at.service)
      : this.#hostServices.idOf(host);
    into.route[row] = this.#findTarget(line) ? this.#routes.idOf(bytes, this.#targetFrom, this.#targetTo) : 0;
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
      ? this.#routes.textOf(line.bytes, this.#targetFrom, this.#targetTo)
      : undefined;
  }

  #idIn(values: KnownValues, line: Placement, field: number): number {
    return values.idOf(line, line.spans[2 * field]!, line.spans[2 * field + 1]!);
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
      if (to > from) into.peer[row] = this.#peers.idOf(line, from, to);
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

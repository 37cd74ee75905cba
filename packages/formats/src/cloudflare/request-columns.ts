import {
  type Columns,
  type Names,
  type NameTable,
  ofInterest,
  ofNoVisitor,
  statusGetsVerdict,
} from '@why502/model';
import { unescaped } from '../escapes.ts';
import { KnownNames } from '../known-names.ts';
import type { RowNames } from '../ordinary/ordinary-rows.ts';
import { RouteClasses } from '../route.ts';
import { ServicesByHost } from '../services-by-host.ts';
import { askerOf } from './asker.ts';
import { fieldAt } from './fields.ts';
import { connectOf, wasAsked } from './origin.ts';
import type { Timing } from './timing.ts';
import { countOf, hasText, isAbsent, textOf, type Values } from './values.ts';

// V8 looks what is imported up each time, so that fields of every line have names of this module.
const hostField = fieldAt.ClientRequestHost;
const addressField = fieldAt.OriginIP;
const originStatusField = fieldAt.OriginResponseStatus;
const placeField = fieldAt.EdgeColoCode;
const uriField = fieldAt.ClientRequestURI;
const pathField = fieldAt.ClientRequestPath;
const rayField = fieldAt.RayID;

/** What every line gives: one row of the columns. */
export class RequestColumns {
  readonly #names: Names;
  readonly #routes: RouteClasses;
  readonly #services: ServicesByHost;

  constructor(names: Names) {
    this.#names = names;
    this.#routes = new RouteClasses(names.routes);
    this.#services = new ServicesByHost(names);
  }

  /** Where names are looked up, for who fills rows in another way. */
  get names(): RowNames {
    const { hosts, services, peers, places } = this.#names;
    const nameOf = (bytes: Buffer, from: number, to: number) => unescaped(bytes, from, to, 'json');
    return {
      hosts: new KnownNames(hosts, nameOf),
      services: new KnownNames(services, nameOf),
      peers: new KnownNames(peers, nameOf),
      hostServices: this.#services,
      routes: this.#routes,
      place: new KnownNames(places, nameOf),
    };
  }

  fill(values: Values, timing: Timing, status: number, into: Columns, row: number): void {
    const names = this.#names;
    const asked = wasAsked(values, status);
    const asker = askerOf(values);
    const host = this.#idIn(names.hosts, values, hostField);
    const failed = statusGetsVerdict(status) || countOf(values, originStatusField) >= 500;
    into.at[row] = timing.end;
    into.status[row] = status;
    into.host[row] = host;
    into.service[row] = this.#services.idOf(host);
    into.peer[row] = asked ? this.#idIn(names.peers, values, addressField) : 0;
    into.route[row] = this.#routeId(values);
    into.place[row] = this.#idIn(names.places, values, placeField);
    into.duration[row] = timing.duration;
    into.connect[row] = asked ? connectOf(values, status) : -1;
    into.identity[row] = hashOf(values, rayField);
    const isNobodys = asker !== 'visitor' && asker !== 'subrequest';
    into.flags[row] = (failed ? ofInterest : 0) | (isNobodys ? ofNoVisitor : 0);
  }

  /** The class of the target; undefined without one. */
  routeOf(values: Values): string | undefined {
    const target = textOf(values, targetField(values));
    if (target === undefined) return undefined;
    const bytes = Buffer.from(target);
    return this.#routes.textOf(bytes, 0, bytes.length);
  }

  #routeId(values: Values): number {
    const field = targetField(values);
    if (!hasText(values, field)) return 0;
    const { bytes, spans } = values;
    const from = spans[2 * field]!;
    const to = spans[2 * field + 1]!;
    if (values.isPlain) return this.#routes.idOf(bytes, from, to);
    const target = Buffer.from(values.decode(from, to));
    return this.#routes.idOf(target, 0, target.length);
  }

  #idIn(table: NameTable, values: Values, field: number): number {
    const { bytes, spans } = values;
    const from = spans[2 * field]!;
    const to = spans[2 * field + 1]!;
    if (to <= from) return 0;
    return values.isPlain ? table.idOfBytes(bytes, from, to) : table.idOf(values.decode(from, to));
  }
}

/** The field that holds the target: with its query where the log has that. */
export function targetField(values: Values): number {
  return isAbsent(values, uriField) ? pathField : uriField;
}

/** A hash of a value as it stands in the line; 0 without one. */
function hashOf({ bytes, spans }: Values, field: number): number {
  const from = spans[2 * field]!;
  const to = spans[2 * field + 1]!;
  if (to <= from) return 0;
  let hash = to - from;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0 || 1;
}

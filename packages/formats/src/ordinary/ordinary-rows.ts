import { type Columns, ofInterest, statusGetsVerdict } from '@why502/model';
import type { KnownNames } from '../known-names.ts';
import type { OrdinaryReading } from '../lines.ts';
import type { RouteClasses } from '../route.ts';
import type { ServicesByHost } from '../services-by-host.ts';
import type { Steps } from '../steps.ts';
import { type Kind, Machine, type NameSpans } from './machine.ts';

/** The tables that the names in lines of one log are looked up in. */
export interface RowNames {
  readonly hosts: KnownNames;
  readonly services: KnownNames;
  readonly peers: KnownNames;
  readonly hostServices: ServicesByHost;
  readonly routes: RouteClasses;
  /** Of all lines, by its id; where lines tell of places by themselves, where these are looked up. */
  readonly place: number | KnownNames;
}

/** What the machine is told of a log. */
export interface OrdinaryLayout {
  readonly kind: Kind;
  /** Absent where lines are not walked by steps. */
  readonly steps?: Steps;
  /** In the order of the plan of that kind (assembly/nginx.ts, assembly/alb.ts). */
  readonly plan: readonly number[];
  /** What a key of JSON means, as a number of that kind (assembly/cloudflare.ts); undefined for what is no plain key. */
  readonly meaningOf?: (key: string) => number | undefined;
}

/** One for all logs, each of which lays its own plan. */
let machine: Machine | undefined;

/** Rows of ordinary lines, many at once; undefined for a layout that the machine has no room for. */
export function ordinaryRows(layout: OrdinaryLayout, names: RowNames): OrdinaryReading | undefined {
  machine ??= new Machine();
  const { steps } = layout;
  const fits = steps === undefined || machine.hasRoomFor(steps);
  return fits ? new OrdinaryRows(machine, layout, names) : undefined;
}

class OrdinaryRows implements OrdinaryReading {
  readonly #machine: Machine;
  readonly #layout: OrdinaryLayout;
  readonly #names: RowNames;
  /** The stretch that is read, and the part of it that lies in the machine. */
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;
  #from = 0;
  #to = 0;

  constructor(machine: Machine, layout: OrdinaryLayout, names: RowNames) {
    this.#machine = machine;
    this.#layout = layout;
    this.#names = names;
  }

  enter(bytes: Buffer, from: number, to: number): void {
    const { kind, steps, plan } = this.#layout;
    this.#machine.lay(kind, steps, plan);
    this.#bytes = bytes;
    this.#end = to;
    this.#load(from);
  }

  scan(from: number, into: Columns, line: number): number {
    const machine = this.#machine;
    const first = line - into.count;
    let at = from;
    while (into.count < into.capacity) {
      const start = at - this.#from;
      const most = Math.min(machine.mostRows, into.capacity - into.count);
      const count = machine.scan(this.#layout.kind, start, this.#to - this.#from, most);
      this.#fill(count, into, first);
      at = this.#from + machine.read;
      if (count === most || this.#learns()) continue;
      // What is in the machine may end within a line.
      const isCut = this.#to < this.#end && (count > 0 || start > 0);
      if (!isCut) break;
      this.#load(at);
    }
    return at;
  }

  #learns(): boolean {
    const { meaningOf } = this.#layout;
    return meaningOf !== undefined && this.#machine.learns(meaningOf);
  }

  #load(from: number): void {
    const { bytes, text, textRoom } = this.#machine;
    this.#from = from;
    this.#to = Math.min(this.#end, from + textRoom);
    bytes.set(this.#bytes.subarray(from, this.#to), text);
  }

  /** @param first the number of the line that would be in the first row */
  #fill(count: number, into: Columns, first: number): void {
    const machine = this.#machine;
    const { lineFrom, lineTo, at, status, duration, connect, identity, hasFailed } = machine;
    const { hosts, services, peers, places, routes } = machine;
    const names = this.#names;
    const { place } = names;
    const from = this.#from;
    for (let read = 0; read < count; read++) {
      const row = into.count + read;
      into.from[row] = from + lineFrom[read]!;
      into.to[row] = from + lineTo[read]!;
      into.line[row] = first + row;
      into.at[row] = at[read]!;
      const code = status[read]!;
      into.status[row] = code;
      into.duration[row] = duration[read]!;
      into.connect[row] = connect[read]!;
      into.identity[row] = identity[read]!;
      into.place[row] = typeof place === 'number' ? place : this.#idIn(place, places, read);
      into.flags[row] = hasFailed[read] !== 0 || statusGetsVerdict(code) ? ofInterest : 0;
      const host = this.#idIn(names.hosts, hosts, read);
      const service = this.#idIn(names.services, services, read);
      into.host[row] = host;
      into.service[row] = service === 0 ? names.hostServices.idOf(host) : service;
      into.peer[row] = this.#idIn(names.peers, peers, read);
      const route = 3 * read;
      into.route[row] = names.routes.idOfClass(
        machine,
        routes[route]!,
        routes[route + 1]!,
        routes[route + 2]!,
      );
    }
    into.count += count;
  }

  #idIn(names: KnownNames, spans: NameSpans, row: number): number {
    const at = spans[3 * row]!;
    return names.idOf(this.#machine, at, at + spans[3 * row + 1]!, spans[3 * row + 2]!);
  }
}

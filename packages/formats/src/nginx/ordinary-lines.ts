import { type Columns, ofInterest, statusGetsVerdict } from '@why502/model';
import type { OrdinaryReading } from '../lines.ts';
import { Machine, type NameSpans } from '../ordinary/machine.ts';
import type { AccessNames } from './access-columns.ts';
import type { KnownValues, LoggedValues } from './known-values.ts';
import type { Layout } from './log-format.ts';

/** One for all logs: each call lays its own plan. */
let machine: Machine | undefined;

/**
 * Rows of ordinary lines, many at once; undefined for a layout that the machine has no room for.
 * @param fields how many of the fields are looked at
 */
export function ordinaryLines(
  layout: Layout,
  fields: number,
  names: AccessNames,
): OrdinaryReading | undefined {
  machine ??= new Machine();
  const { steps } = layout;
  const fits =
    steps.count <= machine.mostFields &&
    Math.max(steps.lead.length, steps.literals.length) <= machine.literalRoom;
  return fits ? new OrdinaryLines(machine, layout, fields, names) : undefined;
}

class OrdinaryLines implements OrdinaryReading {
  readonly #machine: Machine;
  readonly #layout: Layout;
  readonly #plan: readonly number[];
  readonly #names: AccessNames;
  readonly #values: LoggedValues;
  /** The stretch that is read, and the part of it that lies in the machine. */
  #bytes: Buffer = Buffer.alloc(0);
  #end = 0;
  #from = 0;
  #to = 0;

  constructor(machine: Machine, layout: Layout, fields: number, names: AccessNames) {
    this.#machine = machine;
    this.#layout = layout;
    this.#plan = planOf(layout, fields);
    this.#names = names;
    const { bytes, view } = machine;
    this.#values = { bytes, view, escaping: layout.escaping, written: layout.escaping };
  }

  enter(bytes: Buffer, from: number, to: number): void {
    this.#bytes = bytes;
    this.#end = to;
    const { literals, lead, table, literalFrom, plan, bytes: memory } = this.#machine;
    const { steps } = this.#layout;
    memory.set(steps.lead, lead);
    memory.set(steps.literals, literals);
    table.set(steps.table);
    literalFrom.set(steps.literalFrom);
    plan.set(this.#plan);
    this.#load(from);
  }

  scan(from: number, into: Columns, line: number): number {
    const machine = this.#machine;
    const first = line - into.count;
    let at = from;
    while (into.count < into.capacity) {
      const start = at - this.#from;
      const most = Math.min(machine.mostRows, into.capacity - into.count);
      const count = machine.scan(start, this.#to - this.#from, most);
      this.#fill(count, into, first);
      at = this.#from + machine.read;
      if (count === most) continue;
      // What is in the machine may end within a line.
      const isCut = this.#to < this.#end && (count > 0 || start > 0);
      if (!isCut) break;
      this.#load(at);
    }
    return at;
  }

  #load(from: number): void {
    const { bytes, text, textRoom } = this.#machine;
    this.#from = from;
    this.#to = Math.min(this.#end, from + textRoom);
    bytes.set(this.#bytes.subarray(from, this.#to), text);
  }

  /** @param first the number of the line that would be in the first row */
  #fill(count: number, into: Columns, first: number): void {
    const { lineFrom, lineTo, at, status, duration, connect, hasFailed } = this.#machine;
    const { hosts, services, peers, routes } = this.#machine;
    const names = this.#names;
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
      into.place[row] = 0;
      into.flags[row] = hasFailed[read] !== 0 || statusGetsVerdict(code) ? ofInterest : 0;
      const host = this.#idIn(names.hosts, hosts, read);
      const service = this.#idIn(names.services, services, read);
      into.host[row] = host;
      into.service[row] = service === 0 ? names.hostServices.idOf(host) : service;
      into.peer[row] = this.#idIn(names.peers, peers, read);
      const route = 3 * read;
      into.route[row] = names.routes.idOfClass(
        this.#values,
        routes[route]!,
        routes[route + 1]!,
        routes[route + 2]!,
      );
    }
    into.count += count;
  }

  #idIn(values: KnownValues, spans: NameSpans, row: number): number {
    const at = spans[3 * row]!;
    const length = spans[3 * row + 1]!;
    return length === 0 ? 0 : values.idOf(this.#values, at, at + length, spans[3 * row + 2]!);
  }
}

/** In the order of the plan in assembly/ordinary-lines.ts. */
function planOf({ at, steps, keys }: Layout, fields: number): readonly number[] {
  const [kind, time] = at.msec >= 0 ? [0, at.msec] : at.iso >= 0 ? [1, at.iso] : [2, at.local];
  const wanted = [time, at.status, at.request, at.target, at.host, at.service, at.duration] as const;
  return [
    ...[steps.lead.length, fields, kind, keys === undefined ? 0 : 1],
    ...wanted,
    ...[at.peers, at.statuses, at.connects],
  ];
}

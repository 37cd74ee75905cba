import type { NameTable } from '@why502/model';
import { ByteMap } from '../byte-map.ts';
import { unescaped } from '../escapes.ts';
import type { Placement } from './placement.ts';

/** Values remembered per column; beyond that names are looked up the long way. */
const mostRemembered = 20_000;

/** What values lie in, and how they are escaped there and in the file. */
export type LoggedValues = Pick<Placement, 'bytes' | 'view' | 'escaping' | 'written'>;

/**
 * Ids of a table for values as logged. Escapes are undone once per value: what was seen is found by its bytes as they
 * stand in the line.
 */
export class KnownValues {
  readonly #table: NameTable;
  readonly #values = new ByteMap(mostRemembered);
  /** By number of the value, from 1. */
  readonly #ids: number[] = [0];

  constructor(table: NameTable) {
    this.#table = table;
  }

  /** The id of the name that the bytes [from, to) of the line stand for; who knows their hash gives it. */
  idOf(line: LoggedValues, from: number, to: number, hash?: number): number {
    if (line.escaping !== line.written) return this.#idOfName(line, from, to);
    const known = this.#values.find(line.view, from, to - from, hash);
    if (known > 0) return this.#ids[known]!;
    const id = this.#idOfName(line, from, to);
    if (!this.#values.full) this.#ids[this.#values.add(line.view, from, to - from, hash)] = id;
    return id;
  }

  #idOfName({ bytes, escaping }: LoggedValues, from: number, to: number): number {
    return this.#table.idOf(unescaped(bytes, from, to, escaping));
  }
}

import type { NameTable } from '@why502/model';
import { ByteMap } from '../byte-map.ts';
import type { AccessLine } from './access-line.ts';

/** Values remembered per column; beyond that names are looked up the long way. */
const mostRemembered = 10_000;

/**
 * Ids of a table for values as they stand in lines. What name a value stands for is made out once: what was seen is found
 * by its bytes.
 */
export class KnownNames {
  readonly #table: NameTable;
  readonly #nameOf: (value: string) => string;
  readonly #values = new ByteMap(mostRemembered);
  /** By number of the value, from 1. */
  readonly #ids: number[] = [0];

  /** @param nameOf the name that a value stands for */
  constructor(table: NameTable, nameOf: (value: string) => string) {
    this.#table = table;
    this.#nameOf = nameOf;
  }

  /** The id of the name that the bytes [from, to) of the line stand for; 0 for none. */
  idOf(line: AccessLine, from: number, to: number): number {
    if (from >= to) return 0;
    const known = this.#values.find(line.view, from, to - from);
    if (known > 0) return this.#ids[known]!;
    const id = this.#table.idOf(this.#nameOf(line.decode(from, to)));
    if (!this.#values.full) this.#ids[this.#values.add(line.view, from, to - from)] = id;
    return id;
  }
}

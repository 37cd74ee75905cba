import type { NameTable } from '@why502/model';
import { ByteMap } from './byte-map.ts';

/** Values remembered per column; beyond that names are looked up the long way. */
const mostRemembered = 20_000;

/** All the memory that a line lies in, in two forms. */
export interface LineMemory {
  readonly bytes: Buffer;
  readonly view: DataView;
}

/**
 * Ids of a table for values as they stand in lines. What name a value stands for is made out once: what was seen is found
 * by its bytes.
 */
export class KnownNames {
  readonly #table: NameTable;
  readonly #nameOf: (bytes: Buffer, from: number, to: number) => string;
  readonly #values = new ByteMap(mostRemembered);
  /** By number of the value, from 1. */
  readonly #ids: number[] = [0];

  /** @param nameOf the name that a value stands for */
  constructor(table: NameTable, nameOf: (bytes: Buffer, from: number, to: number) => string) {
    this.#table = table;
    this.#nameOf = nameOf;
  }

  /** The id of the name that the bytes [from, to) stand for, 0 for none. Who knows their hash gives it. */
  idOf({ bytes, view }: LineMemory, from: number, to: number, hash?: number): number {
    if (from >= to) return 0;
    const known = this.#values.find(view, from, to - from, hash);
    if (known > 0) return this.#ids[known]!;
    const id = this.#table.idOf(this.#nameOf(bytes, from, to));
    if (!this.#values.full) this.#ids[this.#values.add(view, from, to - from, hash)] = id;
    return id;
  }

  /** The id of a name itself. */
  idOfName(name: string): number {
    return this.#table.idOf(name);
  }
}

import type { Names, NameTable } from '@why502/model';
import { ByteMap } from './byte-map.ts';
import { Memory } from './words.ts';

/** Name of all that came after a table was full, so that a flood of made-up names cannot fill memory. */
const overflowName = 'other';

/** Tables for one run: 10,000 hosts, services and peers, 2,000 routes and places; what comes later is `other`. */
export function createNames(): Names {
  return {
    hosts: new CappedNames(10_000),
    services: new CappedNames(10_000),
    peers: new CappedNames(10_000),
    routes: new CappedNames(2_000),
    places: new CappedNames(2_000),
  };
}

/** A class, for V8 gives each object literal with a getter a shape of its own, and to find its methods then costs 50 ns. */
class CappedNames implements NameTable {
  readonly #most: number;
  readonly #map: ByteMap;
  readonly #memory = new Memory();
  /** Names as text, of failures: each comes again and again. */
  readonly #ids = new Map<string, number>();
  readonly #texts: string[] = [];

  constructor(most: number) {
    this.#most = most;
    // One place more is for the name of the rest.
    this.#map = new ByteMap(most + 1);
  }

  get size(): number {
    return this.#map.size;
  }

  idOfBytes(bytes: Uint8Array, from: number, to: number): number {
    if (from >= to) return 0;
    const memory = this.#memory;
    const at = memory.over(bytes) + from;
    const id = this.#map.find(memory.view, at, to - from);
    if (id > 0) return id;
    return this.#map.size < this.#most ? this.#map.add(memory.view, at, to - from) : this.#idOfRest();
  }

  idOf(name: string): number {
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    const bytes = Buffer.from(name);
    const id = this.idOfBytes(bytes, 0, bytes.length);
    if (this.#ids.size < this.#most) this.#ids.set(name, id);
    return id;
  }

  nameOf(id: number): string {
    if (!(id > 0 && id <= this.#map.size)) throw new RangeError(`id ${id} was never given out`);
    this.#texts[id] ??= Buffer.from(this.#map.bytesOf(id)).toString('utf8');
    return this.#texts[id];
  }

  #idOfRest(): number {
    const memory = this.#memory;
    const at = memory.over(Buffer.from(overflowName));
    const known = this.#map.find(memory.view, at, overflowName.length);
    return known > 0 ? known : this.#map.add(memory.view, at, overflowName.length);
  }
}

import type { Names, NameTable } from '@why502/model';
import { ByteMap } from './byte-map.ts';
import { Memory } from './words.ts';

/** Name of all that came after a table was full, so that a flood of made-up names cannot fill memory. */
const overflowName = 'other';

/** Tables for one run: 10,000 hosts, services and peers and 2,000 routes; what comes later is `other`. */
export function createNames(): Names {
  return {
    hosts: createNameTable(10_000),
    services: createNameTable(10_000),
    peers: createNameTable(10_000),
    routes: createNameTable(2_000),
  };
}

function createNameTable(most: number): NameTable {
  // One place more is for the name of the rest.
  const map = new ByteMap(most + 1);
  const memory = new Memory();
  /** Names as text, of failures: each comes again and again. */
  const ids = new Map<string, number>();
  const texts: string[] = [];

  function idOfBytes(bytes: Uint8Array, from: number, to: number): number {
    if (from >= to) return 0;
    const at = memory.over(bytes) + from;
    const id = map.find(memory.view, at, to - from);
    if (id > 0) return id;
    return map.size < most ? map.add(memory.view, at, to - from) : idOfRest();
  }

  function idOfRest(): number {
    const at = memory.over(Buffer.from(overflowName));
    const known = map.find(memory.view, at, overflowName.length);
    return known > 0 ? known : map.add(memory.view, at, overflowName.length);
  }

  return {
    idOfBytes,
    idOf(name) {
      const known = ids.get(name);
      if (known !== undefined) return known;
      const bytes = Buffer.from(name);
      const id = idOfBytes(bytes, 0, bytes.length);
      if (ids.size < most) ids.set(name, id);
      return id;
    },
    nameOf(id) {
      if (!(id > 0 && id <= map.size)) throw new RangeError(`id ${id} was never given out`);
      texts[id] ??= Buffer.from(map.bytesOf(id)).toString('utf8');
      return texts[id];
    },
    get size() {
      return map.size;
    },
  };
}

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
      const bytes = Buffer.from(name);
      return idOfBytes(bytes, 0, bytes.length);
    },
    nameOf(id) {
      if (!(id > 0 && id <= map.size)) throw new RangeError(`id ${id} was never given out`);
      return Buffer.from(map.bytesOf(id)).toString('utf8');
    },
    get size() {
      return map.size;
    },
  };
}

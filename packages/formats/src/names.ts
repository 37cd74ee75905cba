import type { Names, NameTable } from '@why502/model';

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
  const slotCount = 1 << Math.ceil(Math.log2(most * 2 + 2));
  const mask = slotCount - 1;
  /** Open addressing: the id in each slot, 0 where free. */
  const slots = new Uint32Array(slotCount);
  const hashes = new Int32Array(most + 2);
  /** Bytes of all names end to end; name `id` lies in [starts[id], starts[id + 1]). */
  let arena = Buffer.alloc(16 * 1024);
  const starts = new Uint32Array(most + 3);
  let next = 1;
  let overflowId = 0;

  function add(bytes: Uint8Array, from: number, to: number, hash: number, slot: number): number {
    const start = starts[next]!;
    const length = to - from;
    if (start + length > arena.length) {
      const larger = Buffer.alloc(Math.max(arena.length * 2, start + length));
      arena.copy(larger, 0, 0, start);
      arena = larger;
    }
    arena.set(bytes.subarray(from, to), start);
    starts[next + 1] = start + length;
    hashes[next] = hash;
    slots[slot] = next;
    return next++;
  }

  function equals(id: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = starts[id]!;
    const length = to - from;
    if (starts[id + 1]! - start !== length) return false;
    for (let i = 0; i < length; i++) if (arena[start + i] !== bytes[from + i]) return false;
    return true;
  }

  function idOfBytes(bytes: Uint8Array, from: number, to: number): number {
    if (from >= to) return 0;
    // FNV-1a; the last mixing step spreads names that differ in one late byte over the table.
    let hash = 0x811c9dc5 | 0;
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    hash ^= hash >>> 15;
    let slot = hash & mask;
    for (let id = slots[slot]!; id !== 0; id = slots[slot]!) {
      if (hashes[id] === hash && equals(id, bytes, from, to)) return id;
      slot = (slot + 1) & mask;
    }
    if (next <= most) return add(bytes, from, to, hash, slot);
    if (overflowId === 0) overflowId = overflow();
    return overflowId;
  }

  function overflow(): number {
    const name = Buffer.from(overflowName);
    for (let id = 1; id < next; id++) if (equals(id, name, 0, name.length)) return id;
    let free = 0;
    while (slots[free] !== 0) free++;
    return add(name, 0, name.length, 0, free);
  }

  return {
    idOfBytes,
    idOf(name) {
      const bytes = Buffer.from(name);
      return idOfBytes(bytes, 0, bytes.length);
    },
    nameOf(id) {
      if (!(id > 0 && id < next)) throw new RangeError(`id ${id} was never given out`);
      return arena.toString('utf8', starts[id], starts[id + 1]);
    },
    get size() {
      return next - 1;
    },
  };
}

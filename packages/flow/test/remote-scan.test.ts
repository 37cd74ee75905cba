import { MessageChannel } from 'node:worker_threads';
import { type Columns, type Names, type NameTable, Problem } from '@why502/model';
import { describe, expect, it } from 'vitest';
import { type Counts, pump, RemoteScan, serveScan } from '../src/index.ts';
import { Notes, type PlainInput, plainInput } from './plain-lines.ts';

class Table implements NameTable {
  readonly #names: string[] = [''];
  readonly #ids = new Map<string, number>();

  idOfBytes(bytes: Uint8Array, from: number, to: number): number {
    return this.idOf(Buffer.from(bytes.subarray(from, to)).toString());
  }

  idOf(name: string): number {
    let id = this.#ids.get(name);
    if (id === undefined) {
      id = this.#names.push(name) - 1;
      this.#ids.set(name, id);
    }
    return id;
  }

  nameOf(id: number): string {
    return this.#names[id]!;
  }

  get size(): number {
    return this.#names.length - 1;
  }
}

function tables(): Names {
  return {
    hosts: new Table(),
    services: new Table(),
    peers: new Table(),
    routes: new Table(),
    places: new Table(),
  };
}

/** The input, scanned at the other end of a port. The text of a line is its peer, too. */
function remote(input: PlainInput, here: Names, tell: (counts: Counts) => void = () => {}): PlainInput {
  const { port1, port2 } = new MessageChannel();
  const there = tables();
  const scan = (bytes: Buffer, from: number, to: number, last: boolean, into: Columns) => {
    const first = into.count;
    const read = input.decoder.scan(bytes, from, to, last, into);
    for (let row = first; row < into.count; row++) {
      into.peer[row] = there.peers.idOfBytes(bytes, into.from[row]!, into.to[row]!);
    }
    return read;
  };
  const decoder = {
    ...input.decoder,
    scan,
    get lines() {
      return input.decoder.lines;
    },
  };
  const progress = { read: 0, unpacked: 0 };
  serveScan(port2, { decoder, names: there, chunks: () => input.chunks(), progress });
  const remoteScan = new RemoteScan(port1, here, async (counts) => tell(counts));
  return { ...input, decoder: remoteScan.decoder(input.decoder), scan: remoteScan };
}

const count = 6_000;
const text = Array.from({ length: count }, (_, i) => `${i * 50} peer-${i % 7}`).join('\n');

describe('rows out of another thread', () => {
  it('come as if they were scanned here, whatever the chunks', async () => {
    const local = new Notes();
    await pump([plainInput('a', text, 1 << 16), plainInput('b', text, 1 << 16)], local);
    for (const size of [1_000, 1 << 16]) {
      const notes = new Notes();
      const names = tables();
      await pump([remote(plainInput('a', text, size), names), plainInput('b', text, 1 << 16)], notes);
      expect(notes.calls).toEqual(local.calls);
      expect(notes.readings).toEqual(local.readings);
    }
  });

  it('have the numbers that their names have in this thread', async () => {
    const names = tables();
    names.peers.idOf('known here before');
    const seen = new Set<string>();
    const input = remote(plainInput('a', text, 1_000), names);
    await pump([input], {
      rows(_, rows, from, to, bytes) {
        for (let row = from; row < to; row++) {
          const name = names.peers.nameOf(rows.peer[row]!);
          expect(name).toBe(bytes.toString('latin1', rows.from[row], rows.to[row]));
          seen.add(name);
        }
      },
      advance: () => {},
      ended: () => {},
    });
    expect(seen.size).toBe(count);
  });

  it('tell how many lines there were', async () => {
    let lines = 0;
    const input = remote(plainInput('a', text, 5_000), tables(), (counts) => {
      lines = counts.lines;
    });
    await pump([input], new Notes());
    expect(lines).toBe(count);
    expect(input.decoder.lines).toBe(count);
  });

  it('end with the problem that ended them there, after all that came before it', async () => {
    const plain = plainInput('a', text, 5_000);
    async function* damaged() {
      yield* plain.chunks();
      throw new Problem('W502_DAMAGED_ARCHIVE', { where: 'a' });
    }
    const found = async (input: PlainInput) => {
      const problems: unknown[] = [];
      let rows = 0;
      await pump([input], {
        rows(_, __, from, to) {
          rows += to - from;
        },
        advance: () => {},
        ended: (_, __, problem) => problems.push(problem),
      });
      return { rows, problems };
    };
    const here = await found({ ...plain, chunks: damaged });
    const there = await found(remote({ ...plainInput('a', text, 5_000), chunks: damaged }, tables()));
    expect(there).toEqual(here);
    expect(there.rows).toBeGreaterThan(count - 3);
    expect(there.problems).toMatchObject([{ code: 'W502_DAMAGED_ARCHIVE', details: { where: 'a' } }]);
  });
});

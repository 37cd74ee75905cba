import type { Names, NameTable } from '@why502/model';

const tables = ['hosts', 'services', 'peers', 'routes', 'places'] as const;

type TableName = (typeof tables)[number];

/** Names that a thread gave numbers to since it told of them last, in the order of these numbers. */
export type NewNames = Partial<Record<TableName, readonly string[]>>;

/** Tells of the names of one thread as they come. */
export class NameTeller {
  readonly #names: Names;
  readonly #told: Record<TableName, number> = { hosts: 0, services: 0, peers: 0, routes: 0, places: 0 };

  constructor(names: Names) {
    this.#names = names;
  }

  tell(): NewNames {
    const fresh: NewNames = {};
    for (const table of tables) {
      const { size } = this.#names[table];
      if (size === this.#told[table]) continue;
      fresh[table] = Array.from({ length: size - this.#told[table] }, (_, i) =>
        this.#names[table].nameOf(this.#told[table] + 1 + i),
      );
      this.#told[table] = size;
    }
    return fresh;
  }
}

/** The numbers that names of another thread have in this one. */
export class NameListener {
  readonly #names: Names;
  readonly #ids: Record<TableName, number[]> = {
    hosts: [0],
    services: [0],
    peers: [0],
    routes: [0],
    places: [0],
  };

  constructor(names: Names) {
    this.#names = names;
  }

  hear(fresh: NewNames): void {
    for (const table of tables) {
      const known: NameTable = this.#names[table];
      for (const name of fresh[table] ?? []) this.#ids[table].push(known.idOf(name));
    }
  }

  /** Puts the numbers of this thread in the place of those of the other. */
  translate(table: TableName, ids: Uint32Array): void {
    const known = this.#ids[table];
    for (let row = 0; row < ids.length; row++) ids[row] = known[ids[row]!]!;
  }
}

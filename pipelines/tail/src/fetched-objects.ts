import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * Which objects of a bucket have been fetched: a file of lines, one for each, which is on the disk before the next is fetched. What is
 * no longer listed is forgotten.
 */
export class FetchedObjects {
  readonly #path: string;
  #keys = new Set<string>();

  /** Undefined where nothing has been noted yet. */
  static open(path: string): FetchedObjects | undefined {
    try {
      // A line that was cut by a crash is of an object that is fetched again, and known by its bytes.
      const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
      return new FetchedObjects(path, lines);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Begins anew. */
  static create(path: string, keys: Iterable<string>): FetchedObjects {
    const fetched = new FetchedObjects(path, keys);
    fetched.#write();
    return fetched;
  }

  static remove(path: string): void {
    rmSync(path, { force: true });
  }

  private constructor(path: string, keys: Iterable<string>) {
    this.#path = path;
    this.#keys = new Set(keys);
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  add(key: string): void {
    this.#keys.add(key);
    const file = openSync(this.#path, 'a', 0o600);
    try {
      writeSync(file, `${key}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }

  /** Forgets the others once they are most. */
  keep(listed: ReadonlySet<string>): void {
    const kept = [...this.#keys].filter((key) => listed.has(key));
    if (kept.length * 2 > this.#keys.size) return;
    this.#keys = new Set(kept);
    this.#write();
  }

  #write(): void {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    const unfinished = `${this.#path}.new`;
    const file = openSync(unfinished, 'w', 0o600);
    try {
      for (const key of this.#keys) writeSync(file, `${key}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, this.#path);
  }
}

// The logs that a soak writes, as a proxy does, and the ways in which they are rotated.
import {
  closeSync,
  copyFileSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const names = ['access', 'error'];

export class Logs {
  lines = 0;
  failures = 0;
  rotations = 0;
  #folder;
  #by;
  #open;

  /** @param by `rename`, `copytruncate`, or `pack`, which is rename and gzip at once */
  constructor(folder, by) {
    this.#folder = folder;
    this.#by = by;
    this.#open = this.#create();
  }

  write({ access, error }) {
    writeSync(this.#open.access, access, null, 'latin1');
    writeSync(this.#open.error, error, null, 'latin1');
    for (const line of access.split('\n')) {
      if (line === '') continue;
      this.lines++;
      if (/" (\d{3}) /.exec(line)[1] >= '500') this.failures++;
    }
  }

  rotate() {
    this.rotations++;
    if (this.#by === 'copytruncate') {
      for (const name of names) {
        copyFileSync(this.#path(name), this.#rotated(name));
        ftruncateSync(this.#open[name]);
      }
      return;
    }
    for (const name of names) renameSync(this.#path(name), this.#rotated(name));
    const before = this.#open;
    this.#open = this.#create();
    for (const name of names) closeSync(before[name]);
    if (this.#by !== 'pack') return;
    for (const name of names) {
      writeFileSync(`${this.#rotated(name)}.gz`, gzipSync(readFileSync(this.#rotated(name)), { level: 1 }));
      rmSync(this.#rotated(name));
    }
  }

  #create() {
    return Object.fromEntries(names.map((name) => [name, openSync(this.#path(name), 'a')]));
  }

  #path(name) {
    return join(this.#folder, `${name}.log`);
  }

  #rotated(name) {
    return `${this.#path(name)}.${String(this.rotations).padStart(5, '0')}`;
  }
}

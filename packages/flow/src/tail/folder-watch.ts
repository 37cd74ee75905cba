import { type FSWatcher, watch } from 'node:fs';

/** Hints of the system that something has changed in folders. Where it gives none, whoever waits looks by the clock. */
export class FolderWatch {
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #changed: (names: boolean) => void;

  /** @param changed told of every change; `names`: something was created, renamed or removed */
  constructor(changed: (names: boolean) => void) {
    this.#changed = changed;
  }

  add(folder: string): void {
    if (this.#watchers.has(folder)) return;
    try {
      const watcher = watch(folder, { persistent: false }, (event) => this.#changed(event === 'rename'));
      // A folder that is gone is watched again when it is there again.
      watcher.on('error', () => this.#remove(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      // It is not there, there are too many watches, or the file system has none.
    }
  }

  close(): void {
    for (const folder of [...this.#watchers.keys()]) this.#remove(folder);
  }

  #remove(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
}

import { join } from 'node:path';
import { glob, isGlob } from '../glob.ts';
import type { FileLayer } from './file-layer.ts';

/** What paths and patterns mean now; what is not there yet may be there at the next look. */
export class PathPatterns {
  readonly #paths: readonly string[];
  readonly #files: FileLayer;
  readonly #folders = {
    list: (folder: string) => this.#files.list(folder),
    isFolder: (path: string) => this.#stat(path)?.isFolder === true,
  };

  constructor(paths: readonly string[], files: FileLayer) {
    this.#paths = paths;
    this.#files = files;
  }

  /** Paths of files, each once, in order. */
  expand(): readonly string[] {
    const found = new Set<string>();
    for (const path of this.#paths) for (const one of this.#expandOne(path)) found.add(one);
    return [...found].sort();
  }

  #expandOne(path: string): readonly string[] {
    if (isGlob(path)) return glob(path, this.#folders);
    return this.#stat(path)?.isFolder === true ? this.#below(path.replace(/\/+$/, '')) : [path];
  }

  #below(folder: string): readonly string[] {
    return this.#files
      .list(folder)
      .map((name) => join(folder, name))
      .flatMap((path) => (this.#stat(path)?.isFolder === true ? this.#below(path) : [path]));
  }

  #stat(path: string) {
    try {
      return this.#files.stat(path);
    } catch {
      // Closed to us: whoever opens it says so.
      return undefined;
    }
  }
}

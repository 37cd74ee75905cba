import { basename, dirname, join } from 'node:path';
import type { FileLayer, FileStat } from './file-layer.ts';

export interface FoundFile {
  readonly path: string;
  readonly stat: FileStat;
}

/** What lies beside paths, of which many are asked for at once: each folder is listed when it is first asked about. */
export class Neighbours {
  readonly #files: FileLayer;
  /** By folder, in order. */
  readonly #names = new Map<string, readonly string[]>();

  constructor(files: FileLayer) {
    this.#files = files;
  }

  /**
   * Files beside a path under names that begin with its own, as rotation leaves them, in the order in which they were last
   * written. What may not be looked at is left out.
   */
  rotatedFrom(path: string): readonly FoundFile[] {
    const folder = dirname(path);
    const begins = basename(path);
    const names = this.#namesIn(folder);
    const found: FoundFile[] = [];
    for (let at = firstFrom(names, begins); names[at]?.startsWith(begins) === true; at++) {
      const name = names[at]!;
      const stat = name === begins ? undefined : statIfAllowed(this.#files, join(folder, name));
      if (stat?.isFile === true) found.push({ path: join(folder, name), stat });
    }
    return found.sort((a, b) => a.stat.modified - b.stat.modified || (a.path < b.path ? 1 : -1));
  }

  #namesIn(folder: string): readonly string[] {
    let names = this.#names.get(folder);
    if (names === undefined) {
      names = [...this.#files.list(folder)].sort();
      this.#names.set(folder, names);
    }
    return names;
  }
}

/** A number or a date behind the name, or a word for "before": how logrotate and its kin name what they rotate. */
const rotation = /^[.\-_](?:\d[\d.\-_:T]*Z?|old|bak|prev)(?:\.(?:gz|zst|zstd|bz2|xz))?$/;

/** Whether a file beside a path is called as one that was rotated away from it; others may be logs of their own. */
export function looksRotated(path: string, found: string): boolean {
  return found.startsWith(path) && rotation.test(found.slice(path.length));
}

/**
 * The path under which the text of a file was written: that of the log from which it was rotated away, where that is there, else
 * its own.
 */
export function homeOf(path: string, isLog: (path: string) => boolean): string {
  const name = basename(path);
  for (let at = 1; at < name.length; at++) {
    const home = path.slice(0, path.length - name.length + at);
    if (looksRotated(home, path) && isLog(home)) return home;
  }
  return path;
}

/** Where the first of the names stands that is not before the text. */
function firstFrom(names: readonly string[], text: string): number {
  let [low, high] = [0, names.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (names[middle]! < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Undefined also where the system does not say. */
export function statIfAllowed(files: FileLayer, path: string): FileStat | undefined {
  try {
    return files.stat(path);
  } catch {
    return undefined;
  }
}

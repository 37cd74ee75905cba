import { basename, dirname, join } from 'node:path';
import type { FileLayer, FileStat } from './file-layer.ts';

export interface FoundFile {
  readonly path: string;
  readonly stat: FileStat;
}

/**
 * Files beside a path under names that begin with its own, as rotation leaves them, in the order in which they were last
 * written. What may not be looked at is left out.
 */
export function rotatedFiles(files: FileLayer, path: string): readonly FoundFile[] {
  const folder = dirname(path);
  const begins = basename(path);
  return files
    .list(folder)
    .filter((name) => name.startsWith(begins) && name !== begins)
    .flatMap((name) => {
      const stat = statIfAllowed(files, join(folder, name));
      return stat?.isFile === true ? [{ path: join(folder, name), stat }] : [];
    })
    .sort((a, b) => a.stat.modified - b.stat.modified || (a.path < b.path ? 1 : -1));
}

/** Undefined also where the system does not say. */
export function statIfAllowed(files: FileLayer, path: string): FileStat | undefined {
  try {
    return files.stat(path);
  } catch {
    return undefined;
  }
}

import { readdir, readFile, stat } from 'node:fs/promises';
import type { FileTree } from '@why502/model';

/** No configuration is larger, and it is held as one string. */
const largest = 64 * 1024 * 1024;

/** The files of this machine. Only plain files are opened: a pipe or device might never end. */
export const diskTree: FileTree = {
  async text(path) {
    try {
      const stats = await stat(path);
      return stats.isFile() && stats.size <= largest ? await readFile(path, 'utf8') : undefined;
    } catch {
      return undefined;
    }
  },
  async names(folder) {
    try {
      return await readdir(folder);
    } catch {
      return [];
    }
  },
};

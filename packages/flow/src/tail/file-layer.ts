import { closeSync, fstatSync, openSync, readdirSync, readSync, type Stats, statSync } from 'node:fs';

/** What is asked of a file system; another one is put in its place to see what becomes of faults. */
export interface FileLayer {
  /** Through links; undefined where nothing is. */
  stat(path: string): FileStat | undefined;
  /** Names in a folder; none where there is no folder. */
  list(folder: string): readonly string[];
  open(path: string): OpenFile;
}

export interface FileStat {
  readonly device: number;
  readonly inode: number;
  /** ms; 0 where the file system does not keep it. */
  readonly birth: number;
  readonly size: number;
  /** ms */
  readonly modified: number;
  readonly isFile: boolean;
  readonly isFolder: boolean;
}

/** Keeps what it leads to through renames and deletion. */
export interface OpenFile {
  stat(): FileStat;
  /** Fills the buffer from a position of the file on; the number of bytes, 0 at the end. */
  read(into: Uint8Array, position: number): number;
  close(): void;
}

/** The files of this machine. Calls are synchronous: each takes microseconds, and a trip through the thread pool fifty. */
export const diskFiles: FileLayer = {
  stat(path) {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats === undefined ? undefined : fileStat(stats);
  },
  list(folder) {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  },
  open(path) {
    const fd = openSync(path, 'r');
    return {
      stat: () => fileStat(fstatSync(fd)),
      read: (into, position) => readSync(fd, into, 0, into.length, position),
      close: () => closeSync(fd),
    };
  },
};

function fileStat(stats: Stats): FileStat {
  return {
    device: stats.dev,
    inode: stats.ino,
    birth: stats.birthtimeMs,
    size: stats.size,
    modified: stats.mtimeMs,
    isFile: stats.isFile(),
    isFolder: stats.isDirectory(),
  };
}

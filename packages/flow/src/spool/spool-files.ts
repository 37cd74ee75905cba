import {
  closeSync,
  fstatSync,
  fsync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { promisify } from 'node:util';

/** What a spool asks of a disk; another one is put in its place to see what becomes of faults. */
export interface SpoolFiles {
  /** Names in a folder, which is made where there is none. */
  list(folder: string): readonly string[];
  /** To read and to write; made empty where there is none. */
  open(path: string): SpoolFile;
  remove(path: string): void;
  /** Brings names to the disk. */
  syncFolder(folder: string): Promise<void>;
}

export interface SpoolFile {
  /** Bytes. */
  size(): number;
  /** Fills the buffer from a position of the file on; the number of bytes, 0 at the end. */
  read(into: Uint8Array, position: number): number;
  write(bytes: Uint8Array, position: number): void;
  truncate(size: number): void;
  /** Resolves when what was written is on the disk. */
  sync(): Promise<void>;
  close(): void;
}

const syncHandle = promisify(fsync);

/** The disk of this machine. Only what takes milliseconds is waited for. */
export const diskSpool: SpoolFiles = {
  list(folder) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return readdirSync(folder);
  },
  open(path) {
    const handle = openHandle(path);
    return {
      size: () => fstatSync(handle).size,
      read: (into, position) => readSync(handle, into, 0, into.length, position),
      write(bytes, position) {
        for (let at = 0; at < bytes.length; )
          at += writeSync(handle, bytes, at, bytes.length - at, position + at);
      },
      truncate: (size) => ftruncateSync(handle, size),
      sync: () => syncHandle(handle),
      close: () => closeSync(handle),
    };
  },
  remove: (path) => rmSync(path, { force: true }),
  async syncFolder(folder) {
    const handle = openSync(folder, 'r');
    try {
      await syncHandle(handle);
    } finally {
      closeSync(handle);
    }
  },
};

function openHandle(path: string): number {
  try {
    return openSync(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return openSync(path, 'wx+', 0o600);
  }
}

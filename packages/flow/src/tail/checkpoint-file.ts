import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';

/** A file that holds one value of JSON, and that a crash at any moment leaves as it was or as it will be. */
export interface CheckpointFile {
  /** What was saved last, or before that where the last is damaged; undefined without any. */
  load(): unknown;
  save(value: unknown): void;
}

/**
 * The value is written beside the file, brought to the disk, and put in its place; the one before stays as `path.old`. A
 * checksum tells whether a file is whole.
 */
export function checkpointFile(path: string): CheckpointFile {
  const old = `${path}.old`;
  return {
    load: () => read(path) ?? read(old),
    save(value) {
      const folder = dirname(path);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const text = JSON.stringify(value);
      const fresh = `${path}.new`;
      const file = openSync(fresh, 'w', 0o600);
      try {
        writeSync(file, `${sum(text)} ${text}\n`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      // A damaged file must not take the place of the one before.
      if (read(path) !== undefined) renameSync(path, old);
      renameSync(fresh, path);
      syncFolder(folder);
    },
  };
}

/** Brings names to the disk. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function read(path: string): unknown {
  try {
    const text = readFileSync(path, 'utf8');
    const at = text.indexOf(' ');
    const body = text.slice(at + 1, -1);
    return text.endsWith('\n') && text.slice(0, at) === sum(body) ? JSON.parse(body) : undefined;
  } catch {
    return undefined;
  }
}

function sum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

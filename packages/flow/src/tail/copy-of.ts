import { basename } from 'node:path';
import type { OpenFile } from './file-layer.ts';
import { bytesAt, type Generation } from './generation.ts';
import { fits, guardLength } from './position.ts';

/**
 * Whether a file is the copy that a rotation makes of one that is followed: named after it, and the same text. Of an
 * original that was cut since, all that was read of it must be in the copy; otherwise all of the copy in the original.
 */
export function isCopyOf(original: Generation, file: OpenFile, path: string): boolean {
  const isNamedSo = basename(path).startsWith(basename(original.name)) && path !== original.name;
  if (!isNamedSo || original.offset === 0) return false;
  const copy = file.stat();
  const { head, guard, offset, device, inode } = original;
  if (device === copy.device && inode === copy.inode) return false;
  const now = original.stat();
  if (now.size < offset || !original.isSame())
    return (
      copy.size >= offset &&
      hasAt(file, 0, head) &&
      fits(guard, bytesAt(file, offset - guard.length, guard.length))
    );
  if (copy.size === 0 || copy.size > now.size) return false;
  const from = Math.max(0, copy.size - guardLength);
  return (
    hasAt(file, 0, head.subarray(0, copy.size)) &&
    bytesAt(file, from, copy.size - from).compare(original.bytesAt(from, copy.size - from)) === 0
  );
}

function hasAt(file: OpenFile, position: number, bytes: Uint8Array): boolean {
  return bytesAt(file, position, bytes.length).compare(bytes) === 0;
}

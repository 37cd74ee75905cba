import { createHash } from 'node:crypto';
import type { Place } from '../live/queue-scan.ts';

/**
 * Where reading goes on after a restart, and by what the file is known then: a name tells nothing, for logs are renamed,
 * and an inode not enough, for it is given to other files.
 */
export interface Position {
  /** One file through all its renames and compressions. */
  readonly generation: string;
  /** Path at which it was read. */
  readonly name: string;
  readonly device: number;
  readonly inode: number;
  readonly head: Print;
  /** Of the bytes in front of the place, as many as it says. */
  readonly guard: Print;
  /** In unpacked bytes. */
  readonly place: Place;
}

/** So many bytes and their hash. */
export interface Print {
  readonly length: number;
  readonly hash: string;
}

/** As many bytes of the beginning tell a file from others. */
export const headLength = 4_096;
/** As many bytes in front of a place tell that it is still the same text. */
export const guardLength = 256;

export function printOf(bytes: Uint8Array): Print {
  return { length: bytes.length, hash: createHash('sha256').update(bytes).digest('base64url').slice(0, 22) };
}

export function fits(print: Print, bytes: Uint8Array): boolean {
  return bytes.length >= print.length && printOf(bytes.subarray(0, print.length)).hash === print.hash;
}

/** A file that needs no look any more: read to its end, or older than the start. What was packed since is known by its text. */
export interface Settled {
  readonly device: number;
  readonly inode: number;
  /** An inode is given to other files; together with these it is the same one. */
  readonly birth: number;
  readonly modified: number;
  readonly size: number;
  /** Undefined for a packed file, and where nothing of it was read. */
  readonly head: Print | undefined;
}

/** All that a follower knows of its files, for the one after a restart. */
export interface FollowerState {
  readonly positions: readonly Position[];
  readonly settled: readonly Settled[];
}

import { hash } from 'node:crypto';

/** 64 bits of SHA-1 over the exact bytes of a line, as 16 hex digits. */
export function lineHash(bytes: Uint8Array, from: number, to: number): string {
  return hash('sha1', bytes.subarray(from, to), 'hex').slice(0, 16);
}

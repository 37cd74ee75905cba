import { basename } from 'node:path';
import type { SpoolFile, SpoolFiles } from '../src/index.ts';

interface FrailFile {
  bytes: Buffer;
  /** So much of it survives a crash for certain. */
  safe: Buffer;
}

/** A disk in memory that can be full, fail, and lose what was not brought to it. */
export class FrailDisk implements SpoolFiles {
  readonly files = new Map<string, FrailFile>();
  /** Writes fail when so many bytes more are written. */
  room = Number.POSITIVE_INFINITY;
  syncFails = false;

  list(): readonly string[] {
    return [...this.files.keys()].map((path) => basename(path));
  }

  remove(path: string): void {
    this.files.delete(path);
  }

  async syncFolder(): Promise<void> {}

  open(path: string): SpoolFile {
    const file = this.files.get(path) ?? { bytes: Buffer.alloc(0), safe: Buffer.alloc(0) };
    this.files.set(path, file);
    return {
      size: () => file.bytes.length,
      read: (into, position) => {
        const part = file.bytes.subarray(position, position + into.length);
        part.copy(into);
        return part.length;
      },
      write: (bytes, position) => {
        const written = Buffer.from(bytes.subarray(0, Math.min(bytes.length, this.room)));
        this.room -= written.length;
        const length = Math.max(file.bytes.length, position + written.length);
        const grown = Buffer.alloc(length);
        file.bytes.copy(grown);
        written.copy(grown, position);
        file.bytes = grown;
        if (written.length < bytes.length) throw new Error('ENOSPC: no space left on device, write');
      },
      truncate: (size) => {
        file.bytes = Buffer.from(file.bytes.subarray(0, size));
      },
      sync: async () => {
        await Promise.resolve();
        if (this.syncFails) throw new Error('EIO: i/o error, fsync');
        file.safe = Buffer.from(file.bytes);
      },
      close: () => {},
    };
  }

  /**
   * What a crash leaves: of each file what was brought to the disk, and of what was written since a part.
   *
   * @param share of the bytes that were written since, in [0, 1]
   * @param flipped whether the last of them is another one
   */
  crash(share: number, flipped: boolean): void {
    for (const [path, { bytes, safe }] of this.files) {
      const more = Math.max(0, Math.floor((bytes.length - safe.length) * share));
      const left = Buffer.from(more === 0 ? safe : bytes.subarray(0, safe.length + more));
      if (flipped && more > 0) left[left.length - 1]! ^= 0x55;
      // Whoever had the file open has died.
      this.files.set(path, { bytes: left, safe: Buffer.from(left) });
    }
    this.room = Number.POSITIVE_INFINITY;
    this.syncFails = false;
  }
}

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, type Stats, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Behind the name of the folder, that of another one: objects that are being written lie there, where nobody follows them. */
const coming = '.coming';

/** An inode is given to other files when its own is gone: its birth tells them apart. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
  readonly birth: number;
}

export interface InboxOptions {
  /** Bytes that may lie in it; more is not taken until what was read has gone. */
  readonly most: number;
}

/**
 * A folder of whole objects, packed, as they were pushed or fetched. What was put stays through a crash and a power cut, and the same object put
 * twice is one. Whoever follows the folder reads them like any other log.
 */
export class Inbox {
  readonly folder: string;
  readonly #most: number;
  #bytes = 0;

  constructor(folder: string, { most }: InboxOptions) {
    this.folder = folder;
    this.#most = most;
    // What had not come whole was never confirmed, and comes again.
    rmSync(folder + coming, { recursive: true, force: true });
    for (const one of [folder, folder + coming]) mkdirSync(one, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(folder)) this.#bytes += statSync(join(folder, name)).size;
  }

  /** Has it room for so many bytes more. */
  hasRoom(bytes: number): boolean {
    return this.#bytes + bytes <= this.#most;
  }

  /**
   * Resolves when the object is on the disk; false where it was there before.
   *
   * @param name what people know it by; its file also has the hash of its bytes
   * @throws what the file system says, such as that the disk is full; nothing is left then
   */
  async put(object: Uint8Array, name = 'log.gz'): Promise<boolean> {
    const hash = createHash('sha256').update(object).digest('hex').slice(0, 32);
    const path = join(this.folder, `${hash}.${name}`);
    if (existsSync(path)) return false;
    const unfinished = join(this.folder + coming, hash);
    this.#bytes += object.length;
    try {
      const file = await open(unfinished, 'w', 0o600);
      try {
        await file.writeFile(object);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(unfinished, path);
      await syncFolder(this.folder);
    } catch (error) {
      this.#bytes -= object.length;
      await rm(unfinished, { force: true });
      throw error;
    }
    return true;
  }

  /** Takes away what nobody will read again. */
  sweep(isDone: (file: FileIdentity) => boolean): void {
    for (const name of readdirSync(this.folder)) {
      const path = join(this.folder, name);
      const stats = statSync(path, { throwIfNoEntry: false });
      if (stats === undefined || !isDone(identityOf(stats))) continue;
      rmSync(path, { force: true });
      this.#bytes -= stats.size;
    }
  }
}

function identityOf({ dev, ino, birthtimeMs }: Stats): FileIdentity {
  return { device: dev, inode: ino, birth: birthtimeMs };
}

/** The name is on the disk only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

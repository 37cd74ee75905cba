import { readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { Problem, type Source } from '@why502/model';

const readSize = 256 * 1024;

/**
 * A file, read from its start each time it is asked for. One buffer is filled again and again.
 * @param size of the file, where it is known
 */
export function fileSource(path: string, name: string, size?: number): Source {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const file = await open(path, 'r').catch((error: unknown) => {
      throw problemOf(error, name);
    });
    try {
      const buffer = Buffer.allocUnsafeSlow(readSize);
      for (;;) {
        const bytesRead = readInto(buffer, file.fd, name);
        if (bytesRead === 0) return;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await file.close();
    }
  }
  return size === undefined ? { name, path, chunks } : { name, path, size, chunks };
}

/** Reading at once is cheaper than a trip through the thread pool, and decoding could do nothing meanwhile. */
function readInto(buffer: Buffer, fd: number, name: string): number {
  try {
    return readSync(fd, buffer, 0, buffer.length, null);
  } catch (cause) {
    throw new Problem('W502_READ_FAILED', { where: name }, { cause });
  }
}

/** A source that cannot be read, and says so when it is tried. */
export function failingSource(name: string, problem: Problem): Source {
  return {
    name,
    chunks: () => {
      throw problem;
    },
  };
}

/** Why the operating system does not let a path be opened, as something the user can mend. */
export function problemOf(error: unknown, where: string): Problem {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const options = { cause: error };
  if (code === 'ENOENT' || code === 'ENOTDIR') return new Problem('W502_NOT_FOUND', { where }, options);
  if (code === 'EACCES' || code === 'EPERM') return new Problem('W502_NOT_READABLE', { where }, options);
  return new Problem('W502_READ_FAILED', { where }, options);
}

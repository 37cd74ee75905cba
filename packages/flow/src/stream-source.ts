import { Problem, type Source } from '@why502/model';

/** What recognition reads ahead, unpacking included, stays well below this. */
const headSize = 1024 * 1024;

/**
 * A stream such as standard input. It can be read once; only its first MiB can be asked for again, so that its format
 * can be recognised before it is read.
 */
export function streamSource(readable: AsyncIterable<Uint8Array>, name: string): Source {
  const stream = readable[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let headBytes = 0;

  async function next(): Promise<Uint8Array | undefined> {
    try {
      const { done, value } = await stream.next();
      return done ? undefined : value;
    } catch (error) {
      throw new Problem('W502_READ_FAILED', { where: name }, { cause: error });
    }
  }

  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let index = 0; ; index++) {
      const again = head[index];
      if (again !== undefined) {
        yield again;
        continue;
      }
      const chunk = await next();
      if (chunk === undefined) return;
      if (headBytes >= headSize) {
        yield chunk;
        continue;
      }
      // A reader that has gone may still have had a chunk coming, which then is in front of this one.
      headBytes += chunk.length;
      head.push(chunk);
      index--;
    }
  }

  return { name, once: true, chunks };
}

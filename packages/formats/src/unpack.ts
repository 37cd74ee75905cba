import { Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { Problem } from '@why502/model';

/** With Node's 16 KiB, inflating costs 1.7 times as much CPU. */
const outputChunk = 256 * 1024;

/**
 * The bytes themselves, or what they are packed of: gzip and zstd are known by their first bytes, and may consist of
 * several members.
 * @throws Problem W502_DAMAGED_ARCHIVE after all that could be unpacked has been delivered
 */
export async function* unpack(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let ended = false;
  while (head.length < 4 && !ended) {
    const next = await source.next();
    if (next.done) ended = true;
    else head = head.length === 0 ? Buffer.from(next.value) : Buffer.concat([head, next.value]);
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    if (head.length > 0) yield head;
    for (;;) {
      const next = await source.next();
      if (next.done) return;
      yield next.value;
    }
  }
  try {
    if (isGzip(head)) yield* inflated(whole(), zlib.createGunzip({ chunkSize: outputChunk }), name);
    else if (isZstd(head)) yield* inflated(whole(), zstdOrProblem(name), name);
    else yield* whole();
  } finally {
    await source.return?.();
  }
}

function isGzip(head: Buffer): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

function isZstd(head: Buffer): boolean {
  return head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528;
}

async function* inflated(
  packed: AsyncIterable<Uint8Array>,
  unpacker: zlib.Gunzip,
  name: string,
): AsyncGenerator<Uint8Array> {
  const input = Readable.from(packed, { objectMode: false });
  // What the source itself says is wrong must not be taken for damage.
  let sourceError: unknown;
  input.on('error', (error) => {
    sourceError = error;
    unpacker.destroy(error);
  });
  try {
    for await (const chunk of input.pipe(unpacker)) yield chunk;
  } catch (error) {
    if (sourceError !== undefined) throw sourceError;
    throw new Problem('W502_DAMAGED_ARCHIVE', { where: name }, { cause: error });
  } finally {
    input.destroy();
    unpacker.destroy();
  }
}

/** Node has zstd from 22.15 on. */
function zstdOrProblem(name: string): zlib.Gunzip {
  if ('createZstdDecompress' in zlib && typeof zlib.createZstdDecompress === 'function') {
    return zlib.createZstdDecompress({ chunkSize: outputChunk });
  }
  throw new Problem('W502_DAMAGED_ARCHIVE', { where: name, expected: 'gzip, or Node 22.15 for zstd' });
}

import { createGunzip, type Gunzip } from 'node:zlib';
import { Problem } from '@why502/model';
import { unrolled } from './json-document.ts';
import { unzstd } from './unzstd.ts';

/** With Node's 16 KiB, inflating costs 1.7 times as much CPU. */
const outputChunk = 256 * 1024;

/** Logs shrink to a hundredth at most; what grows further than this is made to fill memory or disks. */
const mostGrowth = 200;
/** So much may come out of little. */
const alwaysAllowed = 64 * 1024 * 1024;
const mostBytes = 64 * 1024 ** 3;

/** An archive may be in an archive. */
const mostLayers = 3;

/**
 * The bytes themselves, or what they are packed of: gzip and zstd are known by their first bytes, whatever the name says,
 * and may consist of several members. Of a JSON document its records are delivered, each as a line.
 * @throws Problem W502_DAMAGED_ARCHIVE, W502_ARCHIVE_GROWS and W502_DAMAGED_JSON, after what could be unpacked has been
 * delivered
 */
export async function* unpack(chunks: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const read = { bytes: 0 };
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      read.bytes += chunk.length;
      yield chunk;
    }
  }
  yield* unrolled(layer(counted(), read, name, mostLayers), name);
}

async function* layer(
  packed: AsyncGenerator<Uint8Array>,
  read: { readonly bytes: number },
  name: string,
  layers: number,
): AsyncGenerator<Uint8Array> {
  let head = Buffer.alloc(0);
  let ended = false;
  async function* whole(): AsyncGenerator<Uint8Array> {
    if (head.length > 0) yield head;
    while (!ended) {
      const next = await packed.next();
      if (next.done) return;
      yield next.value;
    }
  }
  try {
    while (head.length < 4 && !ended) {
      const next = await packed.next();
      if (next.done) ended = true;
      else head = head.length === 0 ? Buffer.from(next.value) : Buffer.concat([head, next.value]);
    }
    const unpacker = layers > 0 ? unpackerOf(head) : undefined;
    if (unpacker === undefined) yield* whole();
    else yield* layer(limited(unpacker(whole(), name), read, name), read, name, layers - 1);
  } finally {
    await packed.return(undefined);
  }
}

type Unpacker = (packed: AsyncGenerator<Uint8Array>, name: string) => AsyncGenerator<Uint8Array>;

function unpackerOf(head: Buffer): Unpacker | undefined {
  if (head[0] === 0x1f && head[1] === 0x8b) return gunzip;
  return head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528 ? unzstd : undefined;
}

async function* gunzip(packed: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const unpacker = createGunzip({ chunkSize: outputChunk });
  // What the source itself says is wrong must not be taken for damage.
  let sourceError: unknown;
  const fed = feed(unpacker, packed).catch((error: unknown) => {
    sourceError = error;
    unpacker.destroy();
  });
  try {
    for await (const chunk of unpacker) yield chunk;
  } catch (error) {
    if (sourceError !== undefined) throw sourceError;
    throw new Problem('W502_DAMAGED_ARCHIVE', { where: name }, { cause: error });
  } finally {
    unpacker.destroy();
    await fed;
  }
}

/** A chunk is valid until the next one is asked for, which therefore waits until this one has been unpacked. */
async function feed(unpacker: Gunzip, packed: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of packed) {
    if (unpacker.destroyed) return;
    await new Promise<void>((resolve) => {
      unpacker.once('close', resolve);
      unpacker.write(chunk, () => {
        unpacker.removeListener('close', resolve);
        resolve();
      });
    });
  }
  unpacker.end();
}

/** Stops where far more comes out than was read. */
async function* limited(
  unpacked: AsyncGenerator<Uint8Array>,
  read: { readonly bytes: number },
  name: string,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of unpacked) {
    bytes += chunk.length;
    if (bytes > Math.min(mostBytes, Math.max(alwaysAllowed, mostGrowth * read.bytes))) {
      throw new Problem('W502_ARCHIVE_GROWS', { where: name });
    }
    yield chunk;
  }
}

import { createGunzip } from 'node:zlib';

/** By so many bytes a log is known. */
const headLength = 64 * 1024;

/**
 * The beginning of an object, unpacked where it is gzip (RFC 1952); the object itself where it is not. All of it is unpacked on the
 * way, so that what is confirmed can be read.
 *
 * @param most bytes that it may have unpacked
 */
export async function inflatedHead(object: Buffer, most: number): Promise<Buffer | 'too_large' | 'damaged'> {
  if (object[0] !== 0x1f || object[1] !== 0x8b) return object;
  const gunzip = createGunzip({ chunkSize: headLength });
  const head: Buffer[] = [];
  let bytes = 0;
  try {
    gunzip.end(object);
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      if (bytes < headLength) head.push(chunk);
      bytes += chunk.length;
      if (bytes > most) return 'too_large';
    }
  } catch {
    return 'damaged';
  } finally {
    gunzip.destroy();
  }
  return Buffer.concat(head).subarray(0, headLength);
}

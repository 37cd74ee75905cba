/** A piece of a zstd stream that can be unpacked by itself, given those before it (RFC 8878, section 3.1). */
export interface Piece {
  readonly kind: 'header' | 'block' | 'last_block' | 'skippable';
  readonly length: number;
  /** Of a header: bytes of the checksum behind the last block. */
  readonly checksum: number;
}

/** The window that zstd itself allows unless told otherwise: 128 MiB of memory. */
const largestWindow = 2 ** 27;
const largestBlock = 128 * 1024;
const longestHeader = 14;

/**
 * The piece that `bytes` begin with, which may be longer than they are; undefined where they are too few to tell.
 * @param last the piece before it
 * @throws RangeError for what is no zstd, or would take too much memory
 */
export function pieceOf(bytes: Buffer, last: Piece | undefined): Piece | undefined {
  return last?.kind === 'header' || last?.kind === 'block' ? blockOf(bytes, last.checksum) : frameOf(bytes);
}

function blockOf(bytes: Buffer, checksum: number): Piece | undefined {
  if (bytes.length < 3) return undefined;
  const header = bytes.readUIntLE(0, 3);
  const isLast = (header & 1) === 1;
  const type = (header >> 1) & 3;
  const size = header >> 3;
  if (type === 3 || size > largestBlock) throw new RangeError('not a block of zstd');
  // A block of one repeated byte holds it once.
  const length = 3 + (type === 1 ? 1 : size);
  return isLast
    ? { kind: 'last_block', length: length + checksum, checksum }
    : { kind: 'block', length, checksum };
}

function frameOf(bytes: Buffer): Piece | undefined {
  if (bytes.length < 8) return undefined;
  const magic = bytes.readUInt32LE(0);
  if ((magic & 0xfffffff0) >>> 0 === 0x184d2a50) {
    return { kind: 'skippable', length: 8 + bytes.readUInt32LE(4), checksum: 0 };
  }
  if (magic !== 0xfd2fb528) throw new RangeError('not a frame of zstd');
  const flags = bytes[4]!;
  const isSingle = (flags & 0x20) !== 0;
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][flags >> 6]!;
  const sizeAt = 5 + (isSingle ? 0 : 1) + [0, 1, 2, 4][flags & 3]!;
  if (bytes.length < longestHeader && bytes.length < sizeAt + sizeBytes) return undefined;
  if (windowOf(bytes, isSingle, sizeAt, sizeBytes) > largestWindow)
    throw new RangeError('the window is too large');
  return { kind: 'header', length: sizeAt + sizeBytes, checksum: (flags & 4) === 0 ? 0 : 4 };
}

/** Bytes that the frame may refer back to. */
function windowOf(bytes: Buffer, isSingle: boolean, sizeAt: number, sizeBytes: number): number {
  if (!isSingle) {
    const base = 2 ** (10 + (bytes[5]! >> 3));
    return base + (base / 8) * (bytes[5]! & 7);
  }
  return sizeBytes === 8 ? Number(bytes.readBigUInt64LE(sizeAt)) : bytes.readUIntLE(sizeAt, sizeBytes);
}

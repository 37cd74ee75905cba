import { Problem } from '@why502/model';
import { Decompress } from 'fzstd';
import { type Piece, pieceOf } from './zstd-frames.ts';

/**
 * Unpacks zstd block by block, so that little input never becomes much memory. Node's own, where it has one, drops all
 * but the first of several frames (https://github.com/nodejs/node/issues/64741). Checksums are not compared.
 * @throws Problem W502_DAMAGED_ARCHIVE after all that could be unpacked has been delivered
 */
export async function* unzstd(packed: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  const damaged = (cause?: unknown) => new Problem('W502_DAMAGED_ARCHIVE', { where: name }, { cause });
  let rest = Buffer.alloc(0);
  /** Bytes to come of a frame that holds no content. */
  let toSkip = 0;
  let last: Piece | undefined;
  let frame = new Decompress();
  const out: Uint8Array[] = [];

  function take(piece: Piece, bytes: Buffer): void {
    if (piece.kind === 'header') {
      frame = new Decompress((data) => {
        if (data.length > 0) out.push(data);
      });
    }
    frame.push(Uint8Array.from(bytes), piece.kind === 'last_block');
  }

  for await (const chunk of packed) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    for (;;) {
      try {
        const skipped = Math.min(toSkip, rest.length);
        rest = rest.subarray(skipped);
        toSkip -= skipped;
        const piece = toSkip > 0 ? undefined : pieceOf(rest, last);
        if (piece?.kind === 'skippable') toSkip = piece.length;
        else if (piece === undefined || piece.length > rest.length) break;
        else {
          take(piece, rest.subarray(0, piece.length));
          rest = rest.subarray(piece.length);
        }
        last = piece;
      } catch (cause) {
        throw damaged(cause);
      }
      yield* out.splice(0);
    }
  }
  const isWhole = last?.kind === 'last_block' || last?.kind === 'skippable';
  if (rest.length > 0 || toSkip > 0 || !isWhole) throw damaged();
}

import { unpack } from '@why502/formats';
import { Problem, type Source } from '@why502/model';

/** Enough for some hundred lines. */
const sampleSize = 64 * 1024;

const lineBreak = 0x0a;

/**
 * The first lines of a source, whole ones only where there is more than one.
 * @throws Problem W502_EMPTY, W502_BINARY, or why it cannot be read
 */
export async function sampleOf(source: Source): Promise<Buffer> {
  const bytes = await firstBytes(source);
  if (bytes.length === 0) throw new Problem('W502_EMPTY', { where: source.name });
  if (isBinary(bytes)) throw new Problem('W502_BINARY', { where: source.name });
  const end = bytes.length < sampleSize ? bytes.length : bytes.lastIndexOf(lineBreak) + 1;
  return end === 0 ? bytes : bytes.subarray(0, end);
}

async function firstBytes(source: Source): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of unpack(source.chunks(), source.name)) {
      parts.push(Buffer.from(chunk));
      length += chunk.length;
      if (length >= sampleSize) break;
    }
  } catch (error) {
    // What could be unpacked before the damage counts; the damage is reported when the whole is read.
    const damaged = error instanceof Problem && /^W502_DAMAGED_/.test(error.code);
    if (!damaged || length === 0) throw error;
  }
  return Buffer.concat(parts).subarray(0, sampleSize);
}

/** Whether more than one byte in twenty is none of text; the hole of NULs that a truncated file begins with is skipped. */
function isBinary(bytes: Buffer): boolean {
  let text = 0;
  while (text < bytes.length && bytes[text] === 0) text++;
  let controls = 0;
  for (let at = text; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte < 0x09 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b)) controls++;
  }
  return text === bytes.length || controls * 20 > bytes.length - text;
}

import * as zlib from 'node:zlib';
import { Problem } from '@why502/model';
import { describe, expect, test } from 'vitest';
import { unpack } from '../src/index.ts';

const text = Buffer.from(Array.from({ length: 20_000 }, (_, line) => `line ${line * 7919}\n`).join(''));
const packed = zlib.gzipSync(text);

describe('what comes out', () => {
  test('of plain bytes are those bytes, however short', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('a'), Buffer.from([0x1f]), text]) {
      expect(await all(bytes)).toEqual({ bytes, problem: undefined });
    }
  });

  test('of gzip is the content, in chunks of any size', async () => {
    for (const size of [1_000, 65_536]) {
      expect(await all(packed, size)).toEqual({ bytes: text, problem: undefined });
    }
    expect((await all(packed.subarray(0, 40), 1)).problem).toBe('W502_DAMAGED_ARCHIVE');
  });

  test('of several members is all of them', async () => {
    const { bytes } = await all(Buffer.concat([packed, zlib.gzipSync('end\n')]));
    expect(bytes.equals(Buffer.concat([text, Buffer.from('end\n')]))).toBe(true);
  });

  test('of gzip with garbage behind it is the content', async () => {
    const { bytes } = await all(Buffer.concat([packed, Buffer.alloc(512)]));
    expect(bytes.equals(text)).toBe(true);
  });

  test('of a cut archive is what could be unpacked, then a problem', async () => {
    const { bytes, problem } = await all(packed.subarray(0, packed.length - 5_000));
    expect(problem).toBe('W502_DAMAGED_ARCHIVE');
    expect(bytes.length).toBeGreaterThan(text.length / 3);
    expect(text.subarray(0, bytes.length).equals(bytes)).toBe(true);
  });

  test('of a damaged archive is a problem', async () => {
    const damaged = Buffer.from(packed);
    damaged.fill(0xff, 20_000, 20_200);
    expect((await all(damaged)).problem).toBe('W502_DAMAGED_ARCHIVE');
  });

  test('of zstd is the content where Node can, else a problem', async () => {
    const content = Buffer.from('hello\n');
    // One raw block, as in RFC 8878 section 3.1.1.
    const frame = Buffer.from([
      0x28,
      0xb5,
      0x2f,
      0xfd,
      0x20,
      content.length,
      (content.length << 3) | 1,
      0,
      0,
      ...content,
    ]);
    const { bytes, problem } = await all(frame);
    if ('createZstdDecompress' in zlib) expect(bytes.toString()).toBe('hello\n');
    else expect(problem).toBe('W502_DAMAGED_ARCHIVE');
  });
});

test('what the source itself reports is passed on as it is', async () => {
  const broken = new Problem('W502_READ_FAILED');
  const read = async () => {
    for await (const _ of unpack(failing(broken), 'f'));
  };
  await expect(read()).rejects.toBe(broken);
});

test('a reader that stops early lets go of the source', async () => {
  let released = false;
  async function* source() {
    try {
      for (;;) yield packed;
    } finally {
      released = true;
    }
  }
  for await (const _ of unpack(source(), 'f')) break;
  expect(released).toBe(true);
});

async function* failing(error: Error): AsyncGenerator<Uint8Array> {
  yield packed.subarray(0, 1_000);
  throw error;
}

async function all(bytes: Buffer, size = 4_096): Promise<{ bytes: Buffer; problem: string | undefined }> {
  async function* chunks() {
    for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
  }
  const parts: Uint8Array[] = [];
  try {
    for await (const part of unpack(chunks(), 'f')) parts.push(Buffer.from(part));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { bytes: Buffer.concat(parts), problem: error.code };
  }
  return { bytes: Buffer.concat(parts), problem: undefined };
}

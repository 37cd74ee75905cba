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

  test('of an archive in an archive is the content', async () => {
    expect(await all(zlib.gzipSync(packed))).toEqual({ bytes: text, problem: undefined });
  });
});

/** 60 lines, packed by zstd 1.5 with `-19 --check`. */
const zstd = Buffer.from(
  'KLUv/QRodQYABpMoEKCn2M+Nj7glISFJCTBAiTElACIAIgCXYowYroqdolY7d7qdVmyZLy7XfNb7JZW8Wh3A8BCBQm' +
    'AgCAYBnmI/dtRJkYN+fRxR70g0yqs4E1TaSJhiSjlSiQ9NpxmKBeOp0OcQKrP1EcZ8NiEiK6KNaAmFybN/hHV2QyF1' +
    'kVjifhcAhoeRH0ar1FlGKha7wzkfL6JvNdSQcLnWIG5BrfFyytgNO6gQ5vC1A/DlEEaEQfpilQ5vGavKVLxeXZnjK7' +
    'SaIjsbF2WZVABASgEjdG2A',
  'base64',
);
const zstdText = Array.from({ length: 60 }, (_, line) => `GET /a/${line * 7919} 502\n`).join('');
/** A frame of one raw block, as in RFC 8878 section 3.1.1. */
const rawFrame = (content: string) =>
  Buffer.from([
    0x28,
    0xb5,
    0x2f,
    0xfd,
    0x20,
    content.length,
    (content.length << 3) | 1,
    0,
    0,
    ...Buffer.from(content),
  ]);
const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5]);

describe('what comes out of zstd', () => {
  test('is the content, in chunks of any size', async () => {
    for (const size of [1, 7, 4_096]) {
      const { bytes, problem } = await all(zstd, size);
      expect([bytes.toString(), problem]).toEqual([zstdText, undefined]);
    }
  });

  test('is the content of all frames', async () => {
    const { bytes, problem } = await all(Buffer.concat([zstd, skippable, zstd, rawFrame('end\n')]));
    expect([bytes.toString(), problem]).toEqual([`${zstdText}${zstdText}end\n`, undefined]);
  });

  test('is what could be unpacked of a cut one, then a problem', async () => {
    const { bytes, problem } = await all(Buffer.concat([rawFrame('start\n'), zstd.subarray(0, 100)]));
    expect(problem).toBe('W502_DAMAGED_ARCHIVE');
    expect(bytes.toString().startsWith('start\n')).toBe(true);
  });

  test('is a problem where bytes are damaged, whichever they are', async () => {
    for (let at = 5; at < zstd.length - 4; at += 3) {
      const damaged = Buffer.from(zstd);
      damaged[at]! ^= 0xff;
      const { bytes, problem } = await all(damaged);
      // Without the checksum, some damage in the text itself goes unseen.
      expect(problem === 'W502_DAMAGED_ARCHIVE' || bytes.length > 0).toBe(true);
    }
  });

  test('is a problem where it asks for more memory than any log needs', async () => {
    // A window of 2 GiB.
    const greedy = Buffer.from([
      0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x09, 0, 0, 0x61, 0x62, 0x63, 0x64, 0x65,
    ]);
    expect((await all(greedy)).problem).toBe('W502_DAMAGED_ARCHIVE');
  });
});

describe('an archive that is made to fill memory', () => {
  const zeros = zlib.gzipSync(Buffer.alloc(64 * 1024 * 1024));
  async function drained(
    member: Buffer,
    members: number,
  ): Promise<{ out: number; problem: string; grown: number }> {
    async function* chunks() {
      for (let index = 0; index < members; index++) yield member;
    }
    const before = process.memoryUsage().rss;
    let out = 0;
    let most = 0;
    try {
      for await (const chunk of unpack(chunks(), 'f')) {
        out += chunk.length;
        most = Math.max(most, process.memoryUsage().rss);
      }
    } catch (error) {
      return { out, problem: (error as Problem).code, grown: most - before };
    }
    return { out, problem: '', grown: most - before };
  }

  test('is left after some 64 MiB, in memory that does not grow', async () => {
    // 10 MiB that would become 10 GiB.
    const { out, problem, grown } = await drained(zeros, 160);
    expect(problem).toBe('W502_ARCHIVE_GROWS');
    expect(out).toBeLessThan(256 * 1024 * 1024);
    expect(grown).toBeLessThan(64 * 1024 * 1024);
  });

  test('is left as soon where it hides in another archive', async () => {
    const { problem, out } = await drained(zlib.gzipSync(Buffer.concat([zeros, zeros, zeros, zeros])), 1);
    expect(problem).toBe('W502_ARCHIVE_GROWS');
    expect(out).toBeLessThanOrEqual(64 * 1024 * 1024);
  });

  test('is left as soon where it is of zstd', async () => {
    // Blocks of one repeated byte: four bytes become 128 KiB.
    const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]);
    const blocks = Buffer.alloc(4 * 8_192);
    for (let at = 0; at < blocks.length; at += 4) blocks.writeUIntLE((131_072 << 3) | 2, at, 3);
    const { problem, out } = await drained(Buffer.concat([head, blocks]), 1);
    expect(problem).toBe('W502_ARCHIVE_GROWS');
    expect(out).toBeLessThanOrEqual(64 * 1024 * 1024);
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
    for (let from = 0; from < bytes.length; from += size) {
      const chunk = Buffer.from(bytes.subarray(from, from + size));
      yield chunk;
      // A chunk is valid until the next one is asked for: whoever reads a file fills the same memory again.
      chunk.fill(0xff);
    }
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

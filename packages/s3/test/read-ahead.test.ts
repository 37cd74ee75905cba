import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Bucket, StoredObject } from '../src/index.ts';
import { ReadAhead } from '../src/read-ahead.ts';

function stored(key: number, size = 10): StoredObject {
  return { key: `${key}`, size, etag: '', modified: 0 };
}

/** A bucket whose objects take a moment, and that knows what is on its way. */
class FarBucket implements Bucket {
  readonly name = 'far';
  readonly asked: string[] = [];
  onTheWay = 0;
  most = 0;

  async *list(): AsyncGenerator<StoredObject> {}

  async *read({ key }: StoredObject): AsyncGenerator<Uint8Array> {
    this.asked.push(key);
    this.most = Math.max(this.most, ++this.onTheWay);
    await pause(5);
    this.onTheWay--;
    if (key === '13') throw new Error('gone');
    yield Buffer.from(`${key} `);
    yield Buffer.from('end');
  }

  close(): void {}
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += Buffer.from(chunk).toString();
  return text;
}

it('asks for the next objects while one is read, for each once, and not for large ones', async () => {
  const bucket = new FarBucket();
  const objects = Array.from({ length: 30 }, (_, at) => stored(at, at === 7 ? 2 ** 21 : 10));
  const reading = new ReadAhead(bucket, objects);
  for (const [at, { key }] of objects.entries()) {
    if (at === 13) await expect(textOf(reading.chunks(at))).rejects.toThrow('gone');
    else expect(await textOf(reading.chunks(at))).toBe(`${key} end`);
    if (at === 5) expect(bucket.asked).not.toContain('7');
  }
  expect(bucket.asked.sort()).toEqual(objects.map(({ key }) => key).sort());
  expect(bucket.most).toBe(9);
  // Somebody looks at the beginnings of all before he reads them.
  expect(await textOf(reading.chunks(0))).toBe('0 end');
});

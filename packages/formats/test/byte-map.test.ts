import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteMap } from '../src/byte-map.ts';

describe('a map of byte strings', () => {
  it('finds what was added by the number that it was given, however it has grown', () => {
    const words = fc.uniqueArray(fc.string({ maxLength: 12 }), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(words, (texts) => {
        const map = new ByteMap(1_000);
        for (const text of texts) {
          const { view, length } = bytesOf(text);
          expect(map.find(view, 0, length)).toBe(0);
          map.add(view, 0, length);
        }
        texts.forEach((text, index) => {
          const { view, length } = bytesOf(text);
          expect(map.find(view, 0, length)).toBe(index + 1);
          expect(Buffer.from(map.bytesOf(index + 1)).toString('utf8')).toBe(text);
        });
        expect(map.size).toBe(texts.length);
      }),
    );
  });

  it('is full when it holds as many as it may', () => {
    const map = new ByteMap(100);
    for (let number = 0; number < 100; number++) {
      expect(map.full).toBe(false);
      const { view, length } = bytesOf(`name-${number}`);
      map.add(view, 0, length);
    }
    expect(map.full).toBe(true);
  });
});

function bytesOf(text: string): { readonly view: DataView; readonly length: number } {
  const bytes = new TextEncoder().encode(text.toWellFormed());
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), length: bytes.length };
}

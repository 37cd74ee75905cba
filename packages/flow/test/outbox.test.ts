import type { Batch, Delivery, Result, Sink } from '@why502/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outbox } from '../src/index.ts';

function batch(token: string, size: number): Batch {
  return { token, results: Array.from({ length: size }, () => ({ kind: 'traffic', rows: [] }) as Result) };
}

/** A sink that answers when it is told to. */
function gated(): Sink & {
  readonly taken: string[];
  readonly answer: (delivery: Delivery) => Promise<void>;
} {
  const taken: string[] = [];
  const open: ((delivery: Delivery) => void)[] = [];
  return {
    name: 'gated',
    taken,
    deliver: ({ token }) => {
      taken.push(token);
      return new Promise((resolve) => open.push(resolve));
    },
    close: async () => {},
    async answer(delivery) {
      open.shift()?.(delivery);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const stored: Delivery = { kind: 'stored' };

describe('an outbox', () => {
  it('answers at once, and hands on in order', async () => {
    const sink = gated();
    const box = outbox(sink, { most: 100, onDropped: () => {}, longestEnd: 1_000 });
    for (const token of ['a', 'b', 'c']) expect(await box.deliver(batch(token, 1))).toEqual(stored);
    expect(sink.taken).toEqual(['a']);
    await sink.answer(stored);
    await sink.answer(stored);
    expect(sink.taken).toEqual(['a', 'b', 'c']);
  });

  it('ends in time though the sink does not answer, and counts what it leaves', async () => {
    let dropped = 0;
    const box = outbox(gated(), { most: 100, onDropped: (count) => (dropped += count), longestEnd: 20 });
    for (const token of ['a', 'b', 'c']) await box.deliver(batch(token, 2));
    await box.close();
    expect(dropped).toBe(4);
  });

  it('loses nothing uncounted, whatever the sizes and answers', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 30 });
    const refused = fc.array(fc.boolean(), { minLength: 30, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(sizes, refused, fc.integer({ min: 1, max: 40 }), async (given, refusals, most) => {
        let [dropped, taken, asked] = [0, 0, 0];
        const sink: Sink = {
          name: 'moody',
          async deliver({ results }) {
            await Promise.resolve();
            if (refusals[asked++] === true) return { kind: 'rejected', cause: 'mood' };
            taken += results.length;
            return stored;
          },
          close: async () => {},
        };
        const box = outbox(sink, { most, onDropped: (count) => (dropped += count), longestEnd: 5_000 });
        for (const size of given) await box.deliver(batch('x', size));
        await box.close();
        expect(taken + dropped).toBe(given.reduce((sum, size) => sum + size, 0));
      }),
    );
  });
});

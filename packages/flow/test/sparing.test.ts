import { type Batch, type Delivery, instant, millis, type Result, type Sink } from '@why502/model';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sparing } from '../src/index.ts';

function result(at: number): Result {
  return { kind: 'traffic', rows: [{ bucket: instant(at) } as never] };
}

function refusing(bad: ReadonlySet<Result>, most = Number.POSITIVE_INFINITY) {
  let asked = 0;
  const stored: Result[] = [];
  const tokens: string[] = [];
  const sink: Sink = {
    name: 'test',
    async deliver({ token, results }: Batch): Promise<Delivery> {
      asked++;
      tokens.push(token);
      if (results.length > most || results.some((one) => bad.has(one)))
        return { kind: 'rejected', cause: 'bad' };
      stored.push(...results);
      return { kind: 'stored' };
    },
    async close() {},
  };
  return { sink, stored, tokens, asked: () => asked };
}

it.each([0, 1, 61_700, 99_998, 99_999])(
  'K5: of 100,000 results the one at %i is laid aside in at most 20 more requests, and the others are stored',
  async (at) => {
    const results = Array.from({ length: 100_000 }, (_, one) => result(one));
    const { sink, stored, asked } = refusing(new Set([results[at]!]));
    const aside: Result[] = [];
    const delivery = await sparing(sink, async (one) => void aside.push(one)).deliver({
      token: 'a',
      results,
    });
    expect(delivery).toEqual({ kind: 'stored' });
    expect(aside).toEqual([results[at]]);
    expect(stored).toEqual(results.filter((_, one) => one !== at));
    expect(asked() - 1).toBeLessThanOrEqual(20);
  },
);

it('stores every good result once and in order, whichever are bad and however few are taken at once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 80 }),
      async (badness, most) => {
        const results = badness.map((_, at) => result(at));
        const bad = new Set(results.filter((_, at) => badness[at]));
        const deliver = async () => {
          const one = refusing(bad, most);
          const aside: Result[] = [];
          const sink = sparing(one.sink, async (found) => void aside.push(found));
          expect(await sink.deliver({ token: 'a', results })).toEqual({ kind: 'stored' });
          return { ...one, aside };
        };
        const [first, again] = [await deliver(), await deliver()];
        expect(first.stored).toEqual(results.filter((one) => !bad.has(one)));
        expect(first.aside).toEqual([...bad]);
        expect(first.tokens).toEqual(again.tokens);
        expect(first.asked()).toBeLessThanOrEqual(8 * results.length + 2);
      },
    ),
  );
});

it('hands on that a part is to be tried again', async () => {
  const results = Array.from({ length: 10 }, (_, at) => result(at));
  const down: Delivery = { kind: 'retry', after: millis(1), cause: 'down' };
  const answers: Delivery[] = [{ kind: 'rejected', cause: 'bad' }, { kind: 'stored' }, down];
  const sink: Sink = { name: 'test', deliver: async () => answers.shift()!, close: async () => {} };
  expect(await sparing(sink, async () => {}).deliver({ token: 'a', results })).toEqual(down);
});

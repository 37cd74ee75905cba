import { type Batch, type Delivery, instant, type Result, type Sink } from '@why502/model';
import { expect, it } from 'vitest';
import { sparing } from '../src/index.ts';

function result(at: number): Result {
  return { kind: 'traffic', rows: [{ bucket: instant(at) } as never] };
}

function refusing(bad: ReadonlySet<Result>) {
  let asked = 0;
  const stored: Result[] = [];
  const sink: Sink = {
    name: 'test',
    async deliver({ results }: Batch): Promise<Delivery> {
      asked++;
      if (results.some((one) => bad.has(one))) return { kind: 'rejected', cause: 'bad' };
      stored.push(...results);
      return { kind: 'stored' };
    },
    async close() {},
  };
  return { sink, stored, asked: () => asked };
}

it('K5: one bad result among many is laid aside in few requests, and the others are stored', async () => {
  const results = Array.from({ length: 1_000 }, (_, at) => result(at));
  const bad = new Set([results[617]!]);
  const { sink, stored, asked } = refusing(bad);
  const aside: Result[] = [];
  const delivery = await sparing(sink, async (one) => void aside.push(one)).deliver({ token: 'a', results });
  expect(delivery).toEqual({ kind: 'stored' });
  expect(aside).toEqual([...bad]);
  expect(new Set(stored)).toEqual(new Set(results.filter((one) => !bad.has(one))));
  expect(stored.length).toBe(999);
  expect(asked()).toBeLessThanOrEqual(21);
});

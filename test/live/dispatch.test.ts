import type { Result, Sink } from '@why502/model';
import { openDispatch } from '@why502/pipeline-tail';
import { expect, it } from 'vitest';
import { verdict } from '../contracts/results.ts';

function results(...ids: readonly string[]): readonly Result[] {
  return ids.map((id) => ({ kind: 'verdict', verdict: verdict({ id }) }));
}

it('without a state it counts what sinks take and refuse, and what they have not taken yet', async () => {
  let letGo = () => {};
  const open = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const sink: Sink = {
    name: 'test',
    async deliver(batch) {
      await open;
      const isBad = batch.results.some((one) => one.kind === 'verdict' && one.verdict.id === 'bad');
      return isBad ? { kind: 'rejected', cause: 'bad' } : { kind: 'stored' };
    },
    async close() {},
  };
  const refused: Result[] = [];
  const dispatch = await openDispatch({
    sinks: [sink],
    state: undefined,
    mostBytes: 0,
    watch: { onRefused: (result) => void refused.push(result), onRetry: () => {} },
    trouble: () => {},
  });
  const adding = dispatch.add(results('a', 'bad', 'c'));
  const none = { sink: 'test', delivered: 0, refused: 0, dropped: 0 };
  expect(dispatch.counts).toEqual([{ ...none, accepted: 3, waiting: 3 }]);
  letGo();
  await adding;
  expect(dispatch.counts).toEqual([{ ...none, accepted: 3, waiting: 0, delivered: 2, refused: 1 }]);
  expect(refused).toMatchObject([{ verdict: { id: 'bad' } }]);
});

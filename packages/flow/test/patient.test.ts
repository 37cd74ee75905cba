import { type Delivery, millis, type Sink } from '@why502/model';
import { expect, it } from 'vitest';
import { patient } from '../src/index.ts';

function answering(answers: readonly Delivery['kind'][]) {
  let asked = 0;
  const sink: Sink = {
    name: 'test',
    async deliver(): Promise<Delivery> {
      const kind = answers[Math.min(asked++, answers.length - 1)]!;
      return kind === 'stored'
        ? { kind }
        : kind === 'retry'
          ? { kind, after: millis(100), cause: undefined }
          : { kind, cause: undefined };
    },
    async close() {},
  };
  return { sink, asked: () => asked };
}

it('a patient sink waits twice as long each time, less by chance', async () => {
  const waits: number[] = [];
  const { sink, asked } = answering(['retry', 'retry', 'retry', 'stored']);
  const wait = async (time: number) => void waits.push(time);
  const waiting = patient(sink, { longest: millis(10_000), wait, random: () => 0.5 });
  expect(await waiting.deliver({ token: '', results: [] })).toEqual({ kind: 'stored' });
  expect(asked()).toBe(4);
  expect(waits).toEqual([75, 150, 300]);
});

it('a patient sink hands the answer on when its patience ends, and never waits for what is refused', async () => {
  let waited = 0;
  const wait = async (time: number) => {
    waited += time;
  };
  const down = answering(['retry']);
  const after = await patient(down.sink, { longest: millis(1_000), wait }).deliver({
    token: '',
    results: [],
  });
  expect(after.kind).toBe('retry');
  expect(waited).toBeGreaterThanOrEqual(999);
  const refusing = answering(['rejected']);
  await patient(refusing.sink, { longest: millis(1_000), wait }).deliver({ token: '', results: [] });
  expect(refusing.asked()).toBe(1);
});

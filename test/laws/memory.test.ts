import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Source } from '@why502/model';
import { analyze } from '@why502/pipeline-analyze';
import { expect, it } from 'vitest';
import { traffic } from '../bench/traffic.mjs';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** A stream of made-up lines that weighs what is held each time another part of it has been read. */
function weighing(name: string, parts: number, weights: number[]): Source {
  const lines = 240_000;
  async function* chunks() {
    let made = 0;
    for (const { access } of traffic({ lines, hours: 48, failing: 0.01 })) {
      yield Buffer.from(access);
      made += access.split('\n').length - 1;
      if (made < ((weights.length + 1) * lines) / parts) continue;
      collectGarbage();
      weights.push(process.memoryUsage().heapUsed);
    }
  }
  return { name, chunks };
}

it('two days of log hold no more than their first hours', async () => {
  const weights: number[] = [];
  await analyze({ sources: [weighing('access.log', 12, weights)] });
  const [early, late] = [weights.slice(1, 4), weights.slice(-3)].map((some) => Math.max(...some));
  expect(weights).toHaveLength(12);
  expect(late! - early!).toBeLessThan(3_000_000);
});

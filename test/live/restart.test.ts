import { millis, type Source } from '@why502/model';
import { discover, FormatChoice } from '@why502/pipeline-analyze';
import { type Checkpoint, type Progress, tail } from '@why502/pipeline-tail';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { bytesOf, inChunks, type Logs, madeUp, saidAnywhere, whole } from '../laws/delivery.ts';
import { atLast, difference, unrevised } from './live-results.ts';
import { MadeUpFiles } from './made-up-files.ts';

const logs = madeUp({ lines: 2_000, hours: 1, failing: 0.1 });

/** What survives the death of a tail. */
interface Disk {
  readonly said: string[];
  checkpoint: Checkpoint | undefined;
  published: Progress | undefined;
}

/** A tail that is killed after so many steps, at whatever it is doing then; true where it came to the end instead. */
async function untilKilled(files: MadeUpFiles, disk: Disk, steps: number): Promise<boolean> {
  const killed = new AbortController();
  let left = steps;
  let isOver = false;
  const step = () => {
    if (left-- === 0) killed.abort();
  };
  const { checkpoint: from, published } = disk;
  await tail({
    discovery: await discover(begun(logs), new FormatChoice({})),
    follow: async (state) => {
      const following = files.follow(state);
      return {
        ...following,
        next: async (held) => {
          step();
          const events = await following.next(held);
          if (events === undefined) isOver = !killed.signal.aborted;
          return events;
        },
      };
    },
    traffic: true,
    keepEvery: millis(0),
    stop: killed.signal,
    ...(from === undefined ? {} : { resume: { from, published: published ?? from.progress } }),
    onFinal: async (results, progress) => {
      if (killed.signal.aborted) return;
      disk.said.push(...JSON.parse(JSON.stringify(results.flatMap(unrevised))));
      disk.published = JSON.parse(JSON.stringify(progress));
      step();
    },
    keep: async (checkpoint) => {
      if (killed.signal.aborted) return;
      // The first, and then only now and then: results are handed out after the last checkpoint was kept.
      if (disk.checkpoint === undefined || left % 3 === 0)
        disk.checkpoint = JSON.parse(JSON.stringify(checkpoint));
      step();
    },
  });
  return isOver;
}

function begun({ access, error }: Logs): readonly Source[] {
  return [
    inChunks('access.log', bytesOf(access.slice(0, 50))),
    inChunks('error.log', bytesOf(error.slice(0, 5))),
  ];
}

describe('a tail that is killed again and again', () => {
  let expected: readonly string[];

  beforeAll(async () => {
    expected = await saidAnywhere(whole(logs));
  });

  it('says in the end what one says that was not, and nothing twice', { timeout: 60_000 }, async () => {
    const lives = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(lives, fc.boolean(), async (steps, rotates) => {
        const files = new MadeUpFiles();
        files.chunkSize = 4_096;
        const half = Math.floor(logs.access.length / 2);
        const failedBy = logs.error.length / 2;
        files.write('access.log', bytesOf(logs.access.slice(0, half)));
        files.write('error.log', bytesOf(logs.error.slice(0, failedBy)));
        if (rotates) for (const name of ['access.log', 'error.log']) files.rotate(name);
        files.write('access.log', bytesOf(logs.access.slice(half)));
        files.write('error.log', bytesOf(logs.error.slice(failedBy)));
        files.end();
        const disk: Disk = { said: [], checkpoint: undefined, published: undefined };
        let isOver = false;
        for (const count of steps) isOver ||= await untilKilled(files, disk, count);
        while (!isOver) isOver = await untilKilled(files, disk, 100_000);
        const nowhere = (key: string, value: unknown) =>
          key === 'file' || key === 'line' ? undefined : value;
        const said = atLast(disk.said).map((line) => JSON.stringify(JSON.parse(line), nowhere));
        expect(difference([...said].sort(), expected)).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });
});

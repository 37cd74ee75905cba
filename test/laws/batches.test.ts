import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Source } from '@why502/model';
import { analyze } from '@why502/pipeline-analyze';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { corpusFolder } from '../corpus.ts';
import { bytesOf, inChunks, saidAnywhere } from './delivery.ts';

const scenario = join(corpusFolder, 'chain-sim', 'cf-origin-moved-dns', 'logs', 'cloudflare');

/** The batches of a job as it uploaded them, each as lines. */
function batches(): readonly (readonly string[])[] {
  return readdirSync(scenario)
    .sort()
    .map((name) => {
      const bytes = readFileSync(join(scenario, name));
      const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
      return text.split('\n').filter((line) => line !== '');
    });
}

function sourceOf(lines: readonly string[], index: number): Source {
  return inChunks(`batch-${index}.ndjson.gz`, gzipSync(bytesOf(lines)));
}

describe('what is said of batches of an edge does not depend on how they were delivered', () => {
  const logs = batches();
  const lines = logs.flat();
  let expected: readonly string[];

  beforeAll(async () => {
    expected = await saidAnywhere(logs.map(sourceOf));
    expect(expected.filter((line) => line.includes('"kind":"verdict"')).length).toBeGreaterThan(50);
  });

  it('in whatever order the batches are named, and the lines stand in them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat()), async (places) => {
        const shuffled = <T>(list: readonly T[]) =>
          list
            .map((item) => ({ item, place: places.next().value }))
            .sort((a, b) => a.place - b.place)
            .map(({ item }) => item);
        const sources = shuffled(logs.map((batch, index) => sourceOf(shuffled(batch), index)));
        expect(await saidAnywhere(sources)).toEqual(expected);
      }),
      { numRuns: 4 },
    );
  });

  it('when a batch comes again, whole or in part, alone or in one with others', async () => {
    const [first, second, third] = logs as [string[], string[], string[]];
    const again = [...logs, second, first.slice(first.length / 2), [...third, ...second.slice(0, 200)]].map(
      (batch, index) => ({ batch, source: sourceOf(batch, index) }),
    );
    expect(await saidAnywhere(again.map(({ source }) => source))).toEqual(expected);
    const { requests, files } = await analyze({ sources: again.map(({ source }) => source) });
    // The batches themselves hold some lines twice.
    expect(requests).toBe(new Set(lines).size);
    const total = again.reduce((sum, { batch }) => sum + batch.length, 0);
    expect(files.reduce((sum, file) => sum + (file.repeated ?? 0), 0)).toBe(total - requests);
  });

  it('when all is one file, and lines stand in it twice', async () => {
    const twice = lines.flatMap((line, index) => (index % 5 === 0 ? [line, line] : [line]));
    expect(await saidAnywhere([sourceOf(twice, 0)])).toEqual(expected);
  });
});

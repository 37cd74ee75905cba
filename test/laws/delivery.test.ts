import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { scenarios } from '../corpus.ts';
import {
  bytesOf,
  inChunks,
  type Logs,
  madeUp,
  recorded,
  said,
  saidAnywhere,
  timeOf,
  whole,
} from './delivery.ts';

/** Fewer lines than this say too little about their format. */
const leastPiece = 50;

const sizes = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 5 });

/** Places to cut a log of so many lines, none of the pieces being too small. */
function cuts(count: number) {
  const pieces = Math.floor(count / leastPiece);
  return fc.subarray(Array.from({ length: Math.max(pieces - 1, 0) }, (_, index) => (index + 1) * leastPiece));
}

function cut(lines: readonly string[], places: readonly number[]): readonly (readonly string[])[] {
  return [0, ...places].map((from, index) => lines.slice(from, places[index]));
}

describe('what is said does not depend on delivery', () => {
  const logs = madeUp({ lines: 1_000, hours: 1, failing: 0.1 });
  let expected: readonly string[];
  let anywhere: readonly string[];

  beforeAll(async () => {
    expected = await said(whole(logs));
    anywhere = await saidAnywhere(whole(logs));
    expect(expected.filter((line) => line.includes('"kind":"verdict"')).length).toBeGreaterThan(50);
  });

  it('however the bytes come in chunks', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, async (accessSizes, errorSizes) => {
        const sources = [
          inChunks('access.log', bytesOf(logs.access), accessSizes),
          inChunks('error.log', bytesOf(logs.error), errorSizes),
        ];
        expect(await said(sources)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it('whether or not the logs are gzipped, in one member or several', async () => {
    await fc.assert(
      fc.asyncProperty(cuts(logs.access.length), sizes, async (places, chunkSizes) => {
        const access = Buffer.concat(cut(logs.access, places).map((piece) => gzipSync(bytesOf(piece))));
        const sources = [
          inChunks('access.log', access, chunkSizes),
          inChunks('error.log', gzipSync(bytesOf(logs.error)), chunkSizes),
        ];
        expect(await said(sources)).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });

  it('however the logs were rotated, and in whatever order the files are named', async () => {
    const property = fc.asyncProperty(
      cuts(logs.access.length),
      cuts(logs.error.length),
      fc.infiniteStream(fc.tuple(fc.boolean(), fc.nat())),
      async (accessCuts, errorCuts, choices) => {
        const files = [
          ...cut(logs.access, accessCuts).map((piece, index) => ({ name: `access.log.${index}`, piece })),
          ...cut(logs.error, errorCuts).map((piece, index) => ({ name: `error.log.${index}`, piece })),
        ];
        const placed = files.map(({ name, piece }) => {
          const [zipped, place] = choices.next().value;
          const bytes = bytesOf(piece);
          return { source: inChunks(name, zipped ? gzipSync(bytes) : bytes), place };
        });
        placed.sort((a, b) => a.place - b.place);
        expect(await saidAnywhere(placed.map(({ source }) => source))).toEqual(anywhere);
      },
    );
    await fc.assert(property, { numRuns: 25 });
  });

  it('in whatever order the lines of half a minute were written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat({ max: 30_000 })), async (delays) => {
        const delayed = (lines: readonly string[]) =>
          lines
            .map((line) => ({ line, written: timeOf(line) + delays.next().value }))
            .sort((a, b) => a.written - b.written)
            .map(({ line }) => line);
        const shuffled: Logs = { access: delayed(logs.access), error: delayed(logs.error) };
        expect(await saidAnywhere(whole(shuffled))).toEqual(anywhere);
      }),
      { numRuns: 15 },
    );
  });
});

describe.each(scenarios().filter(({ truth }) => truth.length > 0 && truth.length < 40))(
  'the recording $name',
  (scenario) => {
    it('says the same in chunks of 1, 7, 4,096 and 1,048,576 bytes', async () => {
      const { access, error } = recorded(scenario);
      const inSizes = (size: number) =>
        said([
          inChunks('access.log', bytesOf(access), [size]),
          inChunks('error.log', bytesOf(error), [size]),
        ]);
      const expected = await inSizes(1_048_576);
      for (const size of [1, 7, 4_096]) expect(await inSizes(size)).toEqual(expected);
    });
  },
);

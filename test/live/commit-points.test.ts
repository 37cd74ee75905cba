import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Batch, type Delivery, millis, type Sink } from '@why502/model';
import { discover, FormatChoice } from '@why502/pipeline-analyze';
import { openDispatch, openState, readCounters, tail } from '@why502/pipeline-tail';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bytesOf, inChunks, madeUp, saidAnywhere, whole } from '../laws/delivery.ts';
import { atLast, difference, unrevised } from './live-results.ts';
import { MadeUpFiles } from './made-up-files.ts';

const logs = madeUp({ lines: 1_000, hours: 1, failing: 0.1 });

/** Where a tail commits something, in the order in which it does. */
const points = [
  'judged, not in the outbox',
  'in the outbox, not noted',
  'noted, no checkpoint since',
  'checkpoint kept',
  'batch to be sent',
  'batch stored, not noted',
] as const;
type Point = (typeof points)[number];

const forever = new Promise<never>(() => {});

/** A store that leaves out what comes again with the same token. */
class Store {
  readonly lines: string[] = [];
  readonly #tokens = new Set<string>();

  take({ token, results }: Batch): void {
    if (this.#tokens.has(token)) return;
    this.#tokens.add(token);
    this.lines.push(...results.flatMap(unrevised));
  }
}

/** A process that is killed when it comes to a point for the nth time; true where it came to its end instead. */
async function live(folder: string, store: Store, point: Point | undefined, nth: number): Promise<boolean> {
  const killed = new AbortController();
  const { signal } = killed;
  const dead = new Promise<boolean>((resolve) => signal.addEventListener('abort', () => resolve(false)));
  let left = nth;
  /** Resolves where it lives on. */
  const pass = async (here: Point): Promise<void> => {
    if (here === point && --left === 0) killed.abort();
    if (signal.aborted) await forever;
  };
  const files = new MadeUpFiles();
  files.chunkSize = 4_096;
  files.write('access.log', bytesOf(logs.access));
  files.write('error.log', bytesOf(logs.error));
  files.end();
  const sink: Sink = {
    name: 'store',
    async deliver(batch): Promise<Delivery> {
      await pass('batch to be sent');
      store.take(batch);
      await pass('batch stored, not noted');
      return { kind: 'stored' };
    },
    close: async () => {},
  };
  const state = openState(folder);
  const resume = state.load();
  const dispatch = await openDispatch({
    sinks: [sink],
    state,
    mostBytes: 64 * 1024 ** 2,
    watch: { onRefused: () => {}, onRetry: () => {} },
    trouble: () => {},
  });
  const judged = tail({
    discovery: await discover(
      [
        inChunks('access.log', bytesOf(logs.access.slice(0, 50))),
        inChunks('error.log', bytesOf(logs.error.slice(0, 5))),
      ],
      new FormatChoice({}),
    ),
    follow: async (from) => files.follow(from),
    traffic: true,
    keepEvery: millis(0),
    counted: state.counted(),
    ...(resume === undefined ? {} : { resume }),
    onFinal: async (results, progress) => {
      await pass('judged, not in the outbox');
      const place = await dispatch.add(results);
      await pass('in the outbox, not noted');
      state.publish(progress, place);
      dispatch.noted(place!);
      await pass('noted, no checkpoint since');
    },
    keep: async (checkpoint) => {
      if (signal.aborted) await forever;
      state.keep(checkpoint);
      await pass('checkpoint kept');
    },
  });
  const over = judged.then(() => dispatch.close()).then(() => true);
  return Promise.race([over, dead]);
}

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'why502-points-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('C1: a tail that is killed at a commit point, and started again', () => {
  let expected: readonly string[];

  beforeAll(async () => {
    expected = await saidAnywhere(whole(logs));
  });

  it.each(points.flatMap((point) => [1, 2, 5].map((nth) => [point, nth] as const)))(
    'loses nothing and delivers nothing twice: %s, time %i',
    { timeout: 20_000 },
    async (point, nth) => {
      const store = new Store();
      // Twice at the same point, then to the end.
      expect(await live(folder, store, point, nth)).toBe(false);
      const isOver = await live(folder, store, point, nth);
      if (!isOver) expect(await live(folder, store, undefined, 0)).toBe(true);
      const nowhere = (key: string, value: unknown) => (key === 'file' || key === 'line' ? undefined : value);
      const said = atLast(store.lines).map((line) => JSON.stringify(JSON.parse(line), nowhere));
      expect(difference([...said].sort(), expected)).toEqual([]);
      const { sinks, failures } = readCounters(folder);
      expect(sinks).toMatchObject([{ waiting: 0, refused: 0 }]);
      expect(sinks[0]!.delivered).toBe(sinks[0]!.accepted);
      const verdicts = expected.filter((line) => line.includes('"kind":"verdict"')).length;
      expect(failures).toMatchObject({ found: verdicts, verdicts, waiting: 0 });
    },
  );
});

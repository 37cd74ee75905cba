import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Batch, type Delivery, instant, millis, Problem, type Result, type Sink } from '@why502/model';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DurableOutbox, type Place } from '../src/index.ts';

let folder: string;
const open: DurableOutbox[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'why502-outbox-'));
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((outbox) => outbox.close()));
  rmSync(folder, { recursive: true, force: true });
});

const mebibyte = 1024 ** 2;

function result(at: number): Result {
  return { kind: 'traffic', rows: [{ bucket: instant(at) } as never] };
}

const numberOf = (one: Result) => (one.kind === 'traffic' ? Number(one.rows[0]!.bucket) : -1);

/** A sink that leaves out what comes again with the same token, as a store does. */
class Store implements Sink {
  readonly name: string;
  readonly rows: number[] = [];
  readonly tokens = new Map<string, string>();
  /** What it does with the next batches. */
  next: () => Promise<Delivery | undefined> = async () => undefined;

  constructor(name: string) {
    this.name = name;
  }

  async deliver({ token, results }: Batch): Promise<Delivery> {
    const answer = await this.next();
    if (answer !== undefined && answer.kind !== 'stored') return answer;
    const rows = results.map(numberOf);
    // A token is that of one batch.
    expect(this.tokens.get(token) ?? rows.join()).toBe(rows.join());
    if (!this.tokens.has(token)) this.rows.push(...rows);
    this.tokens.set(token, rows.join());
    return answer ?? { kind: 'stored' };
  }

  async close(): Promise<void> {}
}

interface Opening {
  readonly known?: Place;
  readonly mostBytes?: number;
  readonly troubles?: Problem[];
  readonly aside?: number[];
}

async function opened(sinks: readonly Sink[], { known, mostBytes, troubles, aside }: Opening = {}) {
  const outbox = await DurableOutbox.open({
    folder,
    mostBytes: mostBytes ?? 64 * mebibyte,
    sinks,
    known,
    watch: {
      onRefused: (one) => aside?.push(numberOf(one)),
      onRetry(problem) {
        if (troubles?.every(({ code }) => code !== problem.code)) troubles.push(problem);
      },
    },
    trouble: (problem) => troubles?.push(problem),
  });
  open.push(outbox);
  outbox.start();
  return outbox;
}

const forever = new Promise<never>(() => {});
const down: Delivery = { kind: 'retry', after: millis(1), cause: new Problem('W502_STORE_UNREACHABLE') };

it('C5: a dead and a hanging sink keep no other waiting, and get all of it in the end', async () => {
  const [dead, hanging, sound] = [new Store('dead'), new Store('hanging'), new Store('sound')];
  dead.next = async () => down;
  let release = () => {};
  hanging.next = () =>
    new Promise((resolve) => {
      release = () => resolve(undefined);
    });
  const troubles: Problem[] = [];
  const outbox = await opened([dead, hanging, sound], { troubles });
  const all = Array.from({ length: 30 }, (_, at) => at);
  for (const at of all) outbox.noted(await outbox.add([result(at)]));
  await expect.poll(() => sound.rows).toEqual(all);
  expect([dead.rows, hanging.rows]).toEqual([[], []]);
  expect(troubles.map(({ code }) => code)).toEqual(['W502_STORE_UNREACHABLE']);
  expect(outbox.counts.map(({ delivered, waiting }) => [delivered, waiting])).toEqual([
    [0, 30],
    [0, 30],
    [30, 0],
  ]);
  dead.next = async () => undefined;
  hanging.next = async () => undefined;
  release();
  await outbox.drained();
  for (const { rows } of [dead, hanging, sound]) expect(rows).toEqual(all);
});

it('what a sink refuses is laid aside once, and every row is accounted for', async () => {
  const store = new Store('picky');
  const sink: Sink = {
    name: 'picky',
    deliver: async (batch) =>
      batch.results.some((one) => numberOf(one) === 7)
        ? { kind: 'rejected', cause: 'bad' }
        : store.deliver(batch),
    close: async () => {},
  };
  const aside: number[] = [];
  const outbox = await opened([sink], { aside });
  await outbox.add(Array.from({ length: 20 }, (_, at) => result(at)));
  await outbox.drained();
  expect(aside).toEqual([7]);
  expect(store.rows).toEqual(Array.from({ length: 20 }, (_, at) => at).filter((at) => at !== 7));
  expect(outbox.counts).toEqual([{ sink: 'picky', accepted: 20, delivered: 19, waiting: 0, refused: 1 }]);
});

it('C4: when it is full whoever puts in waits, says so, and goes on by itself; nothing is lost', async () => {
  const store = new Store('late');
  store.next = async () => down;
  const troubles: Problem[] = [];
  const outbox = await opened([store], { mostBytes: mebibyte, troubles });
  const wide = (at: number): Result => ({
    kind: 'traffic',
    rows: [{ bucket: instant(at), host: 'x'.repeat(50_000) } as never],
  });
  let added = 0;
  const all = Array.from({ length: 60 }, (_, at) => at);
  const adding = (async () => {
    for (const at of all) {
      outbox.noted(await outbox.add([wide(at)]));
      added++;
    }
  })();
  await expect.poll(() => troubles.map(({ code }) => code)).toContain('W502_SPOOL_FULL');
  expect(added).toBeGreaterThan(5);
  expect(added).toBeLessThan(30);
  store.next = async () => undefined;
  await adding;
  await outbox.drained();
  expect(store.rows).toEqual(all);
});

/** What happens to a run: so many are put in, and the sink does so with its batches before all of it dies. */
const lives = fc.array(
  fc.record({
    adds: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 6 }),
    takes: fc.integer({ min: 0, max: 5 }),
    end: fc.constantFrom('before', 'within'),
    notes: fc.boolean(),
  }),
  { minLength: 1, maxLength: 8 },
);

it('C1: killed again and again, every sink has everything once, in order, and no batch changes', async () => {
  await fc.assert(
    fc.asyncProperty(lives, async (all) => {
      rmSync(folder, { recursive: true, force: true });
      const store = new Store('store');
      let known: Place | undefined;
      let put = 0;
      let notedTo = 0;
      for (const { adds, takes, end, notes } of all) {
        let left = takes;
        // The sink of one life: dead after so many batches, the last of which it may have stored without saying so.
        const mortal: Sink = {
          name: 'store',
          deliver: async (batch) => {
            if (left === 0 && end === 'before') return forever;
            const delivery = await store.deliver(batch);
            return left-- > 0 ? delivery : forever;
          },
          close: async () => {},
        };
        const outbox = await DurableOutbox.open({
          folder,
          mostBytes: 64 * mebibyte,
          sinks: [mortal],
          known,
          watch: { onRefused: () => {}, onRetry: () => {} },
          trouble: () => {},
        });
        outbox.start();
        // What was not noted is said again, in other portions.
        const again = Array.from({ length: put - notedTo }, (_, at) => result(notedTo + at));
        for (const one of again) await outbox.add([one]);
        for (const count of adds) {
          const place = await outbox.add(Array.from({ length: count }, (_, at) => result(put + at)));
          put += count;
          await new Promise((resolve) => setImmediate(resolve));
          if (!notes) continue;
          outbox.noted(place);
          known = place;
          notedTo = put;
        }
        await new Promise((resolve) => setImmediate(resolve));
        const [counts] = outbox.counts;
        expect(counts!.delivered + counts!.waiting).toBe(counts!.accepted);
        expect(counts!.accepted).toBe(put);
        expect(counts!.delivered).toBeLessThanOrEqual(store.rows.length);
      }
      const last = await opened([store], known === undefined ? {} : { known });
      await last.drained();
      expect(store.rows).toEqual(Array.from({ length: put }, (_, at) => at));
      await last.close();
      open.splice(0);
    }),
    { numRuns: 60 },
  );
});

it('lets go of what all sinks have, and begins with all of them down', async () => {
  const [one, other] = [new Store('one'), new Store('other')];
  one.next = async () => down;
  other.next = async () => {
    throw new Error('no such host');
  };
  const troubles: Problem[] = [];
  const first = await opened([one, other], { mostBytes: 16 * mebibyte, troubles });
  await first.add([result(0)]);
  await expect
    .poll(() => troubles.map(({ code }) => code).sort())
    .toEqual(['W502_SINK_FAILED', 'W502_STORE_UNREACHABLE']);
  await first.close();
  for (const store of [one, other]) store.next = async () => undefined;
  const second = await opened([one, other], { mostBytes: 16 * mebibyte });
  const wide = (at: number): Result => ({
    kind: 'traffic',
    rows: [{ bucket: instant(at), host: 'x'.repeat(mebibyte) } as never],
  });
  for (let at = 1; at <= 40; at++) second.noted(await second.add([wide(at)]));
  await second.drained();
  expect(readdirSync(folder).filter((name) => name.endsWith('.segment')).length).toBeLessThan(4);
  expect(one.rows.length).toBe(41);
});

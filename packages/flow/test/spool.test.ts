import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem } from '@why502/model';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Place, Spool, SpoolReader } from '../src/index.ts';
import { FrailDisk } from './frail-disk.ts';

const start: Place = { offset: 0, line: 0 };
const plenty = 1024 * 1024 * 1024;

function readAll(spool: Spool, from: Place = start): string[] {
  const reader = new SpoolReader(spool, from);
  const texts: string[] = [];
  for (let text = reader.next(); text !== undefined; text = reader.next()) texts.push(text.toString());
  reader.close();
  return texts;
}

async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error instanceof Problem ? error.code : String(error);
  }
}

type Action =
  | { readonly kind: 'append'; readonly lines: readonly number[] }
  | { readonly kind: 'full'; readonly room: number }
  | { readonly kind: 'fail' }
  | { readonly kind: 'release'; readonly share: number }
  | { readonly kind: 'crash'; readonly within: boolean; readonly share: number; readonly flipped: boolean };

const actions: fc.Arbitrary<readonly Action[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('append' as const),
        lines: fc.array(fc.nat(60), { minLength: 1, maxLength: 4 }),
      }),
    },
    fc.record({ kind: fc.constant('full' as const), room: fc.nat(120) }),
    fc.record({ kind: fc.constant('fail' as const) }),
    fc.record({ kind: fc.constant('release' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.record({
      kind: fc.constant('crash' as const),
      within: fc.boolean(),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      flipped: fc.boolean(),
    }),
  ),
  { maxLength: 40 },
);

it('keeps what it has said to keep, in order, whatever the disk does and whenever it is killed', async () => {
  await fc.assert(
    fc.asyncProperty(actions, fc.constantFrom(1, 100, 10_000), async (all, segmentBytes) => {
      const disk = new FrailDisk();
      const open = () => Spool.open({ folder: '/spool', mostBytes: plenty, segmentBytes, files: disk });
      let spool = await open();
      /** What must be there; what was being written when it was killed may follow. */
      let kept: string[] = [];
      let count = 0;
      for (const action of all) {
        switch (action.kind) {
          case 'append':
          case 'crash': {
            const lengths = action.kind === 'append' ? action.lines : [20, 20];
            const texts = lengths.map((length) => `${count++} ${'x'.repeat(length)}\n`);
            const appended = codeOf(spool.append(texts.map((text) => Buffer.from(text))));
            if (action.kind === 'crash' && !action.within) break;
            if (action.kind === 'crash') {
              disk.crash(action.share, action.flipped);
              spool = await open();
              const there = readAll(spool, spool.begin);
              expect(there.slice(0, kept.length)).toEqual(kept);
              expect(texts.slice(0, there.length - kept.length)).toEqual(there.slice(kept.length));
              kept = there;
            } else if ((await appended) === undefined) kept.push(...texts);
            else {
              disk.room = Number.POSITIVE_INFINITY;
              disk.syncFails = false;
            }
            break;
          }
          case 'full':
            disk.room = action.room;
            break;
          case 'fail':
            disk.syncFails = true;
            break;
          case 'release': {
            const { begin, end } = spool;
            const offset = begin.offset + Math.floor((end.offset - begin.offset) * action.share);
            spool.release({ offset });
            expect(spool.begin.offset).toBeLessThanOrEqual(Math.max(offset, begin.offset));
            const gone = spool.begin.offset - begin.offset;
            for (let left = gone; left > 0; ) left -= kept.shift()!.length;
            break;
          }
        }
        if (action.kind === 'crash' && !action.within) {
          await spool.close();
          spool = await open();
          kept = readAll(spool, spool.begin);
        }
        expect(readAll(spool, spool.begin)).toEqual(kept);
        expect(spool.end.offset - spool.begin.offset).toBe(kept.join('').length);
        expect(spool.end.line - spool.begin.line).toBe(kept.length);
      }
    }),
    { numRuns: 400 },
  );
});

describe('on a disk', () => {
  let folder: string;
  const texts = Array.from({ length: 6 }, (_, at) => `${at} ${'line'.repeat(at)}\n`);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'why502-spool-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function written(options: { readonly segmentBytes?: number } = {}): Promise<string[]> {
    const spool = await Spool.open({ folder, mostBytes: plenty, ...options });
    for (const text of texts) await spool.append([Buffer.from(text)]);
    await spool.close();
    return readdirSync(folder).sort();
  }

  it('C8: cut at any byte it holds all records before, and takes more', async () => {
    const [name] = await written();
    const path = join(folder, name!);
    const whole = readFileSync(path);
    for (let at = 0; at <= whole.length; at++) {
      writeFileSync(path, whole.subarray(0, at));
      const spool = await Spool.open({ folder, mostBytes: plenty });
      const found = readAll(spool);
      expect(texts.slice(0, found.length)).toEqual(found);
      const length = 28 + found.reduce((sum, text) => sum + 8 + text.length, 0);
      expect(spool.cutBytes).toBe(at < 28 ? at : at - length);
      expect(at).toBeLessThan(length + 8 + (texts[found.length]?.length ?? 1));
      await spool.append([Buffer.from('more\n')]);
      expect(readAll(spool)).toEqual([...found, 'more\n']);
      await spool.close();
      rmSync(folder, { recursive: true });
      await written();
    }
  });

  it('flipped at any byte it holds all records but the one', async () => {
    const [name] = await written();
    const path = join(folder, name!);
    const whole = readFileSync(path);
    for (let at = 0; at < whole.length; at++) {
      const flipped = Buffer.from(whole);
      flipped[at]! ^= 0x10;
      writeFileSync(path, flipped);
      const spool = await Spool.open({ folder, mostBytes: plenty });
      const found = readAll(spool);
      await spool.close();
      let end = 28;
      const hit = texts.findIndex((text) => {
        end += 8 + text.length;
        return at >= 28 && at < end;
      });
      const isLength = at >= 28 && at < end - texts[Math.max(0, hit)]!.length - 4;
      // Without its length nobody knows where the next one begins.
      const expected = at < 28 ? texts : texts.filter((_, one) => one !== hit && (!isLength || one < hit));
      expect(found.join('')).toBe(expected.join(''));
    }
  });

  it('a damaged segment ends where the next one begins', async () => {
    const names = await written({ segmentBytes: 1 });
    expect(names.length).toBe(texts.length);
    writeFileSync(join(folder, names[2]!), 'nothing that anybody wrote, and longer than a header');
    const spool = await Spool.open({ folder, mostBytes: plenty });
    expect(readAll(spool)).toEqual(texts.filter((_, at) => at !== 2));
    const reader = new SpoolReader(spool, start);
    while (reader.next() !== undefined);
    expect(reader.lost).toBe(texts[2]!.length);
    reader.close();
    await spool.close();
  });

  it('is read from any place, and let go of up to it', async () => {
    await written({ segmentBytes: 30 });
    const all = texts.join('');
    const spool = await Spool.open({ folder, mostBytes: plenty, segmentBytes: 30 });
    for (let offset = 0; offset <= all.length; offset++) {
      const line = all.slice(0, offset).split('\n').length - 1;
      expect(readAll(spool, { offset, line }).join('')).toBe(all.slice(offset));
    }
    const before = readdirSync(folder).length;
    spool.release({ offset: all.length - 1 });
    expect(readdirSync(folder).length).toBeLessThan(before);
    expect(readAll(spool).at(-1)).toBe(texts.at(-1));
    await spool.close();
  });

  it('takes no more than it may, and more when some is gone; nobody else may read it', async () => {
    const spool = await Spool.open({ folder, mostBytes: 400, segmentBytes: 100 });
    const line = Buffer.from(`${'x'.repeat(39)}\n`);
    let taken = 0;
    while ((await codeOf(spool.append([line]))) === undefined) taken++;
    expect(taken).toBeGreaterThan(4);
    expect(await codeOf(spool.append([line]))).toBe('W502_SPOOL_FULL');
    const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)));
    expect(sizes.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(400);
    for (const { mode } of sizes) expect(mode & 0o777).toBe(0o600);
    expect(readAll(spool).length).toBe(taken);
    spool.release({ offset: 120 });
    expect(await codeOf(spool.append([line]))).toBeUndefined();
    await spool.close();
  });

  it('never gives the places of what was read to other bytes', async () => {
    await written();
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
    const spool = await Spool.open({ folder, mostBytes: plenty, reached: { offset: 50, line: 6 } });
    const end = await spool.append([Buffer.from('new\n')]);
    expect(end).toEqual({ offset: 54, line: 7 });
    expect(readAll(spool, { offset: 50, line: 6 })).toEqual(['new\n']);
    await spool.close();
  });
});

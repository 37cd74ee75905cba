import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Place } from '@why502/flow';
import type { Problem } from '@why502/model';
import { checkpoint, type Following, followSpooled } from '@why502/pipeline-tail';
import { afterEach, beforeEach, expect, it } from 'vitest';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'why502-inputs-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const mebibyte = 1024 * 1024;

/** All that is told, to its end or until so many bytes came. */
async function textOf(following: Following, most = Number.POSITIVE_INFINITY): Promise<string> {
  const chunks: Buffer[] = [];
  for (let bytes = 0; bytes < most; ) {
    const events = await following.next(new Set());
    if (events === undefined) break;
    for (const event of events)
      if (event.kind === 'bytes') {
        chunks.push(Buffer.from(event.chunk));
        bytes += event.chunk.length;
      }
  }
  return Buffer.concat(chunks).toString();
}

/** A segment that goes meanwhile counts no more. */
async function sizeOf(path: string): Promise<number> {
  const names = await readdir(path);
  const sizes = names.map((name) => statSync(join(path, name), { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `${from + at} ${'x'.repeat(1_000)}\n`).join('');

it('a spool that is full of what was read gives way to what comes, and takes no more than it may', async () => {
  const stream = new PassThrough();
  stream.write('first\n');
  const input = await followSpooled(stream, { folder, name: '-', mostBytes: mebibyte, trouble: () => {} });
  const following = await input.follow(undefined);
  const all = numbered(0, 5_000);
  stream.end(all);
  let most = 0;
  const watching = setInterval(async () => {
    most = Math.max(most, await sizeOf(folder));
  }, 5);
  expect(await textOf(following)).toBe(`first\n${all}`);
  clearInterval(watching);
  expect(most).toBeGreaterThan(mebibyte / 2);
  expect(most).toBeLessThanOrEqual(mebibyte);
  await input.close();
});

it('C4: a spool that is full of what was not read keeps the stream waiting, says so, and goes on by itself', async () => {
  const stream = new PassThrough();
  const troubles: Problem[] = [];
  const all = numbered(0, 10_000);
  stream.end(all);
  const input = await followSpooled(stream, {
    folder,
    name: '-',
    mostBytes: mebibyte,
    trouble: (problem) => troubles.push(problem),
  });
  await expect.poll(() => troubles.map(({ code }) => code)).toEqual(['W502_SPOOL_FULL']);
  expect(await sizeOf(folder)).toBeLessThanOrEqual(mebibyte);
  expect(await textOf(await input.follow(undefined))).toBe(all);
  await input.close();
});

it('goes on where a checkpoint says, with what is kept first and what comes then', async () => {
  const open = (stream: PassThrough, following?: unknown) =>
    followSpooled(stream, {
      folder,
      name: '-',
      mostBytes: mebibyte,
      ...(following === undefined ? {} : { from: checkpoint({ following } as never) }),
      trouble: () => {},
    });
  const first = new PassThrough();
  first.write('a\nb\n');
  const input = await open(first);
  const following = await input.follow(undefined);
  expect(await textOf(following, 4)).toBe('a\nb\n');
  const places = new Map<string, Place>([['1', { offset: 2, line: 1 }]]);
  const state: unknown = JSON.parse(JSON.stringify(following.state(places)));
  await input.close();
  const second = new PassThrough();
  second.end('c\n');
  const again = await open(second, state);
  expect(await textOf(await again.follow(state))).toBe('b\nc\n');
  await again.close();
});

it('told to end before the first line it does not wait for it', async () => {
  const stop = new AbortController();
  const stream = new PassThrough();
  const options = { folder, name: '-', mostBytes: mebibyte, stop: stop.signal, trouble: () => {} };
  const opening = followSpooled(stream, options);
  setTimeout(() => stop.abort(), 20);
  const input = await opening;
  expect(input.discovery.logs).toEqual([]);
  await input.close();
});

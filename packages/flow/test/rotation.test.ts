import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Follower, type FollowerState } from '../src/index.ts';
import { Reading, TurnedClock } from './following.ts';

/** R1: whatever is done to a log, in whatever order, its lines are read once. */
const { WHY502_ROTATION_RUNS = '2000' } = process.env;
const runs = Number(WHY502_ROTATION_RUNS);

const actions = [
  'write',
  'partial',
  'rename',
  'copy',
  'slow copy',
  'pack',
  'delete',
  'settle',
  'restart',
  'hold',
] as const;

async function* unpack(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unpacker = createGunzip();
  pipeline(Readable.from(chunks), unpacker, () => {});
  yield* unpacker;
}

/** A log, whoever rotates it, and what a reader must and may have read of it. */
class World {
  readonly folder = mkdtempSync(join(tmpdir(), 'why502-rotation-'));
  readonly log = join(this.folder, 'access.log');
  readonly written: string[] = [];
  /** What nobody may ever see again: the file was gone before it was looked at. */
  readonly mayBeLost = new Set<string>();
  /** Lines of the current file since the last look at it. */
  #unseen: string[] = [];
  #open = '';
  #count = 0;
  #isCopying = false;

  write(): void {
    const line = `${this.#open}${this.#count++}-${'x'.repeat((this.#count * 37) % 90)}`;
    appendFileSync(this.log, `${line.slice(this.#open.length)}\n`);
    this.#open = '';
    this.written.push(line);
    this.#unseen.push(line);
  }

  partial(): void {
    // No two files have the same size: within the same tick of the file system's clock nothing else tells them apart.
    const part = `${this.#count++}p${'y'.repeat(this.#count)}`;
    appendFileSync(this.log, part);
    this.#open += part;
  }

  /** A line that is not ended when the file is put away is one all the same. */
  #putAway(): void {
    if (this.#open === '') return;
    this.written.push(this.#open);
    this.#unseen.push(this.#open);
    this.#open = '';
  }

  rename(): void {
    if (!existsSync(this.log)) return;
    this.#putAway();
    this.#shift();
    renameSync(this.log, `${this.log}.1`);
    this.#unseen = [];
  }

  #shift(): void {
    let last = 1;
    while ([`${this.log}.${last}`, `${this.log}.${last}.gz`].some((path) => existsSync(path))) last++;
    for (let at = last - 1; at >= 1; at--)
      for (const end of ['', '.gz'])
        if (existsSync(`${this.log}.${at}${end}`))
          renameSync(`${this.log}.${at}${end}`, `${this.log}.${at + 1}${end}`);
  }

  /** As it looks while the copy is being made. */
  beginCopy(): void {
    if (!existsSync(this.log)) return;
    this.#shift();
    const text = readFileSync(this.log);
    writeFileSync(`${this.log}.1`, text.subarray(0, text.length >> 1));
    this.#isCopying = true;
  }

  copy(): void {
    if (!existsSync(this.log)) return;
    // What has no end now is the beginning of a line that goes on elsewhere; no reader can know.
    if (this.#open !== '') this.write();
    if (!this.#isCopying) this.#shift();
    this.#isCopying = false;
    copyFileSync(this.log, `${this.log}.1`);
    truncateSync(this.log);
    // A file that was copied before anybody looked at it cannot be told from its copy.
    for (const line of this.#unseen) this.mayBeLost.add(line);
    this.#unseen = [];
  }

  pack(): void {
    this.rename();
    const path = `${this.log}.1`;
    if (!existsSync(path)) return;
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)));
    unlinkSync(path);
  }

  delete(): void {
    if (!existsSync(this.log)) return;
    this.#putAway();
    for (const line of this.#unseen) this.mayBeLost.add(line);
    this.#unseen = [];
    unlinkSync(this.log);
  }

  looked(): void {
    this.#unseen = [];
  }
}

it('R1: lines are read once, whatever is done to the file', { timeout: 300_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...actions), { minLength: 1, maxLength: 24 }),
      fc.boolean(),
      async (sequence, wholeFolder) => {
        const world = new World();
        const clock = new TurnedClock();
        const lines: string[] = [];
        const start = (state?: FollowerState) =>
          new Reading(
            new Follower({
              paths: [wholeFolder ? world.folder : world.log],
              from: 'start',
              clock,
              unpack,
              rotateWaitMs: 3_000,
              ...(state === undefined ? {} : { state }),
            }),
            clock,
          );
        world.write();
        let reading = start();
        await reading.settle();
        world.looked();
        try {
          for (const action of sequence) {
            if (action === 'settle') {
              reading.held = new Set();
              await reading.settle();
              world.looked();
            } else if (action === 'hold') {
              reading.held = new Set(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
            } else if (action === 'restart') {
              await clock.idle();
              const state = reading.state();
              await reading.stop();
              lines.push(...reading.lines);
              reading = start(state);
            } else if (action === 'slow copy') {
              // A file that nobody has read before cannot be told from its copy.
              await reading.settle();
              world.beginCopy();
              await reading.settle();
              if (reading.held.size === 0) world.looked();
              world.copy();
            } else if (action === 'partial' && wholeFolder) {
              // What was rotated away from a log that is not there when a tail begins may be a log of its own, which goes on.
            } else world[action]();
          }
          reading.held = new Set();
          await reading.settle();
          world.rename();
          for (let turn = 0; turn < 4; turn++) {
            await reading.settle();
            await clock.turn(4_000);
          }
          lines.push(...reading.lines);
          const read = new Set(lines);
          const isBeginning = (line: string) => [...world.mayBeLost].some((lost) => lost.startsWith(line));
          expect({
            twice: lines.filter((line, at) => lines.indexOf(line) !== at),
            // Of a line that was lost with its file the beginning may have been read.
            invented: lines.filter((line) => !world.written.includes(line) && !isBeginning(line)),
            lost: world.written.filter((line) => !read.has(line) && !world.mayBeLost.has(line)),
          }).toEqual({ twice: [], invented: [], lost: [] });
        } finally {
          await reading.stop();
          rmSync(world.folder, { recursive: true, force: true });
        }
      },
    ),
    { numRuns: runs, timeout: 5_000, includeErrorInReport: true },
  );
});

import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { createGunzip, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskFiles, Follower, type FollowerOptions, type OpenFile } from '../src/index.ts';
import { Reading, TurnedClock } from './following.ts';

let folder: string;
let log: string;
let clock: TurnedClock;
let readings: Reading[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'why502-follow-'));
  log = join(folder, 'access.log');
  clock = new TurnedClock();
  readings = [];
});

afterEach(async () => {
  for (const reading of readings) await reading.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function* gunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unpacker = createGunzip();
  pipeline(Readable.from(chunks), unpacker, () => {});
  yield* unpacker;
}

/** Packed or not, as the packages that unpack do it. */
async function* unpack(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* gunzip(chunks);
}

function follow(options: Partial<FollowerOptions> = {}): Reading {
  const follower = new Follower({
    paths: [log],
    from: 'start',
    clock,
    unpack,
    rotateWaitMs: 5_000,
    ...options,
  });
  const reading = new Reading(follower, clock);
  readings.push(reading);
  return reading;
}

/** As a crash would: what was read since the positions is forgotten. */
async function restart(
  reading: Reading,
  between: () => void,
  options: Partial<FollowerOptions> = {},
  wanted?: Parameters<Reading['state']>[0],
) {
  const state = reading.state(wanted);
  await reading.stop();
  readings.splice(readings.indexOf(reading), 1);
  between();
  return follow({ state, ...options });
}

/** The logs of which lines may have been lost. */
function gapsIn({ events }: Reading): readonly string[] {
  return events.flatMap((event) => (event.kind === 'gap' ? [event.name] : []));
}

function write(...lines: string[]): void {
  appendFileSync(log, lines.map((line) => `${line}\n`).join(''));
}

describe('a file that is followed', () => {
  it('is read from its start, and then as it grows', async () => {
    write('a', 'b');
    const reading = follow();
    await reading.settle();
    write('c');
    await reading.settle();
    expect(reading.lines).toEqual(['a', 'b', 'c']);
  });

  it('is read from its end, and then as it grows', async () => {
    writeFileSync(log, 'a\nb');
    const reading = follow({ from: 'end' });
    await reading.settle();
    appendFileSync(log, 'c\nd\n');
    await reading.settle();
    expect(reading.lines).toEqual(['bc', 'd']);
  });

  it('is read with what was rotated away from it before, which ends', async () => {
    writeFileSync(`${log}.2`, 'a\n');
    writeFileSync(`${log}-20261126`, 'b\n');
    write('c');
    const reading = follow({ paths: [folder] });
    for (let at = 0; at < 6; at++) await reading.settle();
    expect(reading.lines.sort()).toEqual(['a', 'b', 'c']);
    const opened = reading.events.flatMap((event) => (event.kind === 'opened' ? [event.name] : []));
    expect(opened).toEqual([log, log, log]);
    expect(reading.events.filter(({ kind }) => kind === 'ended')).toHaveLength(2);
  });

  it('may come later, and its folder with it', async () => {
    const path = join(folder, 'later', 'x.log');
    const reading = follow({ paths: [path] });
    await reading.settle();
    mkdirSync(join(folder, 'later'));
    writeFileSync(path, 'a\n');
    await reading.settle();
    expect(reading.lines).toEqual(['a']);
  });

  it('gives a line when its end has come (R7)', async () => {
    writeFileSync(log, 'a');
    const reading = follow();
    await reading.settle();
    expect(reading.lines).toEqual([]);
    appendFileSync(log, 'b\r\nc');
    await reading.settle();
    expect(reading.lines).toEqual(['ab\r']);
    renameSync(log, `${log}.1`);
    await clock.turn(1_000);
    await clock.turn(6_000);
    await clock.turn(1_000);
    expect(reading.lines).toEqual(['ab\r', 'c']);
  });

  it.each([
    { name: 'plain', pack: () => {} },
    {
      name: 'packed meanwhile',
      pack: () => {
        writeFileSync(`${log}.1.gz`, gzipSync(readFileSync(`${log}.1`)));
        rmSync(`${log}.1`);
      },
    },
  ])(
    'that was rotated and has ended is read again where somebody still waits for it, $name',
    async ({ pack }) => {
      write('a', 'b', 'c');
      const reading = follow();
      await reading.settle();
      renameSync(log, `${log}.1`);
      write('d');
      await reading.settle();
      for (let turn = 0; turn < 8; turn++) await clock.turn(1_000);
      expect(reading.events).toContainEqual({ kind: 'ended', generation: '1', reason: 'rotated' });
      const state = reading.state(new Map([['1', { offset: 4, line: 2 }]]));
      await reading.stop();
      readings.length = 0;
      pack();
      const next = follow({ state });
      await next.settle();
      expect(next.lines).toEqual(['c']);
      // Nobody waits for it any more.
      const later = next.state();
      await next.stop();
      readings.length = 0;
      const last = follow({ state: later });
      await last.settle();
      expect(last.lines).toEqual([]);
    },
  );

  it('that nobody wanted is read on when somebody does, though nothing else happens', async () => {
    write('a');
    const reading = follow();
    await reading.settle();
    reading.held = new Set(['1']);
    // It was asked for before.
    write('b');
    await reading.settle();
    write('c');
    await reading.settle();
    expect(reading.lines).toEqual(['a', 'b']);
    reading.held = new Set();
    await reading.settle();
    expect(reading.lines).toEqual(['a', 'b', 'c']);
  });

  it('is read once though two patterns and a link lead to it (R13)', async () => {
    write('a');
    const link = join(folder, 'link.log');
    symlinkSync(log, link);
    const reading = follow({ paths: [log, link, join(folder, '*.log'), folder] });
    await reading.settle();
    write('b');
    await reading.settle();
    expect(reading.lines).toEqual(['a', 'b']);
  });

  it('is another than one that begins alike (R6)', async () => {
    const same = 'x'.repeat(70_000);
    const other = join(folder, 'other.log');
    writeFileSync(log, `${same}\na\n`);
    writeFileSync(other, `${same}\nb\n`);
    const reading = follow({ paths: [log, other] });
    await reading.settle();
    expect(reading.lines.filter((line) => line.length === 1).sort()).toEqual(['a', 'b']);
    expect(reading.lines.length).toBe(4);
  });
});

describe('a file that is rotated', () => {
  it('by renaming is read to its end, and the new one from its start', async () => {
    write('a');
    const reading = follow();
    await reading.settle();
    renameSync(log, `${log}.1`);
    appendFileSync(`${log}.1`, 'b\n');
    write('c');
    await reading.settle();
    expect(reading.lines.sort()).toEqual(['a', 'b', 'c']);
  });

  it('twice between two looks loses nothing', async () => {
    write('a');
    const reading = follow();
    await reading.settle();
    write('b');
    renameSync(log, `${log}.1`);
    write('c');
    renameSync(`${log}.1`, `${log}.2`);
    renameSync(log, `${log}.1`);
    write('d');
    await reading.settle();
    expect(reading.lines.sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('and packed at once is not read again', async () => {
    write('a', 'b');
    const reading = follow({ paths: [join(folder, 'access.log*')] });
    await reading.settle();
    renameSync(log, `${log}.1`);
    writeFileSync(`${log}.1.gz`, gzipSync(readFileSync(`${log}.1`)));
    unlinkSync(`${log}.1`);
    write('c');
    await reading.settle();
    expect(reading.lines).toEqual(['a', 'b', 'c']);
  });

  it('and packed at once several times between two looks is all read, under the name at which it was written', async () => {
    write('a');
    const reading = follow({ paths: [folder] });
    await reading.settle();
    for (const [at, line] of ['b', 'c', 'd'].entries()) {
      write(line);
      writeFileSync(`${log}.${at}.gz`, gzipSync(readFileSync(log)));
      renameSync(log, `${log}.${at}`);
      unlinkSync(`${log}.${at}`);
    }
    write('e');
    await reading.settle();
    expect(reading.lines.sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
    const opened = reading.events.filter(({ kind }) => kind === 'opened');
    expect(opened.map((event) => 'name' in event && event.name)).toEqual([log, log, log, log]);
  });

  it('is not kept waiting by a file that is being packed for long', async () => {
    write('a');
    const reading = follow({ paths: [folder] });
    await reading.settle();
    renameSync(log, join(folder, 'old'));
    unlinkSync(join(folder, 'old'));
    const packed = gzipSync(Buffer.alloc(200_000, 'x\n'));
    writeFileSync(`${log}.1.gz`, packed.subarray(0, 100));
    write('b');
    for (let at = 0; at < 12; at++) {
      appendFileSync(`${log}.1.gz`, packed.subarray(100 + at, 101 + at));
      await clock.turn(1_000);
      if (at === 5) expect(reading.lines).toEqual(['a']);
    }
    expect(reading.lines).toEqual(['a', 'b']);
  });

  it('by copying and truncating is read to its end in the copy', async () => {
    write('a', 'b');
    const reading = follow();
    await reading.settle();
    write('c');
    copyFileSync(log, `${log}.1`);
    truncateSync(log);
    write('d');
    await reading.settle();
    expect(reading.lines).toEqual(['a', 'b', 'c', 'd']);
    expect(gapsIn(reading)).toEqual([log]);
  });

  it('by copying is read once though the pattern holds the copy', async () => {
    write('a', 'b');
    const reading = follow({ paths: [`${log}*`] });
    await reading.settle();
    copyFileSync(log, `${log}.1`);
    await reading.settle();
    truncateSync(log);
    await reading.settle();
    write('c');
    await reading.settle();
    expect(reading.lines).toEqual(['a', 'b', 'c']);
  });

  it('by copying is read once though the copy is seen while it is being made', async () => {
    write('a', 'b', 'c', 'd');
    const reading = follow({ paths: [folder] });
    await reading.settle();
    writeFileSync(`${log}.1`, readFileSync(log).subarray(0, 4));
    await reading.settle();
    copyFileSync(log, `${log}.1`);
    truncateSync(log);
    write('e');
    await reading.settle();
    await reading.settle();
    expect(reading.lines).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('by copying before it was read is read in the copy, under the name at which it was written, and that ends', async () => {
    const reading = follow({ paths: [folder] });
    await reading.settle();
    for (const [line, copy] of [
      ['a', '1'],
      ['b', '2'],
    ]) {
      write(line!);
      copyFileSync(log, `${log}.${copy}`);
      truncateSync(log);
    }
    write('c');
    for (let at = 0; at < 4; at++) await reading.settle();
    expect(reading.lines.sort()).toEqual(['a', 'b', 'c']);
    const opened = reading.events.flatMap((event) => (event.kind === 'opened' ? [event.name] : []));
    expect(opened).toEqual([log, log, log]);
    expect(reading.events.filter(({ kind }) => kind === 'ended')).toHaveLength(2);
  });

  it('by truncation and refilled beyond its old size is read from its start', async () => {
    write('a', 'b');
    const reading = follow();
    await reading.settle();
    writeFileSync(log, 'c\nd\ne\nf\n');
    await reading.settle();
    expect(reading.lines).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('by deletion is read to its end, and let go of', async () => {
    write('a');
    const reading = follow();
    await reading.settle();
    write('b');
    unlinkSync(log);
    await reading.settle();
    await clock.turn(6_000);
    await clock.turn(1_000);
    write('c');
    await reading.settle();
    expect(reading.lines).toEqual(['a', 'b', 'c']);
    expect(reading.events).toContainEqual({ kind: 'ended', generation: '1', reason: 'deleted' });
  });
});

describe('many files, and files that nobody may read', () => {
  it('are not all kept open, and are read when they grow', async () => {
    const names = Array.from({ length: 300 }, (_, at) => join(folder, `${at}.log`));
    for (const name of names) writeFileSync(name, 'old\n');
    let opened = 0;
    const counting = { ...diskFiles, open: (path: string) => counted(diskFiles.open(path)) };
    const counted = (file: OpenFile) => {
      opened++;
      return {
        ...file,
        close: () => {
          opened--;
          file.close();
        },
      };
    };
    const reading = follow({ paths: [folder], from: 'end', files: counting });
    await reading.settle();
    expect(opened).toBeLessThanOrEqual(64);
    for (const name of names) appendFileSync(name, 'new\n');
    await reading.settle();
    for (let turn = 0; turn < 20; turn++) await clock.turn(1_000);
    expect(reading.lines).toEqual(names.map(() => 'new'));
    const places = reading.events.flatMap((event) => (event.kind === 'opened' ? [event.place] : []));
    expect(places.every(({ line, offset }) => line === 1 && offset === 4)).toBe(true);
  });

  it('say so once, and keep nobody from reading others', async () => {
    const closed = new Set([`${log}.1`, join(folder, 'secret.log')]);
    for (const path of closed) writeFileSync(path, 'secret\n');
    const files = {
      ...diskFiles,
      open: (path: string) => {
        if (closed.has(path)) throw Object.assign(new Error('closed'), { code: 'EACCES' });
        return diskFiles.open(path);
      },
    };
    write('a');
    const reading = follow({ paths: [log, join(folder, 'secret.log')], files });
    await reading.settle();
    write('b');
    await reading.settle();
    expect(reading.lines).toEqual(['a', 'b']);
    const troubles = reading.events.filter(({ kind }) => kind === 'trouble');
    expect(troubles.map((event) => event.kind === 'trouble' && event.problem.code)).toEqual([
      'W502_NOT_READABLE',
      'W502_NOT_READABLE',
    ]);
    closed.clear();
    await reading.settle();
    expect(reading.lines).toEqual(['a', 'b', 'secret']);
  });

  it('of one log that cannot be read keep nobody from the rest of it', async () => {
    write('a');
    const first = follow({ paths: [folder] });
    await first.settle();
    const broken = new Set([`${log}.1`, `${log}.2`]);
    const files = {
      ...diskFiles,
      open: (path: string) => {
        const file = diskFiles.open(path);
        // Its head is seen when it is opened.
        const read: OpenFile['read'] = (buffer, position) => {
          if (broken.has(path) && buffer.length > 8_192)
            throw Object.assign(new Error('broken'), { code: 'EIO' });
          return file.read(buffer, position);
        };
        return { stat: () => file.stat(), close: () => file.close(), read };
      },
    };
    const between = () => {
      for (const at of [2, 1, 0]) {
        write(`${at}`);
        if (at > 0) renameSync(log, `${log}.${at}`);
      }
    };
    const second = await restart(first, between, { paths: [folder], files });
    await second.settle();
    await second.settle();
    expect(second.lines).toContain('0');
  });

  it('that were done with are read on where they grow all the same', async () => {
    write('a');
    const reading = follow();
    await reading.settle();
    renameSync(log, `${log}.1`);
    writeFileSync(log, 'b\n');
    for (let turn = 0; turn < 8; turn++) await clock.turn(1_000);
    expect(reading.events).toContainEqual({ kind: 'ended', generation: '1', reason: 'rotated' });
    appendFileSync(`${log}.1`, 'late\n');
    renameSync(log, `${log}.0`);
    writeFileSync(log, 'c\n');
    await reading.settle();
    expect(reading.lines.sort()).toEqual(['a', 'b', 'c', 'late']);
  });
});

describe('an inode that is given to another file (R5)', () => {
  it.each(['short', 'of the same length!', 'much longer than what was there before'])(
    'is read from its start: %s',
    async (text) => {
      writeFileSync(log, 'of the same length?\n');
      const { ino } = statSync(log);
      const reading = follow();
      await reading.settle();
      await reading.stop();
      const state = reading.state();
      for (let tries = 0; tries < 200; tries++) {
        unlinkSync(log);
        writeFileSync(log, `${text}\n`);
        if (statSync(log).ino === ino) break;
      }
      const next = follow({ state });
      await next.settle();
      expect(next.lines).toEqual([text]);
    },
  );
});

describe('after a restart', () => {
  it('reading goes on where it was', async () => {
    write('a');
    const first = follow();
    await first.settle();
    const second = await restart(first, () => write('b'));
    await second.settle();
    expect([...first.lines, ...second.lines]).toEqual(['a', 'b']);
  });

  it('a file that was renamed meanwhile is read to its end, and what came after it', async () => {
    write('a');
    const first = follow();
    await first.settle();
    const second = await restart(first, () => {
      write('b');
      renameSync(log, `${log}.1`);
      write('c');
      renameSync(`${log}.1`, `${log}.2`);
      renameSync(log, `${log}.1`);
      write('d');
    });
    await second.settle();
    expect(second.lines.sort()).toEqual(['b', 'c', 'd']);
    expect(gapsIn(second)).toEqual([]);
  });

  it('a file that was copied and cut meanwhile is read on in the copy, and lines may be lost between the two', async () => {
    write('a');
    const first = follow();
    await first.settle();
    const second = await restart(first, () => {
      write('b');
      copyFileSync(log, `${log}.1`);
      write('lost');
      truncateSync(log);
      write('d');
    });
    await second.settle();
    expect(second.lines.sort()).toEqual(['b', 'd']);
    expect(gapsIn(second)).toEqual([log]);
    const third = await restart(second, () => renameSync(log, `${log}.2`));
    await third.settle();
    expect(gapsIn(third)).toEqual([]);
  });

  it.each(['folder', 'log'])('a text that was cut off is read again in the copy: %s', async (followed) => {
    const paths = [followed === 'folder' ? folder : log];
    write('a', 'b');
    const first = follow({ paths });
    await first.settle();
    copyFileSync(log, `${log}.1`);
    truncateSync(log);
    write('c');
    await first.settle();
    await first.settle();
    const [opened] = first.events.flatMap((event) => (event.kind === 'opened' ? [event.generation] : []));
    const second = await restart(first, () => {}, { paths }, new Map([[opened!, { offset: 2, line: 1 }]]));
    await second.settle();
    expect(second.lines).toEqual(['b']);
  });

  it('what was rotated away meanwhile in a folder is read under the name at which it was written, and ends', async () => {
    write('a');
    const first = follow({ paths: [folder] });
    await first.settle();
    const second = await restart(
      first,
      () => {
        for (const line of ['b', 'c', 'd']) {
          write(line);
          renameSync(log, `${log}.0000${line.charCodeAt(0)}`);
        }
        write('e');
        // Another log, whatever its name begins with.
        writeFileSync(`${log}.json`, 'x\n');
      },
      { paths: [folder] },
    );
    for (let at = 0; at < 6; at++) await second.settle();
    expect(second.lines.sort()).toEqual(['b', 'c', 'd', 'e', 'x']);
    const opened = second.events.flatMap((event) => (event.kind === 'opened' ? [event.name] : []));
    expect(opened.sort()).toEqual([log, log, log, log, `${log}.json`]);
    expect(second.events.filter(({ kind }) => kind === 'ended')).toHaveLength(3);
  });

  it('a file that was packed meanwhile is read on in the archive', async () => {
    write('a', 'b');
    const first = follow();
    await first.settle();
    const second = await restart(first, () => {
      write('c');
      writeFileSync(`${log}.1.gz`, gzipSync(readFileSync(log)));
      unlinkSync(log);
      write('d');
    });
    await second.settle();
    expect(second.lines.sort()).toEqual(['c', 'd']);
  });

  it('text that took the place of the old one, however long, is read from its start (R8)', async () => {
    write('a', 'b');
    const first = follow();
    await first.settle();
    const second = await restart(first, () => writeFileSync(log, 'c\nd\ne\nf\ng\n'));
    await second.settle();
    expect(second.lines).toEqual(['c', 'd', 'e', 'f', 'g']);
  });

  it('old archives beside a log are left alone', async () => {
    writeFileSync(`${log}.1`, 'old\n');
    write('a');
    const first = follow();
    await first.settle();
    const second = await restart(first, () => write('b'));
    await second.settle();
    expect([...first.lines, ...second.lines]).toEqual(['a', 'b']);
  });
});

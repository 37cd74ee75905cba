import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { millis, type Verdict } from '@why502/model';
import { analyze, sourcesOf } from '@why502/pipeline-analyze';
import { type Checkpoint, followFiles, type Progress, tail } from '@why502/pipeline-tail';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { corpusFolder } from '../corpus.ts';
import { randomNumbers } from '../random.mjs';

let bucket: string;

beforeEach(() => {
  bucket = mkdtempSync(join(tmpdir(), 'why502-bucket-'));
});

afterEach(() => rmSync(bucket, { recursive: true, force: true }));

function filesBelow(folder: string): string[] {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? filesBelow(path) : [path]));
}

/** Where a load balancer and an edge put their objects: below folders of the day, which are new every day. */
function placeOf(file: string): string {
  const name = basename(file);
  const [day = '', year, month, date] = /(\d{4})(\d{2})(\d{2})T/.exec(name) ?? [];
  return name.includes('elasticloadbalancing')
    ? join('AWSLogs', '111122223333', 'elasticloadbalancing', 'eu-north-1', year!, month!, date!, name)
    : join('logpush', day.slice(0, 8), name);
}

/** As a program does that copies from a bucket: under another name until it is whole, or at once under its own. */
function deliver(file: string, renamed: boolean): void {
  const path = join(bucket, placeOf(file));
  mkdirSync(join(path, '..'), { recursive: true });
  const to = renamed ? `${bucket}.${basename(file)}` : path;
  copyFileSync(file, to);
  if (renamed) renameSync(to, path);
}

function told({ id, cause, mechanism, hop }: Verdict): string {
  return `${id} ${hop} ${cause} ${mechanism}`;
}

/** What survives the death of a tail. */
interface Disk {
  readonly verdicts: Map<string, Verdict>;
  checkpoint: Checkpoint | undefined;
  published: Progress | undefined;
}

/** One life of a tail; it ends when it is killed, or when all is told that will be. */
async function live(disk: Disk, isFilled: () => boolean, killed: AbortSignal): Promise<void> {
  const { checkpoint: from, published } = disk;
  const follow = followFiles({ paths: [bucket], from: 'start' });
  const { problems } = await tail({
    follow: async (state) => {
      const following = await follow(state);
      let asked: ReturnType<typeof following.next> | undefined;
      return {
        ...following,
        next: async (held) => {
          for (;;) {
            asked ??= following.next(held);
            const quiet = new Promise<'quiet'>((resolve) => setTimeout(() => resolve('quiet'), 2_600));
            const news = await Promise.race([asked, quiet]);
            if (news === 'quiet') {
              if (isFilled()) return undefined;
            } else {
              asked = undefined;
              return news;
            }
          }
        },
        state: (places) => following.state(places),
        close: () => following.close(),
      };
    },
    clock: { monotonic: () => performance.now(), wall: () => Date.UTC(2027, 0, 1) },
    keepEvery: millis(0),
    ...(from === undefined ? {} : { resume: { from, published: published ?? from.progress } }),
    keep: async (checkpoint) => {
      if (!killed.aborted) disk.checkpoint = JSON.parse(JSON.stringify(checkpoint));
    },
    onFinal: async (results, progress) => {
      if (killed.aborted) return;
      for (const result of results) {
        if (result.kind !== 'verdict') continue;
        // Nothing is said twice.
        expect(disk.verdicts.has(result.verdict.id)).toBe(false);
        disk.verdicts.set(result.verdict.id, result.verdict);
      }
      disk.published = JSON.parse(JSON.stringify(progress));
    },
    stop: killed,
  });
  expect(problems.map(({ code }) => code)).toEqual([]);
}

/** What a tail says in the end of a folder that others fill while it follows it, and while it is killed now and then. */
async function followed(fill: () => Promise<void>, lives: readonly number[]): Promise<readonly string[]> {
  const disk: Disk = { verdicts: new Map(), checkpoint: undefined, published: undefined };
  let filled = false;
  const filling = fill().then(() => {
    filled = true;
  });
  for (const ms of lives) await live(disk, () => filled, AbortSignal.timeout(ms));
  await live(disk, () => filled, new AbortController().signal);
  await filling;
  return [...disk.verdicts.values()]
    .filter(({ mergedInto }) => mergedInto === undefined)
    .map(told)
    .sort();
}

async function analysed(): Promise<readonly string[]> {
  const verdicts: Verdict[] = [];
  await analyze({
    sources: await sourcesOf([bucket]),
    on: (result) => {
      if (result.kind === 'verdict') verdicts.push(result.verdict);
    },
  });
  return verdicts.map(told).sort();
}

/** Fills the bucket in the order of the objects' times, except that every fourth comes after those of the next period. */
function filling(scenario: string): () => Promise<void> {
  const next = randomNumbers(scenario.length);
  const files = filesBelow(join(corpusFolder, 'chain-own', scenario, 'logs'));
  const period = (file: string) => /\d{8}T\d{4}/.exec(basename(file))![0];
  const order = files
    .filter((file) => file.endsWith('.gz'))
    .map((file) => ({ file, at: period(file), chance: next() }))
    .sort((a, b) => (a.at === b.at ? a.chance - b.chance : a.at < b.at ? -1 : 1))
    .map((one, at) => ({ ...one, turn: at + (at % 4 === 1 ? 2.5 : 0) }))
    .sort((a, b) => a.turn - b.turn);
  return async () => {
    for (const { file } of order) {
      await new Promise((resolve) => setTimeout(resolve, next() * 400));
      deliver(file, next() < 0.5);
    }
  };
}

describe.each([
  'cf-pool-without-servers-and-queues',
  'alb-three-subnets-lost-in-turn',
  'cf-alb-pods-moved-and-released',
])('objects of %s that come into folders of their days, some of them late', (scenario) => {
  it.each([
    ['once', []],
    ['again and again', [700, 900, 1_500, 800]],
    ['by one who is killed when all was read', [4_000]],
  ])('are judged as their archive is, followed %s', { timeout: 60_000 }, async (_, lives) => {
    const said = await followed(filling(scenario), lives);
    const expected = await analysed();
    expect(expected.length).toBeGreaterThan(10);
    const missing = expected.filter((one) => !said.includes(one));
    const wrong = said.filter((one) => !expected.includes(one));
    expect({ missing: missing.slice(0, 3), wrong: wrong.slice(0, 3), count: said.length }).toEqual({
      missing: [],
      wrong: [],
      count: expected.length,
    });
  });
});

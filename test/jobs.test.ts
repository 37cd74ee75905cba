import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { traffic } from './bench/traffic.mjs';
import { absentPackages, installMissing } from './programs.ts';
import { rootFolder } from './workspaces.ts';

/** Large enough that other threads are set to work: plain files from 64 MiB, packed ones from 8. */
const lines = 190_000;

const programs = { zstd: 'zstd' };
installMissing(programs);
const absent = absentPackages(programs);

/** Path of a node of another version: `npx -p node@24 -- node -p process.execPath` tells one. */
const otherNode = process.env.WHY502_OTHER_NODE;

const folder = mkdtempSync(join(tmpdir(), 'why502-jobs-'));
const access = join(folder, 'access.log');
const gzipped = join(folder, 'gzipped', 'access.log.gz');
const zstandard = join(folder, 'zstandard', 'access.log.zst');
const rotated = join(folder, 'rotated');
const error = join(folder, 'error.log');

beforeAll(() => {
  const [accessFile, errorFile] = [openSync(access, 'w'), openSync(error, 'w')];
  for (const chunk of traffic({ lines, hours: 2, failing: 0.005 })) {
    writeSync(accessFile, chunk.access);
    writeSync(errorFile, chunk.error);
  }
  closeSync(accessFile);
  closeSync(errorFile);
  const bytes = readFileSync(access);
  for (const name of ['gzipped', 'zstandard', 'rotated']) mkdirSync(join(folder, name));
  writeFileSync(gzipped, gzipSync(bytes, { level: 1 }));
  if (absent.length === 0) execFileSync('zstd', ['-q', '-1', access, '-o', zstandard]);
  rotate(bytes);
  // Output must not differ by what is built.
  expect(spawnSync('npx', ['tsc', '-b'], { cwd: rootFolder }).status).toBe(0);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true }));

/** Three files as a rotation leaves them, none of them of a round size, with the error log beside them. */
function rotate(bytes: Buffer): void {
  const first = bytes.indexOf('\n', bytes.length / 7) + 1;
  const second = bytes.indexOf('\n', bytes.length / 3) + 1;
  writeFileSync(join(rotated, 'access.log.2.gz'), gzipSync(bytes.subarray(0, first), { level: 1 }));
  writeFileSync(join(rotated, 'access.log.1'), bytes.subarray(first, second));
  writeFileSync(join(rotated, 'access.log'), bytes.subarray(second));
  copyFileSync(error, join(rotated, 'error.log'));
}

function analysed(inputs: readonly string[], jobs: number, node = process.execPath): string {
  const { stdout, stderr, status } = spawnSync(
    node,
    ['packages/cli/dist/main.js', 'analyze', '--format', 'json', '--jobs', `${jobs}`, ...inputs],
    { cwd: rootFolder, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout;
}

/** The results without the places of their lines, which differ by how the log was cut, and without the summary of files. */
function withoutPlaces(output: string): readonly string[] {
  const results = output.split('\n').filter((line) => line !== '' && !line.startsWith('{"kind":"summary"'));
  return results.map((line) => line.replaceAll(/"file":"[^"]*","line":\d+/g, ''));
}

describe('the answer does not depend', () => {
  it('on the number of jobs', () => {
    const alone = analysed([access, error], 1);
    expect(alone.split('\n').length).toBeGreaterThan(900);
    for (const jobs of [2, 3]) expect(analysed([access, error], jobs)).toBe(alone);
  }, 120_000);

  it('on gzip, with any number of jobs', () => expectLikePlain([gzipped, error]), 120_000);

  it.skipIf(absent.length > 0)(
    `on zstd, with any number of jobs${absent.length > 0 ? ': needs the Debian package zstd' : ''}`,
    () => expectLikePlain([zstandard, error]),
    120_000,
  );

  it('on rotation, with any number of jobs', () => expectLikePlain([rotated]), 120_000);

  it.skipIf(otherNode === undefined)(
    `on the version of Node${otherNode === undefined ? ': needs one in WHY502_OTHER_NODE' : ''}`,
    () => {
      const own = analysed([access, error], 1);
      for (const jobs of [1, 2]) expect(analysed([access, error], jobs, otherNode)).toBe(own);
    },
    120_000,
  );
});

function expectLikePlain(inputs: readonly string[]): void {
  const alone = analysed(inputs, 1);
  expect(analysed(inputs, 3)).toBe(alone);
  expect(withoutPlaces(alone)).toEqual(withoutPlaces(analysed([access, error], 1)));
}

import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { traffic } from './bench/traffic.mjs';
import { rootFolder } from './workspaces.ts';

/** Large enough that other threads are set to work: plain files from 64 MiB, packed ones from 8. */
const lines = 190_000;

const folder = mkdtempSync(join(tmpdir(), 'why502-jobs-'));
const access = join(folder, 'access.log');
const packed = join(folder, 'packed.log.gz');
const error = join(folder, 'error.log');

beforeAll(() => {
  const [accessFile, errorFile] = [openSync(access, 'w'), openSync(error, 'w')];
  for (const chunk of traffic({ lines, hours: 2, failing: 0.005 })) {
    writeSync(accessFile, chunk.access);
    writeSync(errorFile, chunk.error);
  }
  closeSync(accessFile);
  closeSync(errorFile);
  writeFileSync(packed, gzipSync(readFileSync(access), { level: 1 }));
  // Output must not differ by what is built.
  expect(spawnSync('npx', ['tsc', '-b'], { cwd: rootFolder }).status).toBe(0);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true }));

function analysed(file: string, jobs: number): string {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['packages/cli/dist/main.js', 'analyze', '--format', 'json', '--jobs', `${jobs}`, file, error],
    { cwd: rootFolder, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout;
}

describe('the answer does not depend on the number of jobs', () => {
  it.each([access, packed])(
    '%s',
    (file) => {
      const alone = analysed(file, 1);
      expect(alone.split('\n').length).toBeGreaterThan(900);
      for (const jobs of [2, 3]) expect(analysed(file, jobs)).toBe(alone);
    },
    180_000,
  );
});

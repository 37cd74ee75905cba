import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkpointFile } from '../src/index.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'why502-checkpoint-'));
  path = join(folder, 'state', 'checkpoint');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a checkpoint is what was saved last, and nobody else may read it', () => {
  const file = checkpointFile(path);
  expect(file.load()).toBeUndefined();
  file.save({ at: 1 });
  file.save({ at: 2, name: 'ä\n' });
  expect(checkpointFile(path).load()).toEqual({ at: 2, name: 'ä\n' });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, 'state')).mode & 0o777).toBe(0o700);
});

it('R9: cut or flipped at any byte it is the one before', () => {
  const file = checkpointFile(path);
  file.save({ at: 1 });
  file.save({ at: 2, places: ['a', 'b'] });
  const whole = readFileSync(path);
  for (let at = 0; at < whole.length; at++) {
    writeFileSync(path, whole.subarray(0, at));
    expect(file.load()).toEqual({ at: 1 });
    const flipped = Buffer.from(whole);
    flipped[at]! ^= 0x10;
    writeFileSync(path, flipped);
    expect(file.load()).toEqual({ at: 1 });
  }
});

it('a damaged checkpoint does not take the place of the one before', () => {
  const file = checkpointFile(path);
  file.save({ at: 1 });
  file.save({ at: 2 });
  writeFileSync(path, 'damaged');
  file.save({ at: 3 });
  writeFileSync(path, 'damaged');
  expect(file.load()).toEqual({ at: 1 });
});

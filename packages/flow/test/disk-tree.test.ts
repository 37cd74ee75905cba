import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { diskTree } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'why502-tree-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('plain files have a text, and folders have names', async () => {
  writeFileSync(join(folder, 'a.conf'), 'events {}');
  mkdirSync(join(folder, 'conf.d'));
  expect(await diskTree.text(join(folder, 'a.conf'))).toBe('events {}');
  expect([...(await diskTree.names(folder))].sort()).toEqual(['a.conf', 'conf.d']);
  expect(await diskTree.names(`${folder}/conf.d/`)).toEqual([]);
});

test('what is absent, a folder, or a pipe that nobody writes to has none, and is not waited for', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  for (const path of [join(folder, 'gone'), folder, pipe]) expect(await diskTree.text(path)).toBeUndefined();
  expect(await diskTree.names(join(folder, 'gone'))).toEqual([]);
});

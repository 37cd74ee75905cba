import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instant, type Result } from '@why502/model';
import { expect, it } from 'vitest';
import { addDeadLetter } from '../src/dead-letters.ts';

it('what a sink refuses is kept until there is too much of it, the latest longest', () => {
  const state = mkdtempSync(join(tmpdir(), 'why502-dead-'));
  const most = 4_000;
  for (let at = 0; at < 200; at++) {
    const row = {
      bucket: instant(at * 10_000),
      source: 'nginx',
      host: undefined,
      upstream: undefined,
      peer: undefined,
    };
    const result = { kind: 'traffic', rows: [{ ...row, status: 200, requests: 1, durations: [] }] } as Result;
    addDeadLetter(state, { sink: 'A Store', result, cause: new Error(`no ${at}`) }, most);
  }
  const folder = join(state, 'dead-letters');
  expect(readdirSync(folder).sort()).toEqual(['a-store.jsonl', 'a-store.old.jsonl']);
  for (const name of readdirSync(folder))
    expect(statSync(join(folder, name)).size).toBeLessThan(most + 1_000);
  const said = ['a-store.old.jsonl', 'a-store.jsonl'].flatMap((name) =>
    readFileSync(join(folder, name), 'utf8').trim().split('\n'),
  );
  expect(said.length).toBeGreaterThan(15);
  const last = said.map((line) => JSON.parse(line).why);
  expect(last).toEqual(Array.from({ length: said.length }, (_, at) => `Error: no ${200 - said.length + at}`));
  rmSync(state, { recursive: true });
});

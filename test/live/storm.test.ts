import { expect, it } from 'vitest';
import { accessLine, start, until, useCommand } from './running-tail.ts';

useCommand();

it('a tail says once that failures come too thick to be judged by what is around them', async () => {
  const { child, said, ended } = start('-', '--format', 'json');
  child.stdin.write(Array.from({ length: 25_000 }, (_, at) => accessLine(at, 502)).join(''));
  await until(() => said.err.includes('W502_STORM'), 30_000);
  child.kill('SIGTERM');
  await ended;
  expect(said.err.match(/\[W502_STORM\]/g)).toHaveLength(1);
}, 60_000);

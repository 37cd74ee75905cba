import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { receivePushes } from '@why502/pipeline-tail';
import { expect, it } from 'vitest';

/** A checkpoint as far as it tells which files were read. */
function settled(
  files: readonly { readonly device: number; readonly inode: number; readonly birth: number }[],
) {
  return { following: { positions: [], settled: files } };
}

it('what was pushed is taken away when it was read, and not for having the inode of what was read before', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'why502-inbox-'));
  const secret = 'what the two of us know';
  const inbox = join(folder, 'pushed');
  const pushes = await receivePushes({ host: '127.0.0.1', port: 0, secret, folder: inbox });
  const body = '{"RayID":"1","EdgeStartTimestamp":"2026-11-23T07:00:00Z","EdgeResponseStatus":502}\n';
  const response = await fetch(`http://127.0.0.1:${pushes.port}/`, {
    method: 'POST',
    body,
    headers: { authorization: `Bearer ${secret}` },
  });
  expect(response.status).toBe(200);
  const [name] = readdirSync(inbox);
  const { dev: device, ino: inode, birthtimeMs: birth } = statSync(join(inbox, name!));
  pushes.sweep(settled([{ device, inode, birth: birth - 60_000 }]));
  expect(readdirSync(inbox)).toEqual([name]);
  pushes.sweep(settled([{ device, inode, birth }]));
  expect(readdirSync(inbox)).toEqual([]);
  await pushes.close();
  rmSync(folder, { recursive: true });
});

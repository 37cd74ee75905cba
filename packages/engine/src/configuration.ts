import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { engineConfiguration, engineUsers } from './users.ts';

/** The files that one engine reads. */
export interface Configuration {
  readonly file: string;
  remove(): Promise<void>;
}

/**
 * Writes them into a folder of their own, named after this process. Another process may start its engine at the same
 * moment, or be the one that has the data: an engine whose users are taken away before it reads them knows nobody. So
 * nobody removes files of a process that lives.
 */
export async function writeConfiguration(store: string, password: string): Promise<Configuration> {
  await removeLeftOver(store);
  const folder = await mkdtemp(join(store, `engine-${process.pid}-`));
  const file = join(folder, 'engine.xml');
  await writeFile(file, engineConfiguration('users.xml'), { mode: 0o600 });
  await writeFile(join(folder, 'users.xml'), engineUsers(password), { mode: 0o600 });
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** What processes have left that were killed. */
async function removeLeftOver(store: string): Promise<void> {
  for (const name of await readdir(store)) {
    const owner = /^engine-(\d+)-\w{6}$/.exec(name)?.[1];
    if (owner !== undefined && !lives(Number(owner)))
      await rm(join(store, name), { recursive: true, force: true });
  }
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It lives, and is another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How to reach an engine. */
export interface Address {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

const addressFile = 'engine.json';

/** Where the engine of the folder is said to be; absent where none is, or where nobody can read it. */
export async function readAddress(folder: string): Promise<Address | undefined> {
  try {
    const { url, user, password } = JSON.parse(await readFile(join(folder, addressFile), 'utf8'));
    return typeof url === 'string' && typeof user === 'string' && typeof password === 'string'
      ? { url, user, password }
      : undefined;
  } catch {
    return undefined;
  }
}

export async function writeAddress(folder: string, address: Address): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const whole = join(folder, `${addressFile}.${process.pid}`);
  await writeFile(whole, `${JSON.stringify(address)}\n`, { mode: 0o600 });
  await rename(whole, join(folder, addressFile));
}

export async function forgetAddress(folder: string): Promise<void> {
  await rm(join(folder, addressFile), { force: true });
}

/** Whether the engine of that address, and no other program on its port, is there. */
export async function isThere({ url, user, password }: Address): Promise<boolean> {
  const response = await fetch(`${url}/?query=SELECT%201`, {
    // A connection that is kept open would delay the end of the engine.
    headers: { 'X-ClickHouse-User': user, 'X-ClickHouse-Key': password, connection: 'close' },
    signal: AbortSignal.timeout(5_000),
  }).catch(() => undefined);
  await response?.body?.cancel();
  return response?.ok === true;
}

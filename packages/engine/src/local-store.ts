import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '@why502/model';
import { type Engine, startEngine } from './launch.ts';
import { userName } from './users.ts';

/** How to reach an engine. */
export interface Address {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

/** A store on this machine, which processes share: the first one runs its engine. */
export interface LocalStore {
  /**
   * Where the engine is now. Asked again after a failure: when the process that ran it has ended, this one runs it.
   *
   * @throws Problem W502_ENGINE_FAILED
   */
  address(): Promise<Address>;
  /** Lets go of it; the engine stops where this process runs it. */
  close(): Promise<void>;
}

/** An engine that another process has just started or stopped answers, or is gone, within this. */
const longestWaitMs = 15_000;
const betweenTriesMs = 50;

const addressFile = 'engine.json';

/** Opens the store in the folder. Nothing is started before the address is asked for. */
export function localStore(folder: string): LocalStore {
  let engine: Engine | undefined;
  return {
    async address() {
      const until = performance.now() + longestWaitMs;
      for (;;) {
        const known = await readAddress(folder);
        if (known !== undefined && (await isThere(known))) return known;
        const password = randomBytes(24).toString('base64url');
        const started = await startEngine(folder, password);
        if (started !== undefined) {
          engine = started;
          const address = { url: started.url, user: userName, password };
          await writeAddress(folder, address);
          await removeOldConfigurations(folder, started.url);
          return address;
        }
        // Another process has the data: it will say where its engine is, or end.
        if (performance.now() > until)
          throw new Problem('W502_ENGINE_FAILED', {
            where: folder,
            excerpt: 'another process holds the store and does not answer',
          });
        await new Promise((resolve) => setTimeout(resolve, betweenTriesMs));
      }
    },
    async close() {
      const own = engine;
      engine = undefined;
      if (own === undefined) return;
      await rm(join(folder, addressFile), { force: true });
      await own.stop();
    },
  };
}

async function readAddress(folder: string): Promise<Address | undefined> {
  try {
    const { url, user, password } = JSON.parse(await readFile(join(folder, addressFile), 'utf8'));
    return typeof url === 'string' && typeof user === 'string' && typeof password === 'string'
      ? { url, user, password }
      : undefined;
  } catch {
    return undefined;
  }
}

async function writeAddress(folder: string, address: Address): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const whole = join(folder, `${addressFile}.${process.pid}`);
  await writeFile(whole, `${JSON.stringify(address)}\n`, { mode: 0o600 });
  await rename(whole, join(folder, addressFile));
}

/** Whether the engine of that address, and no other program on its port, is there. */
async function isThere({ url, user, password }: Address): Promise<boolean> {
  const response = await fetch(`${url}/?query=SELECT%201`, {
    headers: { 'X-ClickHouse-User': user, 'X-ClickHouse-Key': password, connection: 'close' },
    signal: AbortSignal.timeout(5_000),
  }).catch(() => undefined);
  return response?.ok === true;
}

async function removeOldConfigurations(folder: string, url: string): Promise<void> {
  const port = url.slice(url.lastIndexOf(':') + 1);
  for (const name of await readdir(folder)) {
    const of = /^(?:engine|users)-(\d+)\.xml$/.exec(name)?.[1];
    if (of !== undefined && of !== port) await rm(join(folder, name), { force: true });
  }
}

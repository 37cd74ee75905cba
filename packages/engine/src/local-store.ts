import { randomBytes } from 'node:crypto';
import { Problem } from '@why502/model';
import { type Address, forgetAddress, isThere, readAddress, writeAddress } from './address.ts';
import { type Engine, startEngine } from './launch.ts';

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
          await writeAddress(folder, started.address);
          return started.address;
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
      await forgetAddress(folder);
      await own.stop();
    },
  };
}

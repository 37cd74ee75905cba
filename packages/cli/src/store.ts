import type { OpenStore } from '@why502/pipeline-store';
import type { StoreFlags } from './flags.ts';

/**
 * The store that a command works with. Loaded only for those who have one.
 *
 * @param existing it is only asked
 */
export async function storeOf(flags: StoreFlags, existing: boolean): Promise<OpenStore> {
  const { openStore } = await import('@why502/pipeline-store');
  return openStore({
    environment: process.env,
    existing,
    ...(flags.store === undefined ? {} : { name: flags.store }),
    ...(flags.clickhousePasswordFile === undefined ? {} : { passwordFile: flags.clickhousePasswordFile }),
    ...(flags.clickhouseCa === undefined ? {} : { caFile: flags.clickhouseCa }),
    ...(flags.cluster === undefined ? {} : { cluster: flags.cluster }),
    ...(flags.keep === undefined ? {} : { keepDays: flags.keep }),
  });
}

import { statfs } from 'node:fs/promises';

const gibibyte = 1024 ** 3;

/** A share of the disk that is free. */
const share = 0.1;

/** Less keeps nothing for long. */
const least = 64 * 1024 ** 2;

/** How much of a disk a spool may take unless told otherwise, bytes: 1 GiB, or a tenth of what is free if that is less. */
export async function spoolRoom(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return Math.max(least, Math.min(gibibyte, Math.floor(bavail * bsize * share)));
}

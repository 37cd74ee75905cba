import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '@why502/model';
import type { TailFlags } from './flags.ts';

/** Shorter ones are guessed. */
const shortestSecret = 16;

/**
 * Where pushed logs wait and who may push them; undefined where none are to be taken.
 *
 * @param state folder of this tail
 * @throws Problem W502_USAGE, W502_NOT_READABLE
 */
export function pushesOf({ push, pushSecretFile }: TailFlags, state: string) {
  if (push === undefined) return undefined;
  const secret = (
    pushSecretFile === undefined ? (process.env.WHY502_PUSH_SECRET ?? '') : textOf(pushSecretFile)
  ).trim();
  if (secret.length < shortestSecret)
    throw new Problem('W502_USAGE', {
      where: '--push',
      expected: `a secret of at least ${shortestSecret} letters: in the file of --push-secret-file, or in WHY502_PUSH_SECRET`,
    });
  return { ...push, secret, folder: join(state, 'pushed') };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Problem('W502_NOT_READABLE', { where: file }, { cause });
  }
}

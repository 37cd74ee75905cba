import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootFolder } from './workspaces.ts';

export const readme: string = readFileSync(join(rootFolder, 'README.md'), 'utf8');

/** What stands in each block of a language. */
export function codeBlocks(language: string): readonly string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, text]) => text!);
}

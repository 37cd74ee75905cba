import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Whether the text can mean more than one path. */
export function isGlob(text: string): boolean {
  return /[*?[{]/.test(text);
}

/** The paths that match, sorted: `*`, `?`, `[…]`, `{a,b}`, and `**` for any folders. Hidden names must be asked for. */
export async function glob(pattern: string): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const plain of alternatives(pattern)) {
    const root = plain.startsWith('/') ? '/' : '';
    await match(
      root,
      plain.split('/').filter((part) => part !== ''),
      found,
    );
  }
  return [...found].sort();
}

async function match(folder: string, parts: readonly string[], found: Set<string>): Promise<void> {
  const [part, ...rest] = parts;
  if (part === undefined) {
    found.add(folder);
    return;
  }
  if (part === '**') await match(folder, rest, found);
  const pattern = part === '**' ? /^[^.]/ : namePattern(part);
  for (const entry of await entriesOf(folder)) {
    if (!pattern.test(entry.name)) continue;
    const path = join(folder, entry.name);
    if (part === '**') {
      if (entry.isDirectory()) await match(path, parts, found);
    } else if (rest.length === 0) found.add(path);
    else await match(path, rest, found);
  }
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder === '' ? '.' : folder, { withFileTypes: true });
  } catch {
    // Not a folder, or closed to us: nothing in it matches.
    return [];
  }
}

/** `a{b,c}` as `ab` and `ac`. */
function alternatives(pattern: string): readonly string[] {
  const braces = /^(.*?)\{([^{}]*)\}(.*)$/s.exec(pattern);
  if (braces === null) return [pattern];
  const [, before, choices, after] = braces;
  return choices!.split(',').flatMap((choice) => alternatives(`${before}${choice}${after}`));
}

function namePattern(part: string): RegExp {
  const body = part.replace(/\[!?[^\]]+\]|[*?]|[\\^$.|+()[\]{}]/g, (token) => {
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.length > 1) return token.replace('[!', '[^').replaceAll('\\', '\\\\');
    return `\\${token}`;
  });
  return new RegExp(`^${part.startsWith('.') ? '' : '(?!\\.)'}${body}$`, 's');
}

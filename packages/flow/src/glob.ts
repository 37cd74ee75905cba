import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Whether the text can mean more than one path. */
export function isGlob(text: string): boolean {
  return /[*?[{]/.test(text);
}

/** What a pattern is looked up in. */
export interface Folders {
  /** Names in a folder; none where there is no folder, or it is closed to us. */
  list(folder: string): readonly string[];
  isFolder(path: string): boolean;
}

const disk: Folders = {
  list(folder) {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  },
  isFolder: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true,
};

/** The paths that match, sorted: `*`, `?`, `[…]`, `{a,b}`, and `**` for any folders. Hidden names must be asked for. */
export function glob(pattern: string, folders: Folders = disk): readonly string[] {
  const found = new Set<string>();
  for (const plain of alternatives(pattern)) {
    const root = plain.startsWith('/') ? '/' : '';
    match(
      root,
      plain.split('/').filter((part) => part !== ''),
      folders,
      found,
    );
  }
  return [...found].sort();
}

function match(folder: string, parts: readonly string[], folders: Folders, found: Set<string>): void {
  const [part, ...rest] = parts;
  if (part === undefined) {
    found.add(folder);
    return;
  }
  if (part === '**') match(folder, rest, folders, found);
  const pattern = part === '**' ? /^[^.]/ : namePattern(part);
  for (const name of folders.list(folder === '' ? '.' : folder)) {
    if (!pattern.test(name)) continue;
    const path = join(folder, name);
    if (part === '**') {
      if (folders.isFolder(path)) match(path, parts, folders, found);
    } else if (rest.length === 0) found.add(path);
    else match(path, rest, folders, found);
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

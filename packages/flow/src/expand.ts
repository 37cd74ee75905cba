import { createReadStream, type Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { Problem, type Source } from '@why502/model';
import { failingSource, fileSource, problemOf } from './file-source.ts';
import { glob, isGlob } from './glob.ts';
import { streamSource } from './stream-source.ts';

/**
 * The sources that the arguments of a command mean: files, folders with all below them, patterns. The order of the
 * arguments does not matter, and a file that is reached twice is read once. What cannot be reached becomes a source
 * that says so when it is read, so that the others go on.
 */
export async function expand(paths: readonly string[]): Promise<readonly Source[]> {
  const seen = new Seen();
  const sources: Source[] = [];
  for (const path of [...paths].sort()) {
    if (isGlob(path) && !(await exists(path))) {
      const matches = glob(path);
      if (matches.length === 0)
        sources.push(failingSource(path, new Problem('W502_NOT_FOUND', { where: path })));
      for (const match of matches) sources.push(...(await sourcesOf(match, seen)));
    } else {
      sources.push(...(await sourcesOf(path, seen)));
    }
  }
  return sources;
}

/** Files and folders by device and inode, whatever paths and links lead to them. */
class Seen {
  readonly #identities = new Set<string>();

  /** Notes it; false if it was there before. */
  add(stats: Stats): boolean {
    const identity = `${stats.dev}:${stats.ino}`;
    if (this.#identities.has(identity)) return false;
    this.#identities.add(identity);
    return true;
  }
}

async function sourcesOf(path: string, seen: Seen): Promise<readonly Source[]> {
  try {
    const stats = await stat(path);
    if (!seen.add(stats)) return [];
    if (stats.isDirectory()) {
      const folder = path.replace(/\/+$/, '');
      const sources = await sourcesBelow(folder, path, seen);
      return sources.length > 0
        ? sources
        : [failingSource(path, new Problem('W502_NO_LOGS', { where: path }))];
    }
    // A pipe, such as the shell's <(…), can be read only once.
    return [stats.isFile() ? fileSource(path, path, stats.size) : streamSource(createReadStream(path), path)];
  } catch (error) {
    return [failingSource(path, problemOf(error, path))];
  }
}

/** Only plain files: a pipe or socket in a folder is no archive of anything. */
async function sourcesBelow(folder: string, argument: string, seen: Seen): Promise<readonly Source[]> {
  const sources: Source[] = [];
  for (const entry of (await readdir(folder === '' ? '/' : folder)).sort()) {
    const path = `${folder}/${entry}`;
    try {
      const stats = await stat(path);
      if (!seen.add(stats)) continue;
      if (stats.isDirectory()) sources.push(...(await sourcesBelow(path, argument, seen)));
      else if (stats.isFile()) sources.push({ ...fileSource(path, path, stats.size), folder: argument });
    } catch (error) {
      sources.push(failingSource(path, problemOf(error, path)));
    }
  }
  return sources;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { testFolder } from './corpus.ts';

export const rootFolder = join(testFolder, '..');

/** A package of the house, as its files say. */
export interface Workspace {
  /** From the root, such as `packages/model`. */
  readonly path: string;
  readonly name: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  /** What it uses where it is installed. */
  readonly peerDependencies: Readonly<Record<string, string>>;
  /** TypeScript files of `src/`. */
  readonly sources: readonly SourceFile[];
}

interface SourceFile {
  readonly path: string;
  /** What it imports, as written: statically, for its types, or lazily. */
  readonly imports: readonly string[];
}

/** Every package under `packages/` and `pipelines/`. */
export function workspaces(): readonly Workspace[] {
  return ['packages', 'pipelines'].flatMap((group) =>
    readdirSync(join(rootFolder, group))
      .filter((name) => existsSync(join(rootFolder, group, name, 'package.json')))
      .map((name) => workspace(join(group, name))),
  );
}

function workspace(path: string): Workspace {
  const { name, dependencies = {}, devDependencies = {}, peerDependencies = {} } = readManifest(path);
  const folder = join(rootFolder, path, 'src');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => sourceFile(join(folder, file)));
  return { path, name, dependencies, devDependencies, peerDependencies, sources };
}

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The `package.json` of a folder, given from the root. */
export function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(join(rootFolder, path, 'package.json'), 'utf8'));
}

function sourceFile(path: string): SourceFile {
  const text = readFileSync(path, 'utf8');
  const imports = text.matchAll(/(?:^|\s)(?:from|import)\s*\(?\s*'([^'\s]+)'/g);
  return { path: relative(rootFolder, path), imports: [...imports].map(([, specifier]) => specifier!) };
}

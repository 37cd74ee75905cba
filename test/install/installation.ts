import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootFolder } from '../workspaces.ts';

/** An empty folder into which the packed packages were installed, as a user would. */
export interface Installation {
  readonly folder: string;
  /** The packed packages. */
  readonly archives: readonly string[];
  run(command: string, ...args: readonly string[]): Run;
  remove(): void;
}

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Builds and packs what is published, and installs it; only the dependencies of others come from the registry. */
export function installation(): Installation {
  const work = mkdtempSync(join(tmpdir(), 'why502-install-'));
  const packed = join(work, 'packed');
  const folder = join(work, 'app');
  mkdirSync(packed);
  mkdirSync(folder);
  const inRoot = (command: string, ...args: readonly string[]) => succeeded(run(rootFolder, command, args));
  inRoot(process.execPath, 'scripts/why502.mjs', '--version');
  inRoot('npm', 'pack', '-w', 'packages', '-w', 'pipelines', `--pack-destination=${packed}`);
  const archives = readdirSync(packed).map((name) => join(packed, name));
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--save-exact'];
  // What the examples of the README use beside.
  succeeded(run(folder, 'npm', [...install, ...archives, 'split2@4.2.0', '@types/split2@4.2.3']));
  return {
    folder,
    archives,
    run: (command, ...args) => run(folder, command, args),
    remove: () => rmSync(work, { recursive: true, force: true }),
  };
}

function run(cwd: string, command: string, args: readonly string[]): Run {
  return spawnSync(command, args, { cwd, env: environment(), encoding: 'utf8', timeout: 120_000 });
}

/** Without what the npm that runs the tests says about this repository. */
function environment(): NodeJS.ProcessEnv {
  const own = /^(npm_(?!config_(registry|cache|userconfig)$)|INIT_CWD$|NODE_OPTIONS$|VITEST)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}

function succeeded({ status, stdout, stderr }: Run): void {
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
}

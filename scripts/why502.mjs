// Runs the command from a clone: builds first where the sources are newer than what was built, with nothing but the
// answer on standard output.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const main = fileURLToPath(new URL('../packages/cli/dist/main.js', import.meta.url));

// tsc -b compares the times of all files itself, and does nothing in about a tenth of a second when they are built.
const build = spawnSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-b', 'packages/cli'], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
});
if (build.status !== 0) {
  process.stderr.write(build.stdout);
  process.stderr.write('why502: the build failed; run npm ci and try again\n');
  process.exit(3);
}
if (process.argv[2] === 'dashboard') await buildPage();
await import(main);

/** The page of the dashboard is built only for those who open it, and only where it is older than its sources. */
async function buildPage() {
  const page = `${root}packages/dashboard/page`;
  const built =
    statSync(`${root}packages/dashboard/dist/page/index.html`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = readdirSync(page, { recursive: true }).map((name) => statSync(`${page}/${name}`).mtimeMs);
  if (built > Math.max(...sources)) return;
  const { build: bundle } = await import('vite');
  await bundle({ root: page, logLevel: 'error' });
}

// Runs every generator of pages under docs/. With --check they write nothing, and a page that is not fresh fails.
import { spawnSync } from 'node:child_process';

const generators = [
  ['node', 'scripts/mechanism-pages.mjs'],
  ['node', 'scripts/schema-page.mjs'],
  ['node', 'scripts/formats-page.mjs'],
  ['npm', 'run', '--silent', 'accuracy', '--'],
  ['node', 'scripts/readme-parts.mjs'],
];
const failed = generators.filter(
  ([command, ...args]) =>
    spawnSync(command, [...args, ...process.argv.slice(2)], { stdio: 'inherit' }).status !== 0,
);
process.exitCode = failed.length > 0 ? 1 : 0;

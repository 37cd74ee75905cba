// Packs every package that is published, and checks the archives as a registry and a type checker would see them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'why502-packages-'));
let failed = 0;

function run(command, ...args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return;
  failed++;
  console.error(`${command} ${args.join(' ')}\n${stdout}${stderr}`);
}

try {
  run('npm', 'pack', '-w', 'packages', '-w', 'pipelines', `--pack-destination=${folder}`);
  const archives = readdirSync(folder).map((name) => join(folder, name));
  for (const archive of archives) {
    run('publint', 'run', archive, '--strict');
    run('attw', archive, '--profile', 'esm-only', '--format', 'ascii');
  }
  if (failed === 0) console.log(`${archives.length} packages: publint and attw find nothing`);
} finally {
  rmSync(folder, { recursive: true });
}
process.exitCode = failed === 0 ? 0 : 1;

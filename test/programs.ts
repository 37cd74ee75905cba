import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Programs that a test runs, and the Debian packages that have them. */
export type Programs = Readonly<Record<string, string>>;

/** Packages of the programs that are not here. */
export function absentPackages(programs: Programs): readonly string[] {
  const places = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];
  const absent = Object.entries(programs)
    .filter(([program]) => !places.some((place) => existsSync(join(place, program))))
    .map(([, name]) => name);
  return [...new Set(absent)];
}

/** Installs what is absent, where that changes nobody's machine: as root, when the environment says `CI=true`. */
export function installMissing(programs: Programs): void {
  const absent = absentPackages(programs);
  if (process.env.CI !== 'true' || process.getuid?.() !== 0 || absent.length === 0) return;
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: 300_000 };
  execFileSync('apt-get', ['update', '-q'], options);
  execFileSync('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...absent], options);
}

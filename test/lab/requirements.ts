import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Programs, and the Debian packages that have them. */
const packages = { nginx: 'nginx', ip: 'iproute2', nft: 'nftables', openssl: 'openssl', python3: 'python3' };

/** What a play cannot do without and is not here; undefined where all is. */
export function missing(): string | undefined {
  if (process.getuid?.() !== 0) return 'root, for network namespaces';
  const absent = absentPackages();
  if (absent.length > 0) return `the Debian packages ${absent.join(', ')}`;
  return canMakeNamespaces() ? undefined : 'the right to make network namespaces';
}

/** Installs what is absent, where that changes nobody's machine: as root, when the environment says `CI=true`. */
export function installMissing(): void {
  const absent = absentPackages();
  if (process.env.CI !== 'true' || process.getuid?.() !== 0 || absent.length === 0) return;
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: 300_000 };
  execFileSync('apt-get', ['update', '-q'], options);
  execFileSync('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...absent], options);
}

function absentPackages(): readonly string[] {
  const places = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];
  return Object.entries(packages)
    .filter(([program]) => !places.some((place) => existsSync(join(place, program))))
    .map(([, name]) => name);
}

/** Root in a container may lack it. */
function canMakeNamespaces(): boolean {
  const name = `probe${process.pid}`;
  try {
    execFileSync('ip', ['netns', 'add', name], { stdio: 'ignore' });
    execFileSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

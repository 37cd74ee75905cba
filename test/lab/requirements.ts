import { execFileSync } from 'node:child_process';
import { absentPackages, installMissing as install, type Programs } from '../programs.ts';

const programs: Programs = {
  nginx: 'nginx',
  ip: 'iproute2',
  nft: 'nftables',
  openssl: 'openssl',
  python3: 'python3',
};

/** What a play cannot do without and is not here; undefined where all is. */
export function missing(): string | undefined {
  if (process.getuid?.() !== 0) return 'root, for network namespaces';
  const absent = absentPackages(programs);
  if (absent.length > 0) return `the Debian packages ${absent.join(', ')}`;
  return canMakeNamespaces() ? undefined : 'the right to make network namespaces';
}

/** Installs what is absent, where that is allowed. */
export function installMissing(): void {
  install(programs);
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

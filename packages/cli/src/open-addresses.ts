import { BlockList, isIP } from 'node:net';
import { Problem } from '@why502/model';
import type { TailFlags } from './flags.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whatever other machines may reach of a tail, in the clear. None of it keeps a tail from starting. */
export function openAddresses({ listen, push }: Pick<TailFlags, 'listen' | 'push'>): readonly Problem[] {
  return Object.entries({ '--listen': listen, '--push': push }).flatMap(([flag, address]) =>
    address === undefined || isLoopback(address.host)
      ? []
      : [new Problem('W502_LISTEN_OPEN', { where: `${flag} ${spelled(address)}` })],
  );
}

/** What a name stands for only a resolver knows: that of loopback excepted (RFC 6761, section 6.3). */
function isLoopback(host: string): boolean {
  const version = isIP(host);
  if (version === 0) return /(?:^|\.)localhost\.?$/i.test(host);
  // An IPv4 address in IPv6 is looked up as what it is.
  return loopback.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

function spelled({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

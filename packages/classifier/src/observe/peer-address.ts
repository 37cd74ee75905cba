import type { PeerAddress } from '@why502/model';

/** Parameters of the `server` directive (ngx_http_upstream_module): as an address, a template left the address out. */
const keyword =
  /^(?:down|backup|resolve|drain|(?:weight|max_conns|max_fails|fail_timeout|slow_start|route|service)=.*)$/;

/** Somebody hid the address before showing the line: `x.x.x.x`, `<ip>`, `***`, `REDACTED`. */
const hidden = /[<>*…]|(?:^|\.)x+(?:\.|$)|redacted|removed|hidden/i;

/** Ports by custom, of TLS and of plain HTTP (IANA registry of service names, and what servers take by default). */
const tlsPorts: ReadonlySet<string> = new Set(['443', '6443', '8443', '9443']);
const plainPorts: ReadonlySet<string> = new Set(['80', '8080']);

const overTls: ReadonlySet<string> = new Set(['https', 'grpcs']);
const overPlain: ReadonlySet<string> = new Set(['http', 'grpc']);

/** What a peer's text shows; undefined where it is hidden. */
export function peerAddress(peer: string): PeerAddress | undefined {
  if (peer.startsWith('unix:') || peer.startsWith('/')) return 'socket';
  const host = hostOf(peer);
  if (host === '' || hidden.test(host)) return undefined;
  if (keyword.test(host)) return 'keyword';
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(host)) {
    if (host.startsWith('127.')) return 'loopback_v4';
    return host.startsWith('0.') ? 'unspecified' : 'address_v4';
  }
  if (host.includes(':')) return v6(host);
  if (/^localhost$/i.test(host)) return 'localhost';
  return host.includes('.') ? 'full_name' : 'bare_name';
}

/** `http` to a port where TLS is the custom, or the other way round. */
export function portContradicts(scheme: string | undefined, peer: string): boolean {
  const port = /:(\d{1,5})$/.exec(peer)?.[1];
  if (scheme === undefined || port === undefined || peer.startsWith('unix:')) return false;
  return overTls.has(scheme) ? plainPorts.has(port) : overPlain.has(scheme) && tlsPorts.has(port);
}

function hostOf(peer: string): string {
  return /^\[([^\]]*)\]/.exec(peer)?.[1] ?? peer.replace(/:\d{1,5}$/, '');
}

function v6(host: string): PeerAddress {
  if (host === '::1') return 'loopback_v6';
  return host === '::' ? 'unspecified' : 'address_v6';
}

/** Each kind of address as a clause for people. */
export const addressText: Readonly<Record<PeerAddress, string>> = {
  loopback_v4: 'the peer is on the own host, at a loopback address',
  loopback_v6: 'the peer is [::1], the IPv6 side of localhost, where many services do not listen',
  localhost: 'the peer is named localhost, which may stand for two addresses: 127.0.0.1 and ::1',
  unspecified: 'the address of the peer is a placeholder: nobody can be reached there',
  address_v4: 'the peer is named by an IPv4 address',
  address_v6: 'the peer is named by an IPv6 address',
  bare_name: 'the peer is a name without a dot, as of a container or a host of the own network',
  full_name: 'the peer is a full domain name',
  keyword: 'a word of the server directive stands where the address belongs',
  socket: 'the peer is a unix socket',
};

import { isIP } from 'node:net';
import { type ConfiguredPeer, type ConfiguredService, millis } from '@why502/model';
import type { Directive } from './directives.ts';
import { Scope, timeOf, written } from './scope.ts';

/** An `upstream` block, and what of it concerns the connections to its peers. */
export interface Group {
  readonly service: ConfiguredService;
  readonly scope: Scope;
}

/** The defaults of `server` in an upstream block (ngx_http_upstream_module). */
const maxFails = 1;
const failTimeout = millis(10_000);

export function groupOf({ words, block = [] }: Directive): Group {
  const scope = new Scope(block);
  const peers = scope.own('server').map(peerOf);
  return { service: { name: words[1] ?? '', peers }, scope };
}

/** The service that a directive such as `proxy_pass` names by itself: one host, which may come to several addresses. */
export function singleService(authority: string, port: number, directive: Directive): ConfiguredService {
  return {
    name: authority,
    peers: [
      {
        ...addressed(authority, port),
        down: false,
        backup: false,
        maxConnections: undefined,
        maxFails,
        failTimeout,
        written: written(directive),
      },
    ],
  };
}

function peerOf(directive: Directive): ConfiguredPeer {
  const [, authority = '', ...parameters] = directive.words;
  const values = new Map(parameters.map((text) => splitOnce(text, '=')));
  const place = addressed(authority, 80);
  const most = count(values.get('max_conns'));
  return {
    ...place,
    lookup: place.lookup === 'once' && values.has('resolve') ? 'again' : place.lookup,
    down: values.has('down'),
    backup: values.has('backup'),
    maxConnections: most === 0 ? undefined : most,
    maxFails: count(values.get('max_fails')) ?? maxFails,
    failTimeout: timeOf(values.get('fail_timeout') ?? '') ?? failTimeout,
    written: written(directive, 9),
  };
}

/** As logs show it: sockets by their path, IPv6 in brackets, always with a port. */
function addressed(authority: string, port: number): Pick<ConfiguredPeer, 'address' | 'lookup'> {
  if (authority.startsWith('unix:')) return { address: authority, lookup: 'address' };
  const parts = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(authority);
  const host = parts?.[1] ?? authority;
  const lookup = isIP(host.replace(/^\[|\]$/g, '')) === 0 ? 'once' : 'address';
  return { address: `${host}:${parts?.[2] ?? port}`, lookup };
}

function count(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

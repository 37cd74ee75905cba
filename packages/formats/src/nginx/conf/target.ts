import type { ConfiguredTarget } from '@why502/model';
import type { Directive } from './directives.ts';
import type { Scope } from './scope.ts';
import { written } from './scope.ts';
import { type Group, singleService } from './services.ts';

/** The directives that send a request on, and the prefix of their settings. */
const passes = {
  proxy_pass: { prefix: 'proxy', scheme: undefined },
  fastcgi_pass: { prefix: 'fastcgi', scheme: 'fastcgi' },
  uwsgi_pass: { prefix: 'uwsgi', scheme: 'uwsgi' },
  scgi_pass: { prefix: 'scgi', scheme: 'scgi' },
  grpc_pass: { prefix: 'grpc', scheme: 'grpc' },
  memcached_pass: { prefix: 'memcached', scheme: 'memcached' },
} as const;

/** Where a block sends requests, and by which module. */
export interface Pass {
  /** Of the module's settings: `proxy`, `fastcgi`, … */
  readonly prefix: string;
  readonly target: ConfiguredTarget;
  /** The block of the group; undefined for a service of one host. */
  readonly group: Group | undefined;
}

/** Undefined where the block itself sends nothing on: these directives are not inherited. */
export function passOf(scope: Scope, groups: ReadonlyMap<string, Group>): Pass | undefined {
  for (const [name, { prefix, scheme }] of Object.entries(passes)) {
    const directive = scope.own(name).at(-1);
    if (directive?.words[1] !== undefined) return { prefix, ...aimOf(directive, scheme, scope, groups) };
  }
  return undefined;
}

function aimOf(
  directive: Directive,
  moduleScheme: string | undefined,
  scope: Scope,
  groups: ReadonlyMap<string, Group>,
): Pick<Pass, 'target' | 'group'> {
  const text = directive.words[1]!;
  const value = resolved(text, scope);
  const [, writtenScheme, rest = ''] = /^(?:([a-z]+):\/\/)?(.*)$/is.exec(value)!;
  const scheme = writtenScheme?.toLowerCase() ?? moduleScheme;
  const authority = authorityOf(rest);
  const place = { ...written(directive), text: `${directive.words[0]} ${shownTarget(text)}` };
  if (authority.includes('$') || (scheme === undefined && text.includes('$'))) {
    return { target: byVariable(scheme, scope, place), group: undefined };
  }
  const group = groups.get(authority);
  if (group !== undefined)
    return { target: { kind: 'service', scheme, service: group.service, written: place }, group };
  const service = singleService(authority, scheme === 'https' ? 443 : 80, directive);
  const named = service.peers[0]?.lookup !== 'address';
  // A name that came out of a variable is looked up for each request.
  if (value !== text && named) return { target: byVariable(scheme, scope, place), group: undefined };
  return { target: { kind: 'service', scheme, service, written: place }, group: undefined };
}

function byVariable(
  scheme: string | undefined,
  scope: Scope,
  place: ConfiguredTarget['written'],
): ConfiguredTarget {
  const resolver = scope.nearest('resolver');
  return {
    kind: 'variable',
    scheme,
    resolver: {
      value: resolver !== undefined,
      written: resolver === undefined ? undefined : written(resolver, 9),
    },
    written: place,
  };
}

/** With the variables that `set` gives a fixed value in the same block. */
function resolved(text: string, scope: Scope): string {
  if (!text.includes('$')) return text;
  const values = new Map<string, string | undefined>();
  for (const { words } of scope.own('set')) {
    const [, name = '', value = ''] = words;
    // A variable with two values, or of other variables, is not fixed.
    values.set(name, values.has(name) || value.includes('$') ? undefined : value);
  }
  return text.replace(
    /\$\{(\w+)\}|\$(\w+)/g,
    (all, braced: string | undefined, plain: string | undefined) => {
      return values.get(`$${braced ?? plain}`) ?? all;
    },
  );
}

/** `host:port` or `unix:/path`. */
function authorityOf(rest: string): string {
  if (!rest.startsWith('unix:')) return rest.split(/[/?]/, 1)[0]!;
  const end = rest.indexOf(':', 5);
  return end < 0 ? rest : rest.slice(0, end);
}

/** Without a path, which may hold anything. */
function shownTarget(text: string): string {
  const scheme = /^[a-z]+:\/\//i.exec(text)?.[0] ?? '';
  return scheme + authorityOf(text.slice(scheme.length));
}

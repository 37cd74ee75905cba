import type { ConfiguredTarget } from '@why502/model';
import type { Directive } from './directives.ts';
import type { Scope } from './scope.ts';
import { written } from './scope.ts';
import { type Group, singleService } from './services.ts';
import type { Variables } from './variables.ts';

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

/** Where requests of a site may lead. */
export class Passes {
  readonly #groups: ReadonlyMap<string, Group>;
  readonly #variables: Variables;

  constructor(groups: ReadonlyMap<string, Group>, variables: Variables) {
    this.#groups = groups;
    this.#variables = variables;
  }

  /**
   * Several where a variable may hold several values; none where the block itself sends nothing on, since these
   * directives are not inherited.
   */
  of(scope: Scope): readonly Pass[] {
    for (const [name, { prefix, scheme }] of Object.entries(passes)) {
      const directive = scope.own(name).at(-1);
      const text = directive?.words[1];
      if (directive === undefined || text === undefined) continue;
      const values = this.#variables.fill(text, scope);
      return values.map((value) => ({ prefix, ...this.#aim(value, directive, scheme, scope) }));
    }
    return [];
  }

  #aim(
    value: string,
    directive: Directive,
    moduleScheme: string | undefined,
    scope: Scope,
  ): Pick<Pass, 'target' | 'group'> {
    const text = directive.words[1]!;
    const [, writtenScheme, rest = ''] = /^(?:([a-z]+):\/\/)?(.*)$/is.exec(value)!;
    const scheme = writtenScheme?.toLowerCase() ?? moduleScheme;
    const authority = authorityOf(rest);
    const place = { ...written(directive), text: `${directive.words[0]} ${shownTarget(text)}` };
    if (authority.includes('$') || (scheme === undefined && text.includes('$'))) {
      return { target: byVariable(scheme, scope, place), group: undefined };
    }
    const group = this.#groups.get(authority.toLowerCase());
    if (group !== undefined) {
      return { target: { kind: 'service', scheme, service: group.service, written: place }, group };
    }
    const service = singleService(authority, scheme === 'https' ? 443 : 80, directive);
    // With a variable anywhere in the directive, a name is looked up for each request (ngx_http_proxy_eval).
    const perRequest = text.includes('$') && service.peers[0]?.lookup !== 'address';
    if (perRequest) return { target: byVariable(scheme, scope, place), group: undefined };
    return { target: { kind: 'service', scheme, service, written: place }, group: undefined };
  }
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

/** `host:port` or `unix:/path`. Some variables always begin a path or a query. */
function authorityOf(rest: string): string {
  if (!rest.startsWith('unix:')) {
    return rest.split(/[/?]|\$\{?(?:request_uri|uri|document_uri|is_args)\b/, 1)[0]!;
  }
  const end = rest.indexOf(':', 5);
  return end < 0 ? rest : rest.slice(0, end);
}

/** Without a path, which may hold anything. */
function shownTarget(text: string): string {
  const scheme = /^[a-z]+:\/\//i.exec(text)?.[0] ?? '';
  return scheme + authorityOf(text.slice(scheme.length));
}

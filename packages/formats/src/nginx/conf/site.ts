import type { ConfiguredRoute } from '@why502/model';
import type { Directive } from './directives.ts';
import { type Location, Locations } from './locations.ts';
import { linearPattern } from './pattern.ts';
import { routeOf } from './route.ts';
import { Scope } from './scope.ts';
import type { Group } from './services.ts';
import { Passes } from './target.ts';
import { Variables } from './variables.ts';

/** Internal redirects that are followed; nginx itself stops at ten. */
const mostHops = 5;

/** A `server` block. */
export class Site {
  /** As written; empty without `server_name`. */
  readonly names: readonly string[];
  readonly listens: readonly { readonly socket: string; readonly first: boolean }[];
  readonly #scope: Scope;
  readonly #locations: Locations;
  readonly #passes: Passes;
  readonly #routes = new Map<Scope, readonly ConfiguredRoute[]>();

  constructor({ block = [] }: Directive, http: Scope, groups: ReadonlyMap<string, Group>) {
    const scope = new Scope(block, http);
    this.names = scope.own('server_name').flatMap(({ words }) => words.slice(1));
    const listens = scope.own('listen').map(({ words: [, socket = '', ...parameters] }) => ({
      socket: socketOf(socket),
      first: parameters.includes('default_server') || parameters.includes('default'),
    }));
    this.listens = listens.length > 0 ? listens : [{ socket: socketOf('80'), first: false }];
    this.#scope = scope;
    this.#locations = new Locations(scope);
    this.#passes = new Passes(groups, new Variables(http, scope));
  }

  /** The routes that a path may take here: one, or more where a condition decides; none where that cannot be told. */
  routesOf(path: string): readonly ConfiguredRoute[] {
    return movedFrom(this.#scope, path) ? [] : this.#routesAt(path, mostHops);
  }

  #routesAt(path: string, hops: number): readonly ConfiguredRoute[] {
    const found = this.#locations.of(path);
    if (found === 'unknown') return [];
    return found === 'none' ? this.#routesOfScope(this.#scope) : this.#routesIn(found, path, hops);
  }

  #routesIn({ scope }: Location, path: string, hops: number): readonly ConfiguredRoute[] {
    if (movedFrom(scope, path)) return [];
    const fallback = scope.own('try_files').at(-1)?.words.at(-1);
    if (fallback === undefined || fallback.startsWith('=') || this.#passes.of(scope).length > 0) {
      return this.#routesOfScope(scope);
    }
    if (hops === 0) return [];
    if (!fallback.startsWith('@')) {
      // The answer may come from a file, too; but such an answer is seldom a failure.
      return fallback.startsWith('/') ? this.#routesAt(fallback.split('?', 1)[0]!, hops - 1) : [];
    }
    const named = this.#locations.named(fallback);
    return named === undefined ? [] : this.#routesIn(named, path, hops - 1);
  }

  #routesOfScope(scope: Scope): readonly ConfiguredRoute[] {
    const known = this.#routes.get(scope);
    if (known !== undefined) return known;
    const conditional = scope
      .own('if')
      .flatMap(({ block = [] }) => this.#routesOfBlock(new Scope(block, scope)));
    const own = this.#routesOfBlock(scope);
    const routes = [...(own.length > 0 ? own : [routeOf(scope, this.#scope, undefined)]), ...conditional];
    this.#routes.set(scope, routes);
    return routes;
  }

  /** None where the block itself leads nowhere. */
  #routesOfBlock(scope: Scope): readonly ConfiguredRoute[] {
    return this.#passes.of(scope).map((pass) => routeOf(scope, this.#scope, pass));
  }
}

/** Whether `rewrite` leads the path to another location, which is not followed. A redirect is no failure. */
function movedFrom(scope: Scope, path: string): boolean {
  const conditional = scope.own('if').flatMap(({ block = [] }) => new Scope(block).own('rewrite'));
  return [...scope.own('rewrite'), ...conditional].some(({ words: [, pattern = '', to = '', flag] }) => {
    if (flag === 'break' || flag === 'redirect' || flag === 'permanent') return false;
    if (/^(https?:\/\/|\$scheme)/.test(to)) return false;
    return linearPattern(pattern, false)?.(path) ?? true;
  });
}

/** A port alone listens on all addresses. */
function socketOf(text: string): string {
  if (/^\d+$/.test(text)) return `*:${text}`;
  return text.startsWith('unix:') || /:\d+$/.test(text) ? text : `${text}:80`;
}

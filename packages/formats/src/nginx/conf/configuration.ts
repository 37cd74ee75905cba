import type { AskedRoute, ConfiguredRoute, ConfiguredService, ProxyConfiguration } from '@why502/model';
import type { Directive } from './directives.ts';
import { comparedPath } from './locations.ts';
import { Scope } from './scope.ts';
import { type Group, groupOf } from './services.ts';
import { Site } from './site.ts';
import { Sites } from './sites.ts';

/** What the directives of an nginx come to. A file of sites alone, without `http` around them, is read as its inside. */
export function configurationOf(directives: readonly Directive[]): ProxyConfiguration {
  const main = new Scope(directives);
  const blocks = main.own('http').flatMap(({ block = [] }) => block);
  const http = new Scope([...blocks, ...main.own('upstream'), ...main.own('server')], main);
  const groups = new Map<string, Group>();
  for (const upstream of http.own('upstream')) {
    const group = groupOf(upstream);
    groups.set(group.service.name.toLowerCase(), group);
  }
  const sites = new Sites(http.own('server').map((server) => new Site(server, http, groups)));
  return new NginxConfiguration(
    [...groups.values()].map(({ service }) => service),
    sites,
  );
}

class NginxConfiguration implements ProxyConfiguration {
  readonly services: readonly ConfiguredService[];
  readonly #sites: Sites;

  constructor(services: readonly ConfiguredService[], sites: Sites) {
    this.services = services;
    this.#sites = sites;
  }

  routesOf({ host, site, target }: AskedRoute): readonly ConfiguredRoute[] {
    const path = comparedPath(target);
    if (path === undefined) return [];
    const found = this.#sites.of(host, site).map((one) => one.routesOf(path));
    // Where one of the sites leaves it open, so do all together.
    return found.some((routes) => routes.length === 0) ? [] : found.flat();
  }
}

import {
  type AskedRoute,
  type ConfiguredPeer,
  type ConfiguredRoute,
  type ConfiguredService,
  type Instant,
  type ProxyConfiguration,
  trafficBucketMs,
} from '@why502/model';
import type { Failure } from '../failure.ts';
import { isGroupName } from '../group-name.ts';
import { bucketsAfter } from '../window/windows.ts';

/** The routes that a failure may have taken, by the configuration. */
export interface Taken {
  /** Those that fit what the log shows of the failure. */
  readonly routes: readonly ConfiguredRoute[];
  /** Some version of the configuration has routes for the request, and none of them leads to the peer. */
  readonly moved: boolean;
  /** What versions of the configuration speak with the peer. */
  readonly schemes: ReadonlySet<string | undefined>;
  /** Routes lead to peers by their addresses, and the peer that failed is none of the configuration. */
  readonly unlisted: boolean;
}

const nothing: Taken = { routes: [], moved: false, schemes: new Set(), unlisted: false };

/** Versions of a configuration, and what they say about a failure. */
export class Configured {
  readonly #versions: readonly ProxyConfiguration[];
  readonly #reloads: Instant[] = [];

  /** @param versions oldest first */
  constructor(versions: readonly ProxyConfiguration[]) {
    this.#versions = versions;
  }

  /** The proxy took another configuration. Of more reloads than versions the first ones are enough to see that. */
  addReload(at: Instant): void {
    const later = this.#reloads.findIndex((one) => one > at);
    this.#reloads.splice(later < 0 ? this.#reloads.length : later, 0, at);
    this.#reloads.length = Math.min(this.#reloads.length, this.#versions.length);
  }

  taken(failure: Failure): Taken {
    if (this.#versions.length === 0) return nothing;
    const { peer } = failure;
    const asked = askedBy(failure);
    const all = asked === undefined ? [] : this.#versions.map((version) => version.routesOf(asked));
    const fitting = all.map((routes) =>
      ofNamedService(
        failure,
        routes.filter((route) => fits(failure, route)),
      ),
    );
    const inForce = this.#inForce(failure);
    // Lines of a reload may be missing: what the failure itself shows counts for more.
    const known = inForce === undefined ? [] : (fitting[inForce] ?? []);
    const routes = known.length > 0 ? known : fitting.flat();
    const toPeer = all.map((some) => some.filter((route) => peer !== undefined && leadsTo(route, peer)));
    return {
      routes,
      moved:
        peer !== undefined &&
        routes.length > 0 &&
        all.some((some, version) => some.length > 0 && toPeer[version]!.length === 0),
      schemes: new Set(toPeer.flat().map(({ target }) => target?.scheme)),
      unlisted: routes.length === 0 && this.#isUnlisted(failure, all.flat()),
    };
  }

  /** Only what the context of the failure holds is known, however far the log has been read. */
  #inForce({ bucket, time }: Failure): number | undefined {
    const end = (bucket + bucketsAfter + 1) * trafficBucketMs;
    const reloads = this.#reloads.filter((at) => at < end);
    if (reloads.length === 0 || reloads.length >= this.#versions.length) return undefined;
    return reloads.filter((at) => at <= time).length;
  }

  #isUnlisted({ peer }: Failure, routes: readonly ConfiguredRoute[]): boolean {
    if (peer === undefined || isGroupName(peer) || routes.length === 0) return false;
    const services = routes.map(({ target }) => (target?.kind === 'service' ? target.service : undefined));
    if (services.some((service) => service === undefined || service.peers.some(isName))) return false;
    // A peer of another group means that the route was misjudged.
    return !this.#versions.some((version) =>
      version.services.some((service) => peersOf(service, peer).length > 0),
    );
  }
}

/** The peers of a service that may stand for an address in the log: itself, or names with its port. */
export function peersOf(service: ConfiguredService, peer: string): readonly ConfiguredPeer[] {
  const itself = service.peers.filter(({ address }) => address === peer);
  if (itself.length > 0) return itself;
  const port = portOf(peer);
  return service.peers.filter((one) => isName(one) && portOf(one.address) === port);
}

function isName({ lookup }: ConfiguredPeer): boolean {
  return lookup !== 'address';
}

function portOf(address: string): string {
  return address.slice(address.lastIndexOf(':'));
}

function askedBy({ request, errors }: Failure): AskedRoute | undefined {
  const line = errors.find(({ subrequest }) => subrequest === undefined);
  const target = request?.target ?? line?.requestLine?.split(' ')[1];
  if (target === undefined) return undefined;
  return { host: request?.host ?? line?.host, site: line?.server, target };
}

/** Whether a failure as logged can have come about on the route. */
function fits({ request, errors, peer }: Failure, route: ConfiguredRoute): boolean {
  const { target, answers } = route;
  const fixed = answers.find(({ rule, conditional }) => rule === 'fixed' && !conditional);
  if (fixed !== undefined && (peer !== undefined || fixed.status !== request?.status)) return false;
  if (peer === undefined) return true;
  const scheme = errors.findLast(
    (line) => line.scheme !== undefined && line.subrequest === undefined,
  )?.scheme;
  return (scheme ?? target?.scheme) === (target?.scheme ?? scheme) && leadsTo(route, peer);
}

function leadsTo({ target }: ConfiguredRoute, peer: string): boolean {
  if (target === undefined || target.kind === 'variable') return target !== undefined;
  return isGroupName(peer) ? target.service.name === peer : peersOf(target.service, peer).length > 0;
}

/** Where the log names the service and some of the routes lead to it, only those. */
function ofNamedService(
  { request }: Failure,
  routes: readonly ConfiguredRoute[],
): readonly ConfiguredRoute[] {
  const named = routes.filter(
    ({ target }) => target?.kind === 'service' && target.service.name === request?.service,
  );
  return named.length > 0 ? named : routes;
}

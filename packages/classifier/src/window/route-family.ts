import type { NameTable } from '@why502/model';

/** Ids of families follow those of routes, of which there are at most 2,000 and a name for the rest. */
const firstFamily = 2_048;
const mostFamilies = 2_000;

/**
 * Routes that share their first segments: `/reports/cobalt` and `/reports/amber` are two classes of route, since nothing
 * in a segment without digits shows that it names a thing, and belong to the family `/reports/`.
 */
export class RouteFamilies {
  readonly #routes: NameTable;
  readonly #ids = new Map<string, number>();
  readonly #ofRoute: (readonly number[] | undefined)[] = [];

  constructor(routes: NameTable) {
    this.#routes = routes;
  }

  /** The families of a route, the smallest first; none for a route of one segment, nor where none is logged. */
  of(routeId: number): readonly number[] {
    if (routeId === 0) return [];
    let families = this.#ofRoute[routeId];
    if (families === undefined) {
      families = this.#familiesOf(this.#routes.nameOf(routeId));
      this.#ofRoute[routeId] = families;
    }
    return families;
  }

  #familiesOf(route: string): readonly number[] {
    if (!route.startsWith('/')) return [];
    const families: number[] = [];
    for (let end = route.lastIndexOf('/'); end > 0; end = route.lastIndexOf('/', end - 1)) {
      const id = this.#idOf(route.slice(0, end + 1));
      if (id !== undefined) families.push(id);
    }
    return families;
  }

  #idOf(prefix: string): number | undefined {
    let id = this.#ids.get(prefix);
    if (id === undefined && this.#ids.size < mostFamilies) {
      id = firstFamily + this.#ids.size;
      this.#ids.set(prefix, id);
    }
    return id;
  }
}

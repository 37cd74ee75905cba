import type { Names } from '@why502/model';

/** Ids of hosts as services: where a line names no service, what the visitor asked for stands for it. */
export class ServicesByHost {
  readonly #names: Names;
  readonly #ids: number[] = [];

  constructor(names: Names) {
    this.#names = names;
  }

  /** The id as a service of a host, by its id as a host; 0 for none. */
  idOf(host: number): number {
    if (host === 0) return 0;
    const known = this.#ids[host];
    if (known !== undefined) return known;
    const id = this.#names.services.idOf(this.#names.hosts.nameOf(host));
    this.#ids[host] = id;
    return id;
  }
}

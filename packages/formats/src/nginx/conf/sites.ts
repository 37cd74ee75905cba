import { linearPattern } from './pattern.ts';
import type { Site } from './site.ts';

/** Where the log names no site, more of them say nothing in common. */
const mostSites = 20;

/** Which `server` blocks a request may belong to, by the rules of ngx_http_server_names and `listen`. */
export class Sites {
  readonly #sites: readonly Site[];
  /** By their first name, which is the one that the error log shows. */
  readonly #named = new Map<string, Site[]>();
  readonly #sockets = new Map<string, Socket>();

  constructor(sites: readonly Site[]) {
    this.#sites = sites;
    for (const site of sites) {
      const [name = ''] = site.names;
      const namesakes = this.#named.get(name);
      if (namesakes === undefined) this.#named.set(name, [site]);
      else namesakes.push(site);
      for (const { socket, first } of site.listens) {
        const listeners = this.#sockets.get(socket) ?? new Socket();
        this.#sockets.set(socket, listeners);
        listeners.add(site, first);
      }
    }
  }

  /**
   * The log does not tell the socket, so there is one for each. Without a host and a name all come into question, and
   * none where those are many.
   */
  of(host: string | undefined, name: string | undefined): readonly Site[] {
    const named = name === undefined ? undefined : this.#named.get(name);
    if (host === undefined) return named ?? (this.#sites.length <= mostSites ? this.#sites : []);
    const asked = plainHost(host);
    const chosen = new Set<Site>();
    for (const socket of this.#sockets.values()) {
      const site = socket.siteOf(asked);
      if (site !== undefined && (named === undefined || named.includes(site))) chosen.add(site);
    }
    return chosen.size > 0 ? [...chosen] : (named ?? []);
  }
}

/** The sites of one `listen`. */
class Socket {
  readonly #exact = new Map<string, Site>();
  /** `*.example.com` as `.example.com`, and `www.example.*` as `www.example.`. */
  readonly #leading = new Map<string, Site>();
  readonly #trailing = new Map<string, Site>();
  readonly #patterns: { readonly fits: ((host: string) => boolean) | undefined; readonly site: Site }[] = [];
  #default: Site | undefined;
  #chosen = false;

  add(site: Site, first: boolean): void {
    if (this.#default === undefined || (first && !this.#chosen)) this.#default = site;
    this.#chosen ||= first;
    for (const name of site.names) this.#name(name.toLowerCase(), name, site);
  }

  siteOf(host: string): Site | undefined {
    const exact = this.#exact.get(host);
    if (exact !== undefined) return exact;
    for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
      const site = this.#leading.get(host.slice(dot));
      if (site !== undefined) return site;
    }
    for (let dot = host.lastIndexOf('.'); dot > 0; dot = host.lastIndexOf('.', dot - 1)) {
      const site = this.#trailing.get(host.slice(0, dot + 1));
      if (site !== undefined) return site;
    }
    for (const { fits, site } of this.#patterns) {
      if (fits === undefined) return undefined;
      if (fits(host)) return site;
    }
    return this.#default;
  }

  #name(lower: string, written: string, site: Site): void {
    const first = (names: Map<string, Site>, name: string) => names.has(name) || names.set(name, site);
    if (written.startsWith('~')) this.#patterns.push({ fits: linearPattern(written.slice(1), true), site });
    else if (lower.startsWith('*.')) first(this.#leading, lower.slice(1));
    else if (lower.startsWith('.')) {
      first(this.#leading, lower);
      first(this.#exact, lower.slice(1));
    } else if (lower.endsWith('.*')) first(this.#trailing, lower.slice(0, -1));
    else first(this.#exact, lower);
  }
}

/** As nginx compares it: lower case, without port and the dot at the end. */
function plainHost(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '').replace(/\.$/, '');
}

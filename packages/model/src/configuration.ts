import type { Bytes, HttpStatus, Millis } from './units.ts';

/** Files that a configuration is read from. */
export interface FileTree {
  /** Undefined where there is no such plain file, or it may not be read. */
  text(path: string): Promise<string | undefined>;
  /** Names of what a folder holds; none where it is no folder, or closed to us. The path may end in `/`. */
  names(folder: string): Promise<readonly string[]>;
}

/** A directive and where it stands, for people. */
export interface Written {
  /** Without values that are nobody's business. Never print it raw: use `visible`. */
  readonly text: string;
  readonly file: string;
  readonly line: number;
}

/** `written` is undefined for what holds unless something else is written. */
export interface Setting<T> {
  readonly value: T;
  readonly written: Written | undefined;
}

/** One version of what a proxy was told to do. */
export interface ProxyConfiguration {
  /** All groups of peers that it names, and those that a route names by itself. */
  readonly services: readonly ConfiguredService[];
  /** Every route that the request may have taken; empty where that cannot be told. */
  routesOf(asked: AskedRoute): readonly ConfiguredRoute[];
}

/** What a log tells about which route a request took. */
export interface AskedRoute {
  /** Host that the client asked for. */
  readonly host: string | undefined;
  /** Name of the site that the proxy chose, from its error log. */
  readonly site: string | undefined;
  /** Path and query. */
  readonly target: string;
}

export interface ConfiguredService {
  /** Of the group; of a service without one, its host and port as written. */
  readonly name: string;
  readonly peers: readonly ConfiguredPeer[];
}

export interface ConfiguredPeer {
  /** `address:port` or `unix:/path` as logs show it, or `name:port`. */
  readonly address: string;
  /** `address`: as it stands. `once`: a name, looked up when the proxy starts. `again`: a name that is kept up to date. */
  readonly lookup: 'address' | 'once' | 'again';
  readonly down: boolean;
  readonly backup: boolean;
  /** Most connections at once; undefined without a bound. */
  readonly maxConnections: number | undefined;
  /** Failures that put it aside; 0: none do. */
  readonly maxFails: number;
  readonly failTimeout: Millis;
  readonly written: Written;
}

/** Where requests of a route go. */
export type ConfiguredTarget =
  | {
      readonly kind: 'service';
      /** `http`, `https`, `fastcgi`, `grpc`, …; undefined where a variable holds it. */
      readonly scheme: string | undefined;
      readonly service: ConfiguredService;
      readonly written: Written;
    }
  | {
      /** A variable says where, so that the name is looked up for each request, by a resolver that must be configured. */
      readonly kind: 'variable';
      readonly scheme: string | undefined;
      readonly resolver: Setting<boolean>;
      readonly written: Written;
    };

/** How requests of one kind are handled. */
export interface ConfiguredRoute {
  /** Undefined where the proxy itself answers, such as from files. */
  readonly target: ConfiguredTarget | undefined;
  readonly timers: Readonly<Record<ConfiguredTimer, Setting<Millis>>>;
  /** What the response header must fit into; undefined where that depends on the machine. */
  readonly headerBuffer: Setting<Bytes> | undefined;
  /** Whether connections to peers are kept and used again; undefined where the version of the proxy decides. */
  readonly reuse: Setting<boolean> | undefined;
  /** After so long without use a kept connection is given up. */
  readonly idle: Setting<Millis>;
  /** Which requests are tried again after a connection broke. `safe`: those that may be repeated without harm. */
  readonly repeats: Setting<'none' | 'safe' | 'all'>;
  /** Answers that the proxy may give without asking a peer. */
  readonly answers: readonly RuledAnswer[];
  /** Undefined without TLS towards the peers. */
  readonly tls: { readonly verifies: Setting<boolean>; readonly sendsName: Setting<boolean> } | undefined;
}

export type ConfiguredTimer = 'connect' | 'send' | 'read';

/** An answer by rule. */
export interface RuledAnswer {
  readonly rule: 'fixed' | 'request_limit' | 'connection_limit' | 'authentication' | 'error_page';
  readonly status: HttpStatus;
  /** False where every request of the route is answered so. */
  readonly conditional: boolean;
  readonly written: Written;
}

/** How a backend behaves for requests that a rule fits; the first that does counts. See players/app.mjs. */
export interface Rule {
  readonly path?: string;
  readonly notPath?: string;
  readonly method?: string;
  readonly share?: number;
  readonly longerThan?: number;
  readonly do:
    | 'answer'
    | 'hang'
    | 'close'
    | 'reset'
    | 'exit'
    | 'raw'
    | 'break'
    | 'stream'
    | 'busy'
    | 'pool'
    | 'grow';
  readonly ms?: readonly [number, number];
  readonly [more: string]: unknown;
}

interface Listening {
  readonly port?: number;
  /** To listen at; the host's own if absent. */
  readonly address?: string;
  /** Path of a socket, as nginx sees it. */
  readonly path?: string;
  readonly backlog?: number;
  readonly rules?: readonly Rule[];
}

export interface AppOptions extends Listening {
  readonly keepAlive_ms?: number;
  readonly median_ms?: number;
  readonly graceful?: boolean;
  /** The only thread is held now and then. */
  readonly pauses?: { readonly every_ms: number; readonly ms: readonly [number, number] };
  /** Answers after which a connection is closed without a word. */
  readonly closeAfter?: number;
  readonly tls?: Readonly<Record<string, unknown>>;
  /** Of the heap, in megabytes: beyond it the process aborts. */
  readonly heap?: number;
}

export interface WorkersOptions extends Listening {
  readonly workers: number;
  readonly protocol?: 'http' | 'fastcgi';
  /** Of the socket, octal. */
  readonly mode?: string;
  readonly ms?: readonly [number, number];
}

/** A process of the play. */
export interface Player {
  /** Sends it new rules, or a new table of names. */
  tell(what: unknown): void;
  /** Settles when the process has ended. */
  readonly ended: Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

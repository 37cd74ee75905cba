import { because, type Mechanism, type Why } from './why.ts';

export type Source = 'cloudflare' | 'alb' | 'nginx';

/** Who made the final status of a request. */
export type Maker = Source | 'app' | 'lambda' | 'client' | 'other';

/** What a visitor asks for. */
export interface Ask {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly client: string;
  readonly agent: string;
  readonly protocol: string;
  /** Bytes received, with headers. */
  readonly bytes: number;
  readonly referrer: string;
  /** The kind of request, as the traffic plan calls it. */
  readonly route: string;
  /** One of a few thousand people. */
  readonly user: number;
  /** Who asks: `eyeball`, or one of the sources that are no visitor. */
  readonly source: string;
  /** What `sec-purpose` says; empty where the header is not sent. */
  readonly purpose: string;
  /** Milliseconds after which the visitor leaves. */
  readonly patience: number;
  /** The patience is a timer of the caller's program, not a whim. */
  readonly timed: boolean;
}

/** The maker of a status and the reason, for statuses that are failures. */
export interface Made {
  readonly hop: Maker;
  readonly why: Why;
}

/** A line of a log about a request. */
export interface Row {
  readonly source: Source;
  readonly kind?: 'error';
  readonly status: number;
  readonly made: Made | undefined;
  /** What the line shows of a request that went well by its status. */
  readonly shows?: 'masked' | 'truncated';
  /** Where it went, relative to the folder of logs; undefined where it was lost. */
  place?: { readonly file: string; readonly line: number };
}

/** One request of one visitor on its way through all hops. */
export class Trip {
  readonly key: string;
  readonly ask: Ask;
  /** When the visitor asked. */
  readonly at: number;
  /** Headers that hops add, by lower-case name. */
  readonly headers = new Map<string, string>();
  /** Addresses of X-Forwarded-For. */
  readonly forwarded: string[] = [];
  readonly rows: Row[] = [];
  /** Why an answer is not there yet, as long as there is a reason. */
  late: Why | undefined;
  /** Why a proxy stopped waiting, once one did. The hops behind it see only that their caller left. */
  overdue: Why | undefined;
  /** Attempts that failed, though the request went well in the end. */
  readonly masked: Made[] = [];
  /** Why the answer broke off after its status. */
  truncated: Made | undefined;
  /** A line that is no failure whatever its status. */
  harmless: Mechanism | undefined;
  /** The key of the request whose failure this one is an effect of. */
  primary: string | undefined;

  constructor(key: string, ask: Ask, at: number) {
    this.key = key;
    this.ask = ask;
    this.at = at;
  }

  /** A request that a hop makes by itself on behalf of this one. */
  copy(changes: Partial<Ask>): Trip {
    const trip = new Trip(this.key, { ...this.ask, ...changes }, this.at);
    for (const [name, value] of this.headers) trip.headers.set(name, value);
    trip.forwarded.push(...this.forwarded);
    return trip;
  }
}

/**
 * Why a caller of `hop` left. If a proxy stopped waiting, or the visitor's program has a timer, then for what kept the
 * answer; a person who leaves meanwhile may have had enough for any reason.
 */
export function departure({ ask, late, overdue }: Trip, hop: Source): Made {
  if (overdue !== undefined) return { hop, why: overdue };
  if (late === undefined) return { hop, why: because('client_abort') };
  if (!ask.timed) return { hop, why: because('client_abort', late.mechanism, ...late.accept) };
  return { hop, why: { ...late, accept: [...late.accept, 'client_abort'] } };
}

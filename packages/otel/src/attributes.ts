import type { Attributes } from '@opentelemetry/api';
import { hopOf, type SourceKind, type Verdict } from '@why502/model';

/**
 * Names of the attributes: those of the semantic conventions of OpenTelemetry (1.44, registry of attributes) where there is one,
 * and below `why502.` where there is none.
 */
export const keys = {
  status: 'http.response.status_code',
  method: 'http.request.method',
  host: 'server.address',
  path: 'url.path',
  peer: 'network.peer.address',
  port: 'network.peer.port',
  errorType: 'error.type',
  source: 'why502.source',
  outcome: 'why502.outcome',
  cause: 'why502.cause',
  certainty: 'why502.certainty',
  generator: 'why502.generator',
  hop: 'why502.hop',
  service: 'why502.service',
} as const;

/** What may be told apart on metrics besides, each up to a bound: there may be thousands of each. */
export const breakdowns = ['peer', 'host', 'service'] as const;

export type Breakdown = (typeof breakdowns)[number];

/** The conventions' own word for a value that is not told apart. */
const other = '_OTHER';

/** Values that are told apart of each breakdown; the SDK's own bound of 2,000 sets comes only behind it. */
const mostValues = 100;

/** Attributes of a failure on a metric: nothing of the request itself, no id, no client. */
export class FailureAttributes {
  readonly #known: ReadonlyMap<Breakdown, Set<string>>;

  constructor(by: readonly Breakdown[]) {
    this.#known = new Map(by.map((one) => [one, new Set<string>()]));
  }

  of(verdict: Verdict): Attributes {
    const { peer, host, upstream: service } = verdict;
    const values: Readonly<Record<Breakdown, string | undefined>> = { peer, host, service };
    const attributes: Attributes = {
      [keys.source]: sourceOf(verdict),
      ...(verdict.status === undefined ? {} : { [keys.status]: verdict.status }),
      [keys.outcome]: verdict.outcome,
      [keys.cause]: verdict.cause,
      [keys.errorType]: errorType(verdict),
      [keys.certainty]: verdict.certainty,
      [keys.generator]: verdict.generator,
    };
    for (const [one, known] of this.#known) {
      const value = values[one];
      if (value === undefined) continue;
      if (known.size < mostValues) known.add(value);
      attributes[keys[one]] = known.has(value) ? value : other;
    }
    return attributes;
  }
}

/** The mechanism; `_OTHER` where none is named (`error.type`, stable). */
export function errorType({ mechanism }: Pick<Verdict, 'mechanism'>): string {
  return mechanism ?? other;
}

/** The hop whose log tells of the failure first. */
export function sourceOf({ rows }: Pick<Verdict, 'rows'>): string {
  const [row] = rows;
  return row === undefined ? 'other' : hopName(row.source);
}

export function hopName(source: SourceKind): string {
  return hopOf(source);
}

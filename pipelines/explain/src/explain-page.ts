import { readPage } from '@why502/formats';
import { mechanisms as known } from '@why502/mechanisms';
import {
  type Explanation,
  type HttpStatus,
  httpStatus,
  type Mechanism,
  type PageReading,
  type Product,
  type SourceKind,
} from '@why502/model';
import { judgeLines } from './judge-lines.ts';
import { madeUp } from './made-up.ts';

export interface PageRequest {
  /** An error page, the headers of an answer, or both, as saved. */
  readonly bytes: Uint8Array;
  /** How the file is called in the rows of verdicts. Default `-`. */
  readonly name?: string;
  /** Default: all that why502 knows. */
  readonly mechanisms?: readonly Mechanism[];
}

/**
 * Says which product made an error page, and why, as far as a page can tell. Never throws: a page of somebody's own names
 * nobody, and has no failure where it tells no status either.
 */
export function explainPage({ bytes, name = '-', mechanisms = known }: PageRequest): Explanation {
  const page = readPage(bytes);
  const { status, said, maker } = page;
  if (status === undefined && said === undefined) return { page, failures: [], others: [], unread: 0 };
  const request = madeUp(
    {
      status: status ?? usualStatus(page),
      source: sources[maker?.product ?? 'application'] ?? 'other',
      said,
      ownPage: page.hasBody ? maker?.failedItself : undefined,
      relayed: maker?.failedItself === false || maker?.product === 'application',
    },
    name,
    1,
  );
  const verdicts = judgeLines({ errors: [], requests: [request], sightings: [], mechanisms });
  const failures = verdicts.map((verdict) => ({
    verdict: { ...verdict, status },
    lines: [],
    request,
    statusOnly: true,
    sighting: undefined,
    errors: [],
    dated: false,
    assumedAction: undefined,
  }));
  return { page, failures, others: [], unread: 0 };
}

/** The hops whose logs are known; all others are one. */
const sources: Partial<Readonly<Record<Product, SourceKind>>> = {
  nginx: 'nginx',
  openresty: 'nginx',
  angie: 'nginx',
  tengine: 'nginx',
  alb: 'alb',
  cloudflare: 'cloudflare',
};

/** What such words mostly come with, where the page does not say: most proxies call all but a time-out by one status. */
function usualStatus({ maker, said }: PageReading): HttpStatus {
  if (said?.symptom.endsWith('timed_out') === true) return httpStatus(504);
  const unavailable: readonly (Product | undefined)[] = ['envoy', 'varnish', 'fastly'];
  return httpStatus(unavailable.includes(maker?.product) ? 503 : 502);
}

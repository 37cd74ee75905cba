import type { Evidence, FactOf, HopSource, Probability, RequestRecord, RowRef } from '@why502/model';
import { type Failure, leaves, outcomeOf } from '../failure.ts';
import { evidence } from './attempt.ts';

const named: Readonly<Record<HopSource, string>> = {
  nginx: 'nginx',
  alb: 'the load balancer',
  cloudflare: 'the edge',
  other: 'another hop',
};

/** What the next hop behind the one that failed logged of the same request. */
export function observeInnerHop(
  hop: HopSource,
  request: RequestRecord,
  failure: Failure | undefined,
  coverage: Probability | undefined,
): Evidence {
  const { status, duration: after, row } = request;
  const saw = sawOf(request, failure);
  const name = named[hop];
  const took = after === undefined ? '' : ` after ${after} ms`;
  const text = {
    answered: `${name}, the next hop, answered ${status}${took}`,
    broke_off: `${name}, the next hop, broke off its answer${took}`,
    client_left: `${name}, the next hop, was still at work when it was left${took}`,
    failed: `${name}, the next hop, failed with ${status}${took}`,
  }[saw];
  const fact = { kind: 'inner_hop', source: row.source, saw, coverage, status, after } as const;
  return evidence(fact, 'inner_hop', text, row);
}

/** The log of the next hop is at hand, and does not tell of the request. */
export function observeAbsence(hop: HopSource, coverage: Probability | undefined): Evidence {
  const told =
    coverage === undefined ? '' : `, which holds ${Math.round(coverage * 100)} % of the requests around it`;
  const fact = {
    kind: 'inner_hop',
    source: hop,
    saw: 'nothing',
    coverage,
    status: undefined,
    after: undefined,
  } as const;
  return evidence(fact, 'inner_hop', `the log of ${named[hop]}${told}, says nothing of the request`);
}

/**
 * The status was passed on by one hop, and the next one whose log is at hand did not give it: it was made in between, by
 * a hop that had the request and got no answer.
 */
export function observeMadeBetween(
  { request, attempt }: Failure,
  between: HopSource | undefined,
  row: RowRef | undefined,
): Evidence {
  const status = attempt?.status ?? request!.status;
  const fact: FactOf<'imprint'> = {
    kind: 'imprint',
    source: between ?? request!.row.source,
    phase: 'waiting',
    status,
    after: attempt?.response ?? request!.duration,
    connect: undefined,
    bytesReceived: undefined,
    unaddressed: false,
  };
  const who = between === undefined ? 'a hop that no log tells of' : named[between];
  return evidence(fact, 'attempt', `${who} made the ${status}, since no hop behind it did`, row);
}

function sawOf(
  request: RequestRecord,
  failure: Failure | undefined,
): 'answered' | 'broke_off' | 'client_left' | 'failed' {
  if (leaves(request)) return 'client_left';
  if (failure !== undefined && outcomeOf(failure) === 'truncated') return 'broke_off';
  return request.status >= 500 ? 'failed' : 'answered';
}

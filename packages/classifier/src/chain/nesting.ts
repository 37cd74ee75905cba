import type { Passage, Span } from './passage.ts';

/** By how much the clock of an inner hop is ahead of an outer one's, ms, and how far off that may be. */
export interface Skew {
  readonly ahead: number;
  readonly within: number;
  /** Learned of requests that both hops logged with the same id. */
  readonly learned: boolean;
}

/** Without any request that tells, clocks are taken to differ by no more than this, ms. */
export const unlearned: Skew = { ahead: 0, within: 2_000, learned: false };

/** Equal ids further apart than this belong to different requests: a client sent the same one again, ms. */
export const mostApartMs = 60_000;

/** Whether the inner interval may lie inside the outer one: a hop has a request before the next one gets it, and after it is done. */
export function nests(outer: Span, inner: Span, { ahead, within }: Skew): boolean {
  return (
    inner.startTo - ahead >= outer.startFrom - within &&
    inner.endFrom - ahead <= outer.endTo + within &&
    inner.endTo - ahead >= outer.startFrom - within
  );
}

/**
 * Whether the intervals meet, as they must where an id says that it is one request: a server that goes on when its
 * client is gone ends after the hop outside. With clocks unknown all that is asked is that they are no minute apart.
 */
export function meets(outer: Span, inner: Span, { ahead, within, learned }: Skew): boolean {
  const slack = learned ? within : mostApartMs;
  return (
    inner.startTo - ahead >= outer.startFrom - slack &&
    inner.startFrom - ahead <= outer.endTo + slack &&
    inner.endTo - ahead >= outer.startFrom - slack
  );
}

/** How far the middles of the two intervals lie apart, ms; of the ends where one of them has no beginning. */
export function apart(outer: Passage, inner: Passage): number {
  const both = outer.span.begun && inner.span.begun;
  return middle(inner.span, both) - middle(outer.span, both);
}

function middle({ startFrom, startTo, endFrom, endTo }: Span, both: boolean): number {
  return both ? (startFrom + startTo + endFrom + endTo) / 4 : (endFrom + endTo) / 2;
}

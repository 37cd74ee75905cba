import type { Skew } from './nesting.ts';
import { type Passage, pathOf, type Span } from './passage.ts';
import { type Rarity, shownBy } from './rarity.ts';

/** What speaks against one request at two hops, in nats. */
const otherAgent = -7;
const otherClient = -7;
/** An edge may send from another of its addresses than it says. */
const otherEgress = -3;
const otherStatus = -7;
const otherPeer = -7;
/** Hosts and targets are rewritten on purpose. */
const otherHost = -2;
const otherPath = -3;
const otherQuery = -4;

/** What speaks for one: an id that others have, too; the server that the outer hop names. */
const sharedId = 3;
const samePeer = 1;

/** Ids that a hop gives to one request each: where both log one, and they differ, these are two requests. */
const oneEach: ReadonlySet<string> = new Set(['ray', 'trace_root', 'trace_self']);

/** A request reaches the next hop soon: so much later makes it e times less likely, ms. */
const lagMs = 250;
const mostLags = 3;

/** What took longer inside than outside went on when the outer hop was gone, which is rare, ms and nats. */
const shorterMs = 1_000;
const longerInside = -3;

/** How likely it is that two rows are of one request rather than of two, in nats; minus infinity where that cannot be. */
export function likeness(
  outer: Passage,
  inner: Passage,
  skew: Skew,
  rarity: Rarity,
  isPeer: boolean | undefined,
): number {
  const ids = idsInCommon(outer, inner);
  if (ids === 'differ') return Number.NEGATIVE_INFINITY;
  return (
    (ids === 'shared' ? sharedId : 0) +
    agrees(outer, inner, 'host', otherHost, rarity) +
    agrees(outer, inner, 'agent', otherAgent, rarity) +
    askedAlike(outer, inner, rarity) +
    cameFrom(outer, inner, rarity) +
    answeredAlike(outer, inner, rarity) +
    tookAsLong(outer, inner) +
    (isPeer === undefined ? 0 : isPeer ? samePeer : otherPeer) -
    Math.min(mostLags, lag(outer.span, inner.span, skew) / lagMs)
  );
}

function idsInCommon(outer: Passage, inner: Passage): 'shared' | 'differ' | 'none' {
  let shared = false;
  for (const { kind, value } of outer.request.trail.ids) {
    if (kind === 'connection' || kind === 'parent_ray') continue;
    for (const other of inner.request.trail.ids) {
      if (other.kind !== kind) continue;
      if (other.value === value) shared = true;
      else if (oneEach.has(kind)) return 'differ';
    }
  }
  return shared ? 'shared' : 'none';
}

function agrees(
  outer: Passage,
  inner: Passage,
  field: 'host' | 'agent',
  else_: number,
  rarity: Rarity,
): number {
  const [a, b] = [shownBy(outer, field), shownBy(inner, field)];
  if (a === undefined || b === undefined) return 0;
  return a === b ? rarity.of(inner.depth, field, b) : else_;
}

function askedAlike(outer: Passage, inner: Passage, rarity: Rarity): number {
  const [a, b] = [outer.request.target, inner.request.target];
  if (a === undefined || b === undefined) return 0;
  if (a === b) return rarity.of(inner.depth, 'target', b);
  return pathOf(a) === pathOf(b) ? otherQuery : otherPath;
}

/**
 * The inner hop's client is the address that the outer hop sent from, or whoever that one served, where it was told to
 * look behind. One that no row of the outer hop sent from is that of something in between. Whom the outer hop serves,
 * X-Forwarded-For names.
 */
function cameFrom({ request: outer, depth }: Passage, inner: Passage, rarity: Rarity): number {
  const { client, trail } = inner.request;
  let sum = 0;
  if (client !== undefined) {
    if (client === outer.trail.egress || client === outer.client)
      sum += rarity.of(inner.depth, 'client', client);
    else if (outer.trail.egress !== undefined && rarity.knows(depth, 'egress', client)) sum += otherEgress;
  }
  if (trail.forwardedFor !== undefined && outer.client !== undefined) {
    const names = trail.forwardedFor.split(',').map((name) => name.trim());
    sum += names.includes(outer.client) ? fewClients : otherClient;
  }
  return sum;
}

/** A client's address is shared by few requests of a second, whoever they are. */
const fewClients = 4;

/** What the outer hop got is what the inner one gave. */
function answeredAlike({ request: outer }: Passage, inner: Passage, rarity: Rarity): number {
  const got = outer.attempts.at(-1)?.status;
  const { status } = inner.request;
  if (got === undefined) return 0;
  return got === status ? rarity.of(inner.depth, 'status', String(status)) : otherStatus;
}

/** The inner hop took no longer than the outer one waited for it, and not much less: what is left is the way between them. */
function tookAsLong({ request: outer }: Passage, { request: inner }: Passage): number {
  const attempt = outer.attempts.at(-1);
  if (attempt?.response === undefined || inner.duration === undefined) return 0;
  const left = attempt.response - (attempt.connect ?? 0) - inner.duration;
  return left < -shorterMs ? longerInside : -Math.min(mostLags, Math.max(0, left) / lagMs);
}

/** How much later than it could have the request began inside, or, where that is not known, ended before it did outside, ms. */
function lag(outer: Span, inner: Span, skew: Skew): number {
  const late = inner.begun
    ? inner.startFrom - skew.ahead - outer.startTo
    : outer.endFrom - (inner.endTo - skew.ahead);
  return Math.max(0, late - skew.within);
}

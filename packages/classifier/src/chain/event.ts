import { statusGetsVerdict, type Verdict } from '@why502/model';
import { leaves, outcomeOf } from '../failure.ts';
import type { Judgement } from '../judge.ts';
import { outermostOf, type Passage } from './passage.ts';

/** One request of a client, as the hops that logged it saw it. */
export interface Event {
  readonly root: Passage;
  /** From the outside in: each hop and the one behind it. */
  readonly path: readonly Passage[];
  /** Those, and other requests that a program at the edge made for the same visitor and that failed. */
  readonly members: readonly Passage[];
}

export function eventOf(one: Passage): Event {
  const root = outermostOf(one);
  const path = pathFrom(root);
  const asides = root.asides.flatMap(pathFrom).filter(({ failure }) => failure !== undefined);
  return { root, path, members: [...path, ...asides] };
}

function pathFrom(root: Passage): Passage[] {
  const path: Passage[] = [];
  for (let one: Passage | undefined = root; one !== undefined; one = one.inner) path.push(one);
  return path;
}

/** Who made the status that the client got. `between`: a hop that stands between two whose logs tell of the request. */
export interface Maker {
  readonly judgement: Judgement;
  readonly at: Passage;
  /** The next hop that logged the request; undefined where none did. */
  readonly inner: Passage | undefined;
  readonly between: boolean;
}

/** Walks inwards as long as hops pass on what they got. The first that made something of its own made it. */
export function makerOfEvent(
  { path }: Event,
  judged: (failure: string) => Judgement | undefined,
): Maker | undefined {
  let maker: Maker | undefined;
  for (const [index, at] of path.entries()) {
    const judgement = at.failure === undefined ? undefined : judged(at.failure);
    // What went well here hides what failed behind it.
    if (judgement === undefined) {
      if (maker === undefined) continue;
      return { ...maker, between: true };
    }
    if (maker !== undefined && leaves(at.request)) return { ...maker, between: true };
    maker = { judgement, at, inner: path[index + 1], between: false };
    if (!passesOn(judgement, path[index + 1])) return maker;
  }
  return maker;
}

/**
 * Whether what failed was behind the hop: it passed on what the next one answered, under another status perhaps, or made
 * something better of it. One that logs no attempts may have passed on what both call the same.
 */
function passesOn({ failure }: Judgement, inner: Passage | undefined): boolean {
  const { request, imprint } = failure;
  if (inner === undefined || request === undefined || leaves(request)) return false;
  if (!statusGetsVerdict(request.status)) return inner.failure !== undefined && !leaves(inner.request);
  if (imprint?.kind === 'relayed') return true;
  // A visitor's row does not tell what its program got.
  if (inner.depth === 'program') return request.status === inner.request.status;
  const { status } = inner.request;
  if (!statusGetsVerdict(status) || leaves(inner.request)) return false;
  const got = request.attempts.at(-1)?.status;
  return got === status || (imprint === undefined && request.said === undefined && request.status === status);
}

/** What became of the request in the eyes of its client. */
export function outcomeOfEvent({ root: { request } }: Event, { failure }: Judgement): Verdict['outcome'] {
  const seen = outcomeOf({ request, errors: [] });
  return seen === 'masked' && outcomeOf(failure) === 'truncated' ? 'truncated' : seen;
}

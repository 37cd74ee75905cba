import type { Evidence, RowRef } from '@why502/model';
import { leaves } from '../failure.ts';
import { identityOfRequest, traceOf } from '../identity.ts';
import type { Judgement } from '../judge.ts';
import { makerOf } from '../maker.ts';
import { observeAbsence, observeInnerHop, observeMadeBetween } from '../observe/inner-hop.ts';
import type { Standings } from '../weigh/standings.ts';
import { bucketOf, bucketsAfter } from '../window/windows.ts';
import type { Chain } from './chain.ts';
import { type Event, eventOf, type Maker, makerOfEvent, outcomeOfEvent } from './event.ts';
import type { Passage } from './passage.ts';

/** What was found out about a request at all its hops: one judgement, and those of its hops that it stands for. */
export interface Settled {
  readonly judgement: Judgement;
  readonly absorbed: readonly Judgement[];
}

/** A request may end in one bucket by one clock and up to so many later or earlier by another. */
const far = bucketsAfter + 1;

/** A log that misses fewer requests than one in two hundred is complete. */
const complete = 0.995;

/** Ids of failures that others may be the effects of are kept for this many buckets. */
const keptBuckets = 90;

/**
 * Failures that were judged at their own hops, each by its own clock and neighbourhood, waiting for the other hops of
 * the same request to be judged; then one judgement is made of them.
 */
export class Events {
  readonly #chain: Chain;
  readonly #weigh: (evidence: readonly Evidence[]) => Standings;
  readonly #idOf: (one: Passage) => string;
  readonly #passages = new Map<string, Passage>();
  readonly #judged = new Map<string, Judgement>();
  /** Failures by bucket that belong to no event yet. */
  readonly #waiting = new Map<number, string[]>();
  /** Failures whose request was settled before they were judged: one clock is further off than a context reaches. */
  readonly #spent = new Set<string>();
  #settled: Settled[] = [];
  /** Bucket → failure → id of the event that it became part of. */
  readonly #became = new Map<number, Map<string, string>>();

  constructor(
    chain: Chain,
    weigh: (evidence: readonly Evidence[]) => Standings,
    idOf: (one: Passage) => string,
  ) {
    this.#chain = chain;
    this.#weigh = weigh;
    this.#idOf = idOf;
  }

  /** The row of a failure that will be judged. */
  expect(failure: string, row: Passage): void {
    this.#passages.set(failure, row);
  }

  /** It was no failure after all. */
  drop(failure: string): void {
    this.#passages.delete(failure);
  }

  add(judgement: Judgement): void {
    const { id, bucket } = judgement.failure;
    if (this.#spent.delete(id)) {
      this.drop(id);
      return;
    }
    this.#judged.set(id, judgement);
    const waiting = this.#waiting.get(bucket);
    if (waiting === undefined) this.#waiting.set(bucket, [id]);
    else waiting.push(id);
  }

  /**
   * What is settled by now, in order of (time, id).
   *
   * @param now failures of buckets more than a context before it have been judged
   */
  take(now: number): readonly Settled[] {
    const buckets = [...this.#waiting.keys()]
      .filter((bucket) => bucket + 2 * far <= now)
      .sort((a, b) => a - b);
    for (const bucket of buckets) this.#settle(bucket);
    const ready: Settled[] = [];
    const later: Settled[] = [];
    for (const one of this.#settled) (bucketOf(timeOf(one)) + 3 * far <= now ? ready : later).push(one);
    this.#settled = later;
    return ready
      .sort((a, b) => timeOf(a) - timeOf(b) || (idOf(a) < idOf(b) ? -1 : 1))
      .map((one) => this.#withPrimary(one));
  }

  /** The earliest bucket of what is not handed out yet. */
  oldest(now: number): number {
    return now - 3 * far;
  }

  forgetBefore(bucket: number): void {
    for (const index of this.#became.keys()) if (index < bucket - keptBuckets) this.#became.delete(index);
  }

  #settle(bucket: number): void {
    const failures = this.#waiting.get(bucket)!;
    this.#waiting.delete(bucket);
    for (const failure of failures) {
      const judgement = this.#judged.get(failure);
      // It was absorbed by an event of another bucket.
      if (judgement === undefined) continue;
      const row = this.#passages.get(failure);
      const event = row === undefined ? undefined : eventOf(row);
      const settled = event === undefined ? undefined : this.#ofEvent(event);
      this.#settled.push(settled ?? { judgement, absorbed: [] });
      for (const { failure: id } of event?.members ?? [{ failure }]) if (id !== undefined) this.#forget(id);
    }
  }

  #forget(failure: string): void {
    if (!this.#judged.delete(failure)) this.#spent.add(failure);
    this.drop(failure);
  }

  #ofEvent(event: Event): Settled | undefined {
    const maker = makerOfEvent(event, (failure) => this.#judged.get(failure));
    if (maker === undefined) return undefined;
    const judgements = event.members.flatMap(({ failure }) =>
      failure === undefined ? [] : (this.#judged.get(failure) ?? []),
    );
    const { root } = event;
    const own = root.failure === undefined ? undefined : this.#judged.get(root.failure);
    const id = own?.failure.id ?? this.#idOf(root);
    for (const { failure } of judgements) this.#note(failure.bucket, failure.id, id);
    const rows = rowsOf(event, judgements);
    const trace = traceOf(event.path.map(({ request }) => request));
    const outcome = outcomeOfEvent(event, maker.judgement);
    const judgement = {
      ...this.#account(maker),
      revision: own?.revision ?? 0,
      seen: {
        request: root.request,
        identity: identityOfRequest(root.request, { id, rows, trace, outcome }),
        maker: this.#makes(maker),
      },
    };
    return { judgement, absorbed: judgements.filter(({ failure }) => failure.id !== id) };
  }

  #makes({ judgement, at, inner, between }: Maker) {
    if (!between && !this.#isOfUnseenHop(judgement, at)) return makerOf(judgement.failure);
    if (!between) return { hop: 'other', generator: 'proxy' } as const;
    const [hop] = this.#chain.between(at, inner!);
    return { hop: hop ?? 'other', generator: 'proxy' } as const;
  }

  /** What was passed on did not come from the next hop, whose log holds all that it answered: another one stands between. */
  #isOfUnseenHop({ failure }: Judgement, at: Passage): boolean {
    if (failure.imprint?.kind !== 'relayed') return false;
    return (this.#chain.absenceBehind(at)?.coverage ?? 0) >= complete;
  }

  /** What the hop found out by itself, with what the next hop tells. */
  #account({ judgement, at, inner, between }: Maker): Judgement {
    const { failure, primary } = judgement;
    const isPassedOn = failure.imprint?.kind === 'relayed' && !between;
    if (primary !== undefined || isPassedOn || leaves(failure.request)) return judgement;
    const told = this.#behind(at, inner);
    if (told === undefined) return judgement;
    const own = between
      ? [
          observeMadeBetween(failure, this.#chain.between(at, inner!)[0], failure.request?.row),
          ...judgement.evidence.filter(({ group }) => group !== 'attempt'),
        ]
      : judgement.evidence;
    const evidence = [...own, told];
    return { ...judgement, evidence, standings: this.#weigh(evidence) };
  }

  #behind(at: Passage, inner: Passage | undefined): Evidence | undefined {
    if (inner !== undefined) {
      const judgement = inner.failure === undefined ? undefined : this.#judged.get(inner.failure);
      return observeInnerHop(inner.hop, inner.request, judgement?.failure, undefined);
    }
    const absence = this.#chain.absenceBehind(at);
    return absence === undefined ? undefined : observeAbsence(absence.source, absence.coverage);
  }

  #note(bucket: number, failure: string, event: string): void {
    let became = this.#became.get(bucket);
    if (became === undefined) {
      became = new Map();
      this.#became.set(bucket, became);
    }
    became.set(failure, event);
  }

  /** A failure is the effect of a request, not of what one hop logged of it. */
  #withPrimary(settled: Settled): Settled {
    const { primary } = settled.judgement;
    if (primary === undefined) return settled;
    for (const became of this.#became.values()) {
      const event = became.get(primary);
      if (event !== undefined) return { ...settled, judgement: { ...settled.judgement, primary: event } };
    }
    return settled;
  }
}

function timeOf({ judgement: { seen, failure } }: Settled): number {
  return seen?.identity.time ?? failure.time;
}

function idOf({ judgement: { seen, failure } }: Settled): string {
  return seen?.identity.id ?? failure.id;
}

/** From the outside in, of each hop its request and then what its error log says. */
function rowsOf({ members }: Event, judgements: readonly Judgement[]): readonly RowRef[] {
  return members.flatMap(({ request, failure }) => {
    const judgement = judgements.find((one) => one.failure.id === failure);
    return [request.row, ...(judgement?.failure.errors.map(({ row }) => row) ?? [])];
  });
}

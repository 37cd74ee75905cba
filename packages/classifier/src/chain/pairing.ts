import type { Clocks } from './clocks.ts';
import { likeness } from './likeness.ts';
import { apart, meets, mostApartMs, nests, type Skew, unlearned } from './nesting.ts';
import { asksFurther, type Depth, innermostOf, isOutside, outermostOf, type Passage } from './passage.ts';
import type { Passages } from './passages.ts';
import { Servers } from './servers.ts';

/** Less likely than this, in nats, two rows are not taken for one request; nor where another is nearly as likely. */
const leastLikely = 4;
const leastMargin = 2;

/** A hop that was answered with a status must have a row of that status behind it, which is then no chance. */
const leastOfAnswers = 0;

/** With less than this, in nats, something speaks against it outright. */
const outOfQuestion = -2;

/** Rows that fit each other by looks tell of their clocks only when they fit so well. */
const surelyLikely = 8;

/** So many rows of a bucket are looked at for that. */
const mostLooked = 50;

/** Outside, a request may go on for so long after it ended inside that another row there is still a rival, ms. */
const outlastsMs = 20_000;

/** What a hop behind answers is passed on so soon, ms. */
const soonMs = 5_000;

/** Clocks further apart than this are not learned: rows so far apart are not looked at together. */
const mostSkewMs = 120_000;

/** The hops that may stand behind one, the nearest first. A program at the edge is found by the id that its request names. */
const behind: Readonly<Record<Depth, readonly Depth[]>> = {
  edge: ['balancer', 'server'],
  program: ['balancer', 'server'],
  balancer: ['server'],
  server: [],
};

/** From the inside out, so that what is behind a row is known when it is asked about. */
const outers: readonly Depth[] = ['balancer', 'program', 'edge'];

/**
 * Finds, for rows of an outer hop, the rows of the same requests at the hops behind it: by an id that nothing else near
 * it has, else by what both say of the request, where only one row fits. Rows of a bucket are paired once no row can
 * come any more that would fit them.
 */
export class Pairing {
  readonly #passages: Passages;
  readonly #clocks: Clocks;
  readonly #servers = new Servers();

  constructor(passages: Passages, clocks: Clocks) {
    this.#passages = passages;
    this.#clocks = clocks;
  }

  /** Learns how far clocks are apart from the rows of a bucket that share an id, or fit no other. */
  compareClocks(bucket: number): void {
    for (const depth of outers)
      for (const inner of behind[depth]) {
        let looked = 0;
        for (const outer of this.#passages.of(bucket, depth)) {
          const found = this.#byId(outer, inner, (a, b) => Math.abs(apart(a, b)) <= mostSkewMs);
          if (found !== undefined) this.#clocks.vote(outer, found, 'id');
          else if (asksFurther(outer) && looked++ < mostLooked) this.#voteByLooks(outer, inner);
        }
      }
  }

  #voteByLooks(outer: Passage, depth: Depth): void {
    const candidates = this.#candidates(outer, depth, anyClock);
    const choice = candidates === 'too_many' ? 'doubted' : chosen(outer, candidates);
    if (choice === undefined || choice === 'doubted' || choice.nats < surelyLikely) return;
    if (this.#isOnlyOne(outer, choice, anyClock)) this.#clocks.vote(outer, choice.row, 'looks');
  }

  pair(bucket: number): void {
    for (const depth of outers) {
      const rows = this.#passages.of(bucket, depth);
      if (depth === 'program') for (const row of rows) this.#joinVisitor(row);
      for (const row of rows) if (asksFurther(row)) this.#pairById(row);
      const rest = rows.filter((row) => row.inner === undefined && asksFurther(row));
      // Those that were answered say more of the row behind; what they leave is that of the others.
      for (const row of rest) if (gotBy(row) !== undefined) this.#pairByLooks(row);
      for (const row of rest) if (gotBy(row) === undefined) this.#pairByLooks(row);
    }
  }

  readonly #skew = (outer: Passage, inner: Passage): Skew =>
    this.#clocks.between(outer.clock, inner.clock, outer.bucket);

  /** A program's request belongs to that of the visitor whose ray it names. Of several, one that failed stands for all. */
  #joinVisitor(row: Passage): void {
    const parent = row.request.trail.ids.find(({ kind }) => kind === 'parent_ray');
    if (parent === undefined) return;
    const visitors = this.#passages.named('edge', 'ray', parent.value);
    const visitor = visitors[0];
    if (visitor === undefined || visitors.length > 1 || !meets(visitor.span, row.span, unlearned)) return;
    row.outer = visitor;
    const known = visitor.inner;
    if (known === undefined) visitor.inner = row;
    else if (known.failure === undefined && row.failure !== undefined) {
      visitor.inner = row;
      visitor.asides.push(known);
    } else visitor.asides.push(row);
  }

  #pairById(outer: Passage): void {
    for (const depth of behind[outer.depth]) {
      if (!isOutside(innermostOf(outer).depth, depth)) continue;
      const found = this.#byId(outer, depth, (a, b) =>
        meets(a.span, b.span, { ...this.#skew(a, b), within: mostApartMs }),
      );
      if (found === undefined || !meets(outer.span, found.span, this.#skew(outer, found))) continue;
      this.#servers.learn(outer, found);
      this.#link(outer, found);
    }
  }

  /** The one row that shares an id with it, if it is the only one for that row, too. */
  #byId(
    outer: Passage,
    depth: Depth,
    isNear: (outer: Passage, inner: Passage) => boolean,
  ): Passage | undefined {
    const found = this.#passages.sameId(outer, depth, (inner) => isNear(outer, inner));
    if (found === undefined) return undefined;
    const back = this.#passages.sameId(found, outer.depth, (other) => isNear(other, found));
    return back === outer ? found : undefined;
  }

  /** What is known of the inner row already holds: the outer one stands before the whole of it. */
  #link(outer: Passage, inner: Passage): void {
    const end = innermostOf(outer);
    const top = outermostOf(inner);
    if (top === outermostOf(outer) || !isOutside(end.depth, top.depth)) return;
    end.inner = top;
    top.outer = end;
  }

  #pairByLooks(outer: Passage): void {
    for (const depth of behind[outer.depth]) {
      const candidates = this.#candidates(outer, depth, this.#skew);
      const choice = candidates === 'too_many' ? 'doubted' : chosen(outer, candidates);
      if (choice === undefined) continue;
      if (choice === 'doubted' || !this.#isOnlyOne(outer, choice, this.#skew)) outer.doubted = true;
      else this.#link(outer, choice.row);
      return;
    }
  }

  #candidates(outer: Passage, depth: Depth, skewOf: SkewOf): readonly Likely[] | 'too_many' {
    const skews = this.#clocks
      .innerOf(outer.clock)
      .map((clock) =>
        skewOf === anyClock ? 0 : this.#clocks.between(outer.clock, clock, outer.bucket).ahead,
      );
    const from = answeredAt(outer) + Math.min(0, ...skews) - unlearned.within;
    const to = outer.span.endTo + Math.max(0, ...skews) + unlearned.within;
    const alike = this.#passages.alike(outer, depth, from, to);
    if (alike === undefined) return 'too_many';
    return alike
      .filter((inner) => inner.outer === undefined && nests(outer.span, inner.span, skewOf(outer, inner)))
      .map((row) => ({ row, nats: this.#likeness(outer, row, skewOf) }));
  }

  #likeness(outer: Passage, inner: Passage, skewOf: SkewOf): number {
    const isPeer = this.#servers.isOf(outer, inner);
    return likeness(outer, inner, skewOf(outer, inner), this.#passages.rarity, isPeer);
  }

  /** Whether no other row of the outer hop fits the inner one nearly as well. */
  #isOnlyOne(outer: Passage, { row, nats }: Likely, skewOf: SkewOf): boolean {
    const { ahead, within } = skewOf(outer, row);
    const from = row.request.end - ahead - within;
    const rivals = this.#passages.alike(row, outer.depth, from, from + outlastsMs);
    return (
      rivals?.every(
        (rival) =>
          rival === outer ||
          (gotBy(rival) !== undefined && areAlike(rival, outer)) ||
          rival.inner !== undefined ||
          !asksFurther(rival) ||
          !nests(rival.span, row.span, skewOf(rival, row)) ||
          this.#likeness(rival, row, skewOf) <= nats - leastMargin,
      ) ?? false
    );
  }
}

type SkewOf = (outer: Passage, inner: Passage) => Skew;

/** As long as nothing is known of the clocks. */
const anyClock: SkewOf = () => unlearned;

interface Likely {
  readonly row: Passage;
  readonly nats: number;
}

/**
 * The likeliest, doubted where another is nearly as likely, or little speaks for it; undefined where all are out of the
 * question. Of rows that are alike in all that counts it does not matter which is whose, as long as each is taken once.
 */
function chosen(outer: Passage, candidates: readonly Likely[]): Likely | 'doubted' | undefined {
  const inOrder = [...candidates].sort((a, b) => b.nats - a.nats || a.row.request.end - b.row.request.end);
  const [best] = inOrder;
  if (best === undefined || best.nats < outOfQuestion) return undefined;
  const isAnswer = gotBy(outer) === best.row.request.status;
  if (best.nats < (isAnswer ? leastOfAnswers : leastLikely)) return 'doubted';
  const contenders = inOrder.filter(({ nats }) => best.nats - nats < leastMargin);
  return contenders.length === 1 || (isAnswer && contenders.every(({ row }) => areAlike(row, best.row)))
    ? best
    : 'doubted';
}

/** Before this the hop behind was not done with the request. */
function answeredAt({ request, span }: Passage): number {
  const response = request.attempts.at(-1)?.response;
  const answered = response === undefined ? span.endFrom : Math.min(span.endFrom, span.startFrom + response);
  return Math.max(span.startFrom, answered - soonMs);
}

/** Whether two rows of a hop say the same of their requests. */
function areAlike(a: Passage, b: Passage): boolean {
  const [x, y] = [a.request, b.request];
  return (
    x.status === y.status &&
    x.target === y.target &&
    x.userAgent === y.userAgent &&
    x.host === y.host &&
    gotBy(a) === gotBy(b)
  );
}

/** What the hop behind answered. */
function gotBy({ request }: Passage): number | undefined {
  return request.attempts.at(-1)?.status;
}

import type { Depth, Passage } from './passage.ts';

/** What two rows may have in common. */
export const compared = ['host', 'target', 'agent', 'client', 'egress', 'status'] as const;
export type Compared = (typeof compared)[number];

/** Nothing is rarer than this, in nats: a value that was seen once may be chance. */
const mostNats = 8;

/** How common the values are that rows of a depth hold, of all rows at hand. */
export class Rarity {
  readonly #counts = new Map<string, number>();
  readonly #totals = new Map<Depth, number>();

  /** @param sign -1 takes the row away again */
  add(one: Passage, sign: 1 | -1): void {
    this.#totals.set(one.depth, (this.#totals.get(one.depth) ?? 0) + sign);
    for (const field of compared) {
      const value = shownBy(one, field);
      if (value === undefined) continue;
      const key = `${one.depth}\0${field}\0${value}`;
      const count = (this.#counts.get(key) ?? 0) + sign;
      if (count === 0) this.#counts.delete(key);
      else this.#counts.set(key, count);
    }
  }

  knows(depth: Depth, field: Compared, value: string): boolean {
    return this.#counts.has(`${depth}\0${field}\0${value}`);
  }

  /** By how much it speaks that a row of the depth holds just this value, in nats. */
  of(depth: Depth, field: Compared, value: string): number {
    const count = this.#counts.get(`${depth}\0${field}\0${value}`) ?? 1;
    return Math.min(mostNats, Math.log((this.#totals.get(depth) ?? 1) / count));
  }
}

/** What the row holds, spelt as all hops would. */
export function shownBy({ request }: Passage, field: Compared): string | undefined {
  switch (field) {
    case 'host':
      return request.host?.replace(/:\d+$/, '').toLowerCase();
    case 'target':
      return request.target;
    case 'agent':
      return request.userAgent;
    case 'client':
      return request.client;
    case 'egress':
      return request.trail.egress;
    case 'status':
      return String(request.status);
    default:
      return field satisfies never;
  }
}

import type { Place } from '../live/queue-scan.ts';
import type { EndReason, FollowEvent } from './follow-event.ts';
import type { Generation } from './generation.ts';
import { identityOf, type KnownFiles } from './known-files.ts';
import { keep } from './packed-files.ts';
import { type Position, printOf } from './position.ts';
import { Turns } from './turns.ts';

/** So many files stay open though nothing comes; of more, those that were quiet for long are opened when they grow. */
export const mostOpen = 64;

/** The plain files that are followed, and those that were until lately. */
export class Followed {
  /** By generation, in the order in which they were opened. */
  readonly open = new Map<string, Generation>();
  /** Rotated files that were read to their end, as long as somebody may want to read them again: what waits may lie in them. */
  readonly #past = new Map<string, Generation>();
  /** Identities of those that are open. */
  readonly #identities = new Set<string>();
  readonly #known: KnownFiles;
  readonly #turns = new Turns();

  constructor(known: KnownFiles) {
    this.#known = known;
  }

  has(file: { readonly device: number; readonly inode: number }): boolean {
    return this.#identities.has(identityOf(file));
  }

  /** It was opened, and it is not its turn yet. */
  isWaiting({ id }: Generation): boolean {
    return this.#turns.isWaiting(id);
  }

  /** @param told when it is its turn */
  add(generation: Generation, place: Place, told: readonly FollowEvent[]): void {
    this.open.set(generation.id, generation);
    this.#identities.add(identityOf(generation));
    this.#turns.join(generation.id, generation.name, place, told);
  }

  /** Tells of those whose turn has come. */
  takeTurns(events: FollowEvent[]): void {
    this.#turns.takeTo(events, (id) => this.open.get(id)?.hasCaughtUp === false);
  }

  /** The text was cut off its file, and goes on in a copy. */
  goOnIn(copy: Generation, events: FollowEvent[]): void {
    const { id, name } = copy;
    const original = this.open.get(id)!;
    this.#known.settleCut(original.stat(), id, printOf(original.head));
    this.#known.settleCopies(id);
    this.#identities.delete(identityOf(original));
    this.#identities.add(identityOf(copy));
    this.open.set(id, copy);
    original.close();
    events.push({ kind: 'gap', generation: id, name });
  }

  end(generation: Generation, reason: EndReason, events: FollowEvent[]): void {
    const { id } = generation;
    const stat = generation.stat();
    const head = printOf(generation.head);
    if (reason === 'truncated') this.#known.settleCut(stat, id, head);
    else this.#known.settle(stat, head);
    this.#known.settleCopies(id);
    this.open.delete(id);
    this.#turns.leave(id);
    this.#identities.delete(identityOf(generation));
    if (reason === 'rotated') keep(this.#past, id, generation)?.close();
    else generation.close();
    events.push({ kind: 'ended', generation: id, reason });
  }

  /** Those that were read to their end and may be wanted again. */
  get past(): readonly Generation[] {
    return [...this.#past.values()];
  }

  /** Where each is to be read on. Those that ended and have no place need not be kept any longer. */
  positions(places: ReadonlyMap<string, Place>): readonly Position[] {
    for (const [id, generation] of this.#past) {
      if (places.has(id)) continue;
      this.#past.delete(id);
      generation.close();
    }
    const begins = this.#turns.places;
    return [...this.open.values(), ...this.#past.values()].flatMap((generation) => {
      const place = places.get(generation.id) ?? begins.get(generation.id);
      return place === undefined ? [] : [generation.position(place)];
    });
  }

  close(): void {
    for (const generation of [...this.open.values(), ...this.#past.values()]) generation.close();
    this.open.clear();
  }
}

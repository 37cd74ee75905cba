import type { Place } from '../live/queue-scan.ts';
import type { FollowEvent } from './follow-event.ts';

/**
 * Of one log: what was rotated away from it lies behind each other in time. The next one is told before the last one ends, so
 * that whoever merges logs waits for it.
 */
export const mostOfOneLog = 2;

interface Waiting {
  readonly name: string;
  readonly place: Place;
  readonly events: readonly FollowEvent[];
}

/**
 * Whose turn it is among the files of each log. After a night without the tail there are hundreds of them, and who reads them
 * holds buffers for each.
 */
export class Turns {
  /** In the order in which they were opened, which is that of their text. */
  readonly #waiting = new Map<string, Waiting>();
  /** Names of those that were told, by generation. */
  readonly #told = new Map<string, string>();

  /** @param events what is told of it when it is its turn */
  join(generation: string, name: string, place: Place, events: readonly FollowEvent[]): void {
    this.#waiting.set(generation, { name, place, events });
  }

  leave(generation: string): void {
    this.#waiting.delete(generation);
    this.#told.delete(generation);
  }

  isWaiting(generation: string): boolean {
    return this.#waiting.has(generation);
  }

  /** Where the reading of those begins that wait. */
  get places(): ReadonlyMap<string, Place> {
    return new Map([...this.#waiting].map(([generation, { place }]) => [generation, place]));
  }

  /**
   * Tells of those whose turn has come.
   *
   * @param isBusy whether a generation was not read to its end yet; it may still grow, and nobody waits for that
   */
  takeTo(events: FollowEvent[], isBusy: (generation: string) => boolean): void {
    if (this.#waiting.size === 0) return;
    const count = new Map<string, number>();
    for (const [generation, name] of this.#told)
      if (isBusy(generation)) count.set(name, (count.get(name) ?? 0) + 1);
    for (const [generation, { name, events: own }] of this.#waiting) {
      const before = count.get(name) ?? 0;
      if (before >= mostOfOneLog) continue;
      count.set(name, before + 1);
      this.#waiting.delete(generation);
      this.#told.set(generation, name);
      events.push(...own);
    }
  }
}

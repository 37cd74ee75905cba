import type { Chance } from '../world/chance.ts';
import type { World } from '../world/world.ts';

/** What the edge keeps of answers, for each colo by itself. Here all answers are good for a minute and a half. */
export class EdgeCache {
  readonly #world: World;
  readonly #chance: Chance;
  readonly #until = new Map<string, number>();

  constructor(world: World, chance: Chance) {
    this.#world = world;
    this.#chance = chance;
  }

  find(colo: string, path: string): 'hit' | 'miss' | 'expired' {
    const until = this.#until.get(`${colo} ${path}`);
    if (until === undefined) return 'miss';
    return this.#world.clock.now < until ? 'hit' : 'expired';
  }

  keep(colo: string, path: string): void {
    this.#until.set(`${colo} ${path}`, this.#world.clock.now + this.#chance.between(45_000, 90_000));
  }
}

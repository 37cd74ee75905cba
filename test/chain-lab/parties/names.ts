import type { Why } from '../world/why.ts';
import type { World } from '../world/world.ts';

/** What the name servers of a zone say of a name. Those with several answers give each asker one of them. */
export type Zone =
  | { readonly says: 'addresses'; readonly answers: readonly (readonly string[])[] }
  | { readonly says: 'nothing' | 'unknown'; readonly why: Why; readonly takes: number };

export type Lookup =
  | { readonly address: string; readonly takes: number }
  | { readonly address: undefined; readonly why: Why; readonly takes: number };

/** A name whose answers are kept for a while, by each place for itself. */
export class Name {
  readonly text: string;
  #zone: Zone;
  readonly #world: World;
  readonly #keeps: number;
  readonly #known = new Map<string, { readonly addresses: readonly string[]; readonly until: number }>();
  /** Places that go on with what they know, until this time. */
  readonly #stuck = new Map<string, number>();

  /** `keeps` is in seconds. */
  constructor(world: World, text: string, keeps: number, ...addresses: readonly string[]) {
    this.text = text;
    this.#world = world;
    this.#keeps = keeps * 1000;
    this.#zone = { says: 'addresses', answers: [addresses] };
  }

  say(zone: Zone): void {
    this.#zone = zone;
  }

  answer(...answers: readonly (readonly string[])[]): void {
    this.#zone = { says: 'addresses', answers };
  }

  /** These places do not ask again before so many seconds of the play. */
  hold(places: readonly string[], until: number): void {
    for (const place of places) this.#stuck.set(place, until * 1000);
  }

  resolve(place: string, chance: World['chance']): Lookup {
    const { now } = this.#world.clock;
    const known = this.#known.get(place);
    const until = Math.max(known?.until ?? 0, this.#stuck.get(place) ?? 0);
    if (known !== undefined && now < until) return { address: chance.pick(known.addresses), takes: 0 };
    const takes = chance.around(this.#zone.says === 'addresses' ? 12 : this.#zone.takes, 0.2);
    if (this.#zone.says !== 'addresses') return { address: undefined, why: this.#zone.why, takes };
    const addresses = chance.pick(this.#zone.answers);
    this.#known.set(place, { addresses, until: now + this.#keeps * chance.between(0.6, 1) });
    return { address: chance.pick(addresses), takes };
  }
}

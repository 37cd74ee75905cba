import type { Colo } from '../parties/edge.ts';
import type { EdgeFacts } from '../parties/edge-facts.ts';
import type { Chance } from '../world/chance.ts';
import type { Row, Trip } from '../world/trip.ts';
import type { World } from '../world/world.ts';
import { type Fields, fieldsOf } from './edge-fields.ts';
import type { Line, LogFile } from './log-files.ts';
import { compact } from './times.ts';

export interface EdgeLogSettings {
  readonly timestamps: 'rfc3339' | 'unix' | 'unixnano';
  readonly fields: Fields;
  /** Of each batch. */
  readonly seconds: number;
  /** The share of requests that is logged; 1 if absent. */
  readonly sample?: number;
  /** The share of lines that arrive with a later batch. */
  readonly late?: number;
  /** One batch is delivered twice. */
  readonly twice?: boolean;
  /** The code of error pages is logged, as `cf-error-type` of ResponseHeaders. */
  readonly codes?: boolean;
  /** `sec-purpose` is logged, in RequestHeaders. */
  readonly purposes?: boolean;
  readonly zone: string;
}

/** What a line is about, by the clock of the play. */
export interface EdgeLine extends EdgeFacts {
  readonly ray: string;
  readonly parent: string;
  readonly colo: Colo;
  readonly began: number;
  readonly ended: number;
}

interface Entry extends Line {
  /** When the line was processed, and so the batch that it is in. */
  readonly processed: number;
}

/** Logpush: batches of JSON lines, in no order. */
export class EdgeLog {
  readonly settings: EdgeLogSettings;
  sampledOut = 0;
  duplicated = 0;
  readonly #world: World;
  readonly #chance: Chance;
  readonly #entries: Entry[] = [];

  constructor(world: World, settings: EdgeLogSettings) {
    this.#world = world;
    this.#chance = world.chance.of('edge log');
    this.settings = settings;
  }

  write(row: Row, trip: Trip, line: EdgeLine): void {
    const keep = this.#chance.happens(this.settings.sample ?? 1);
    const late = this.#chance.happens(this.settings.late ?? 0.01) ? this.#chance.between(20_000, 90_000) : 0;
    const text = fieldsOf(this.#world, this.settings, trip, line, this.#chance);
    if (keep)
      this.#entries.push({ text, row, processed: line.ended + this.#chance.between(200, 4000) + late });
    else this.sampledOut += 1;
  }

  files(): readonly LogFile[] {
    const batch = this.settings.seconds * 1000;
    const offset = this.#world.start % batch;
    const groups = new Map<number, Entry[]>();
    for (const entry of this.#entries) {
      const number = Math.floor((entry.processed + offset) / batch);
      const group = groups.get(number);
      if (group === undefined) groups.set(number, [entry]);
      else group.push(entry);
    }
    const files = [...groups]
      .sort(([a], [b]) => a - b)
      .map(([number, entries]) => ({
        name: this.#name(number * batch - offset, batch),
        lines: this.#mixed(entries),
      }));
    const again = this.settings.twice ? files[Math.floor(files.length / 2)] : undefined;
    if (again === undefined) return files;
    this.duplicated = again.lines.length;
    return [...files, { ...again, name: again.name.replace(/_[0-9a-f]{8}\./, `_${this.#chance.hex(8)}.`) }];
  }

  #name(from: number, batch: number): string {
    const [begin, end] = [this.#world.date(from), this.#world.date(from + batch)];
    return `cloudflare/${compact(begin)}_${compact(end)}_${this.#chance.hex(8)}.log`;
  }

  /** Lines come from many machines, each about in its own order. */
  #mixed(entries: readonly Entry[]): readonly Entry[] {
    return entries
      .map((entry) => ({ entry, place: entry.processed + this.#chance.between(0, 8000) }))
      .sort((a, b) => a.place - b.place)
      .map(({ entry }) => entry);
  }
}

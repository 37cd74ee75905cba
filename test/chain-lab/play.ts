import type { LogFile } from './logs/log-files.ts';
import { type Stream, visit } from './parties/visitors.ts';
import type { Scenario } from './scenario.ts';
import type { Moment } from './world/clock.ts';
import type { Reply } from './world/network.ts';
import type { Trip } from './world/trip.ts';
import { type Answer, answer, type Mechanism } from './world/why.ts';
import { World } from './world/world.ts';

/** What was done to the world, and when. */
export interface Fault extends Answer {
  readonly from: string;
  readonly to: string;
  readonly what: string;
}

/** A log that somebody in the play keeps. */
export interface Log {
  files(): readonly LogFile[];
}

/** A scenario while it runs: the world, what happens to it, and the logs that are kept. */
export class Play {
  readonly world: World;
  readonly logs: Log[] = [];
  readonly faults: Fault[] = [];
  /** What `scenario.json` says of the logs, by source. */
  readonly formats: Record<string, unknown> = {};

  constructor(scenario: Scenario, seed: number) {
    const start = Date.parse(scenario.started);
    this.world = new World(`${scenario.name} ${seed}`, start, scenario.minutes * 60_000);
  }

  /** Does something at a second of the play. */
  at(second: number, act: () => void): void {
    this.world.clock.at(second * 1000, act);
  }

  /** A fault from one second to another. `begin` returns what ends it, unless it ends by itself. */
  during(from: number, to: number, what: string, mechanism: Mechanism, begin: () => unknown): void {
    const date = (second: number) => new Date(this.world.date(second * 1000)).toISOString();
    this.faults.push({ from: date(from), to: date(to), what, ...answer(mechanism) });
    this.at(from, () => {
      const end = begin();
      if (typeof end === 'function') this.at(to, () => end());
    });
  }

  visitors(
    enter: (trip: Trip, gone: Moment) => Promise<Reply | undefined>,
    ...streams: readonly Stream[]
  ): void {
    for (const stream of streams) visit(this.world, stream, enter);
  }
}

/** Puts something into a set; returns what takes it out again. */
export function put<One>(set: Set<One>, one: One): () => void {
  set.add(one);
  return () => set.delete(one);
}

import { type HopSource, hopOf, type Names, type SourceKind } from '@why502/model';
import { Company } from './join/company.ts';
import { HealthChecks } from './join/health-checks.ts';
import { IdleGaps } from './join/idle-gaps.ts';
import { Primaries } from './join/primary.ts';
import { Scattered } from './join/scattered.ts';
import type { HopMemory } from './memory.ts';
import { Context } from './window/context.ts';
import { type EmitTraffic, Windows } from './window/windows.ts';

/** What one hop logged around a failure. A name may mean one thing at one hop and another at the next. */
export interface HopView {
  readonly windows: Windows;
  readonly context: Context;
  readonly company: Company;
  readonly primaries: Primaries;
  readonly scattered: Scattered;
  readonly idleGaps: IdleGaps;
  readonly health: HealthChecks;
}

/** The views of all hops whose logs are given, each made when the first row of its hop comes. */
export class HopViews {
  readonly #names: Names;
  readonly #emitTraffic: EmitTraffic | undefined;
  readonly #views = new Map<HopSource, HopView>();

  constructor(names: Names, emitTraffic: EmitTraffic | undefined) {
    this.#names = names;
    this.#emitTraffic = emitTraffic;
  }

  of(source: SourceKind): HopView {
    const hop = hopOf(source);
    let view = this.#views.get(hop);
    if (view === undefined) {
      const windows = new Windows(this.#names, this.#emitTraffic);
      const context = new Context(windows, this.#names);
      const scattered = new Scattered();
      view = {
        windows,
        context,
        company: new Company(),
        primaries: new Primaries(),
        scattered,
        idleGaps: new IdleGaps(windows, scattered),
        health: new HealthChecks(),
      };
      this.#views.set(hop, view);
    }
    return view;
  }

  remember(): readonly HopMemory[] {
    return [...this.#views].map(([hop, { windows }]) => ({
      hop,
      begun: Number.isFinite(windows.begun) ? windows.begun : undefined,
      firstOk: [...windows.firstAnswers()],
    }));
  }

  resume(hops: readonly HopMemory[]): void {
    for (const { hop, begun, firstOk } of hops) {
      const { windows } = this.of(hop);
      windows.begun = begun ?? Number.POSITIVE_INFINITY;
      for (const [peer, at] of firstOk) windows.recall(peer, at);
    }
  }

  /** In order of their hops, which does not depend on which log came first. */
  get all(): readonly HopView[] {
    return [...this.#views].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, view]) => view);
  }

  /** Rows that came later than the lateness bound. */
  get late(): number {
    return this.all.reduce((sum, { windows }) => sum + windows.late, 0);
  }
}

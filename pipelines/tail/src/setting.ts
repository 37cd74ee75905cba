import { type HopSource, hopOf } from '@why502/model';
import { isBesideRequests, type Log, type Zone, zonesOf } from '@why502/pipeline-analyze';

/**
 * What is judged depends on which logs there are: whether the requests are logged at all, at which hops, and in which
 * zone the lines beside them tell their times. A log that changes none of that may join later.
 */
export class Setting {
  readonly logs: readonly Log[];
  readonly zones: Map<Log, Zone>;
  readonly #hops: ReadonlySet<HopSource>;

  private constructor(logs: readonly Log[], zones: ReadonlyMap<Log, Zone>) {
    this.logs = logs;
    this.zones = new Map(zones);
    this.#hops = new Set(logs.filter((log) => !isBesideRequests(log)).map((log) => hopOf(log.format.source)));
  }

  /** @param zoneGiven whether the user names the zone, so that nobody needs to find it out */
  static async of(logs: readonly Log[], zoneGiven: boolean): Promise<Setting> {
    return new Setting(logs, zoneGiven ? new Map() : await zonesOf(logs));
  }

  /** No requests are logged. */
  get errorLogAlone(): boolean {
    return this.#hops.size === 0;
  }

  /** Of the lines that tell no zone: as most logs have it. */
  get errorLogZoneMin(): number {
    const zones = this.logs.filter(({ holdsErrors }) => holdsErrors).map((log) => this.zones.get(log));
    return zones.find((zone) => zone !== undefined && zone.kind !== 'unknown')?.zoneMin ?? 0;
  }

  /** Takes in a log that came later; false where it changes what the others mean. */
  admits(log: Log): boolean {
    if (this.zones.has(log)) return true;
    if (log.holdsErrors || !this.#hops.has(hopOf(log.format.source)) || isBesideRequests(log)) return false;
    const { zoneMin } = log;
    this.zones.set(
      log,
      zoneMin === undefined ? { kind: 'assumed', zoneMin: 0 } : { kind: 'stated', zoneMin },
    );
    return true;
  }
}

import {
  httpStatus,
  instant,
  type Names,
  redactName,
  type SourceKind,
  sourceKinds,
  type TrafficRow,
  trafficBucketMs,
} from '@why502/model';
import { type CellTable, durationBins } from './cell-table.ts';

/** The sources as numbers, and how far these stand above a status. */
export const sources: readonly SourceKind[] = sourceKinds;
export const statusBits = 10;

type NameTable = Names['hosts'];

/** Rows of traffic out of counts per numbered name. Names are made fit to be shown once, and then remembered. */
export class TrafficRows {
  readonly #names: Names;
  readonly #shown = new Map<NameTable, (string | undefined)[]>();

  constructor(names: Names) {
    this.#names = names;
  }

  /** In order of their keys. Rows whose names look alike once they may be shown are one row. */
  of(index: number, flows: CellTable): TrafficRow[] {
    const { hosts, services, peers } = this.#names;
    const rows = new Map<string, TrafficRow>();
    for (let cell = 0; cell < flows.size; cell++) {
      const statusAndSource = flows.key(cell, 3);
      const row: TrafficRow = {
        bucket: instant(index * trafficBucketMs),
        source: sources[statusAndSource >> statusBits]!,
        host: this.#name(hosts, flows.key(cell, 0)),
        upstream: this.#name(services, flows.key(cell, 1)),
        peer: this.#name(peers, flows.key(cell, 2)),
        status: httpStatus(statusAndSource & ((1 << statusBits) - 1)),
        requests: flows.requests[cell]!,
        durations: [...flows.durations.subarray(cell * durationBins, (cell + 1) * durationBins)],
      };
      const key = sortKey(row);
      const known = rows.get(key);
      rows.set(key, known === undefined ? row : sum(known, row));
    }
    return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  }

  #name(table: NameTable, id: number): string | undefined {
    if (id === 0) return undefined;
    let shown = this.#shown.get(table);
    if (shown === undefined) {
      shown = [];
      this.#shown.set(table, shown);
    }
    shown[id] ??= redactName(table.nameOf(id));
    return shown[id];
  }
}

function sum(a: TrafficRow, b: TrafficRow): TrafficRow {
  return {
    ...a,
    requests: a.requests + b.requests,
    durations: a.durations.map((count, bin) => count + b.durations[bin]!),
  };
}

function sortKey({ source, host, upstream, peer, status }: TrafficRow): string {
  return [source, host ?? '', upstream ?? '', peer ?? '', String(status).padStart(3, '0')].join('\0');
}

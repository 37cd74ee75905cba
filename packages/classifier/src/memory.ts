import type { Hop, HopSource, Instant, MechanismId, RowRef } from '@why502/model';

/**
 * What a classifier knows that cannot be read again from the logs of the last quarter of an hour. Plain data, for a
 * checkpoint; whoever keeps it gives it back as it was.
 */
export interface Memory {
  readonly incidents: readonly OpenIncident[];
  readonly hops: readonly HopMemory[];
  /** Lines of the error log that were read and joined. */
  readonly errorLines: { readonly lines: number; readonly joined: number };
}

/** How far back the log of a hop is known. */
export interface HopMemory {
  readonly hop: HopSource;
  /** The bucket of its first row; undefined without any. */
  readonly begun: number | undefined;
  /** When each peer first answered. */
  readonly firstOk: readonly (readonly [peer: string, at: number])[];
}

/** Name → count. */
export type Counts = readonly (readonly [name: string, count: number])[];

/** An incident that may still grow. */
export interface OpenIncident {
  readonly id: string;
  readonly revision: number;
  readonly mechanism: MechanismId | undefined;
  readonly first: { readonly id: string; readonly time: Instant; readonly upstream: string | undefined };
  readonly service: string | undefined;
  readonly ended: number;
  readonly requests: number;
  readonly effects: number;
  readonly masked: number;
  readonly confidence: number;
  readonly byStatus: Counts;
  readonly hops: readonly (readonly [Hop, number])[];
  readonly clients: {
    readonly requests: number;
    readonly different: readonly string[];
    readonly frequent: Counts;
  };
  readonly crawlers: Counts;
  readonly peers: Counts;
  readonly own: { readonly methods: Counts; readonly routes: Counts };
  readonly inWake: { readonly methods: Counts; readonly routes: Counts };
  readonly healthyPeers: Counts;
  readonly healthyRoutes: Counts;
  readonly evidence: readonly {
    readonly fact: string;
    readonly text: string;
    readonly row: RowRef | undefined;
    readonly requests: number;
    readonly weight: number;
  }[];
  /** The last bucket whose healthy peers and routes were counted. */
  readonly lastBucket: number | undefined;
}

/** Verdicts of an earlier run, by how far it had come. */
export interface Mark {
  /**
   * The last of them, in order of (time, id): all up to it are meant, save for those of rows that came later than their
   * neighbours. Undefined for none.
   */
  readonly last: { readonly time: Instant; readonly id: string } | undefined;
  /** Whether the earlier run had not read the row then. */
  isNew(row: RowRef): boolean;
}

/** Where an earlier run left off. */
export interface Resumption {
  readonly memory: Memory;
  /** The verdicts that the memory holds. */
  readonly remembered: Mark;
  /** Those that were handed out: the memory may be older. */
  readonly published: Mark;
  /** Up to here the traffic was handed out; undefined where none was. */
  readonly watermark: Instant | undefined;
}

/** Whether a verdict is one of those meant; `row` is the outermost of its rows. */
export function isMeant(
  { last, isNew }: Mark,
  { time, id }: { readonly time: number; readonly id: string },
  row: RowRef | undefined,
): boolean {
  if (last === undefined || time > last.time || (time === last.time && id > last.id)) return false;
  return row === undefined || !isNew(row);
}

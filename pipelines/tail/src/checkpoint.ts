import type { Memory } from '@why502/classifier';
import type { FailureCounts, Instant, LineCounts } from '@why502/model';

/** Of which layout a checkpoint is: another one is not understood. */
const version = 1;

/** What a tail had counted. */
export interface ProgressCounts {
  readonly failures: FailureCounts;
  readonly lines: LineCounts;
  /** How often lines may have been lost as a log was cut; absent where a version wrote it that did not count them. */
  readonly gaps?: number;
}

/** How far a tail had come: which verdicts it had said, and which lines it had taken then. */
export interface Progress {
  /** The last verdict, in order of (time, id). */
  readonly last: { readonly time: Instant; readonly id: string } | undefined;
  /** Up to here the traffic was handed out. */
  readonly watermark: Instant | undefined;
  /** Generation → the line up to which its rows were taken. */
  readonly lines: Readonly<Record<string, number>>;
  /** What was counted by then; absent where a version wrote it that did not count. */
  readonly counts?: ProgressCounts;
}

/**
 * Where a tail left off: from where its logs are to be read again so that every open failure has its context, and what
 * those lines do not tell. Plain data, without a byte of a log.
 */
export interface Checkpoint {
  readonly version: typeof version;
  /** When the memory was written. */
  readonly progress: Progress;
  readonly memory: Memory;
  /** By which a follower begins at the right places of the files. */
  readonly following: unknown;
}

export function checkpoint(rest: Omit<Checkpoint, 'version'>): Checkpoint {
  return { version, ...rest };
}

/** Whether what was loaded is a checkpoint of this layout. */
export function isCheckpoint(value: unknown): value is Checkpoint {
  return typeof value === 'object' && value !== null && 'version' in value && value.version === version;
}

/** Of two progresses of one tail the counts of the later, of equal ones those of the first; undefined without any. */
export function laterCounts(
  a: Pick<Progress, 'counts'> | undefined,
  b: Pick<Progress, 'counts'> | undefined,
): ProgressCounts | undefined {
  const [one, other] = [a?.counts, b?.counts];
  if (one === undefined || other === undefined) return one ?? other;
  const settled = ({ failures }: ProgressCounts) => failures.verdicts + failures.withdrawn;
  const difference = settled(one) - settled(other) || one.failures.found - other.failures.found;
  return difference >= 0 ? one : other;
}

export function isProgress(value: unknown): value is Progress {
  return typeof value === 'object' && value !== null && 'lines' in value && typeof value.lines === 'object';
}

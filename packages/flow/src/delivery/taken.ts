import type { SinkCounts } from '@why502/model';
import { isPlace, type Place } from '../live/queue-scan.ts';

/** How far a sink has taken what there was for it. */
export interface Taken {
  /** Name of the sink, for whoever reads this without one. */
  readonly sink: string;
  readonly place: Place;
  /** The end of the batch that was being delivered: after a crash the same one is delivered again, with its token. */
  readonly sending?: Place;
  /** Results that were in the outbox before what this sink gets of it, and up to the place. */
  readonly begin: number;
  readonly accepted: number;
  readonly delivered: number;
  readonly refused: number;
}

/** @param accepted results that were ever put in */
export function countsOf(taken: Taken, accepted: number): SinkCounts {
  const { sink, begin, delivered, refused } = taken;
  return { sink, accepted: accepted - begin, delivered, waiting: accepted - taken.accepted, refused };
}

/** Whether what was loaded is one. */
export function isTaken(value: unknown): value is Taken {
  if (typeof value !== 'object' || value === null) return false;
  const { sink, place, begin, accepted, delivered, refused } = value as Partial<Taken>;
  return (
    typeof sink === 'string' &&
    isPlace(place) &&
    [begin, accepted, delivered, refused].every(Number.isSafeInteger)
  );
}

import type { FollowEvent, Place } from '@why502/flow';

/** Files that grow, as the tail reads them. */
export interface Following {
  /**
   * Resolves when there is something to tell; undefined when all inputs have come to their ends for good. Resolves soon where
   * something is held, with nothing to tell: what is held may be wanted by then.
   * @param held generations whose bytes nobody wants now
   */
  next(held: ReadonlySet<string>): Promise<readonly FollowEvent[] | undefined>;
  /** What another follower needs to go on from these places. Plain data. Of generations without a place nothing is kept. */
  state(places: ReadonlyMap<string, Place>): unknown;
  close(): Promise<void>;
}

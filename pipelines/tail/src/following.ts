import type { Place } from '@why502/flow';
import type { Problem } from '@why502/model';

/** What a follower of files tells, in the order in which it found out. */
export type FollowEvent =
  | {
      readonly kind: 'opened';
      /** One file through all its renames and compressions. */
      readonly generation: string;
      /** Of the file by now. */
      readonly name: string;
      /** Where its reading begins. */
      readonly place: Place;
    }
  | {
      readonly kind: 'bytes';
      readonly generation: string;
      /** Valid until the next call of `next`. */
      readonly chunk: Uint8Array;
    }
  | {
      readonly kind: 'ended';
      readonly generation: string;
      readonly reason: 'rotated' | 'deleted' | 'truncated' | 'end';
    }
  /** Bytes may have been lost to everybody: they were written between the copy of a file and its truncation. */
  | { readonly kind: 'gap'; readonly generation: string }
  | { readonly kind: 'trouble'; readonly name: string; readonly problem: Problem };

/** Files that grow, as the tail reads them. */
export interface Following {
  /**
   * Resolves when there is something to tell; undefined when all inputs have come to their ends for good.
   * @param held generations whose bytes nobody wants now
   */
  next(held: ReadonlySet<string>): Promise<readonly FollowEvent[] | undefined>;
  /** What another follower needs to go on from these places. Plain data. Of generations without a place nothing is kept. */
  state(places: ReadonlyMap<string, Place>): unknown;
  close(): Promise<void>;
}

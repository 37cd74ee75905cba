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
  | { readonly kind: 'gap'; readonly generation: string; readonly possibleBytes?: number }
  | { readonly kind: 'skipped'; readonly generation: string; readonly bytes: number; readonly reason: string }
  | { readonly kind: 'trouble'; readonly name: string; readonly problem: Problem };

/** Where the reading of a generation begins again, as its follower wrote it down. */
export interface Resting {
  readonly generation: string;
  readonly place: Place;
  /** By which the follower knows the file again. Plain data. */
  readonly mark: unknown;
}

/** Files that grow, as the tail reads them. */
export interface Following {
  /**
   * Resolves when there is something to tell; undefined when all inputs have come to their ends for good.
   * @param held generations whose bytes nobody wants now
   */
  next(held: ReadonlySet<string>): Promise<readonly FollowEvent[] | undefined>;
  /** What is to be written down to begin there again. */
  mark(generation: string, place: Place): Promise<unknown>;
  close(): Promise<void>;
}

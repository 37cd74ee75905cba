import type { FileLayer } from './file-layer.ts';
import type { FollowerClock } from './follower-clock.ts';
import type { Unpack } from './generation.ts';
import type { FollowerState } from './position.ts';

export interface FollowerOptions {
  /** Files, folders with what lies in them, or patterns. What is not there yet may come. */
  readonly paths: readonly string[];
  /** Where reading begins: of files without a position, at their start or their end; files that come later from their start. */
  readonly from: 'start' | 'end';
  /** A folder among the paths whose files are read from their start in any case: whoever puts them there means all of them. */
  readonly whole?: readonly string[];
  /** Where an earlier run left off. */
  readonly state?: FollowerState;
  readonly unpack?: Unpack;
  readonly files?: FileLayer;
  readonly clock?: FollowerClock;
  /** How long a file that was renamed or deleted is still looked at after its last byte. Default: 60 s. */
  readonly rotateWaitMs?: number;
  /** How often names are looked up. Default: every second, and whenever the system says that a folder has changed. */
  readonly discoverEveryMs?: number;
}

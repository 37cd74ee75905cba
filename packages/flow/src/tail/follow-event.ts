import type { Problem } from '@why502/model';
import type { Place } from '../live/queue-scan.ts';

/** What whoever follows logs tells, in the order in which it found out. */
export type FollowEvent =
  | {
      readonly kind: 'opened';
      /** One file through all its renames and compressions. */
      readonly generation: string;
      /** Under which it was written, also where it has been renamed since. */
      readonly name: string;
      /** Where its reading begins. */
      readonly place: Place;
    }
  /** The chunk is valid until the next call of `next`. */
  | { readonly kind: 'bytes'; readonly generation: string; readonly chunk: Uint8Array }
  /** No more of it will come: what stands behind its last line break is a line, too. */
  | { readonly kind: 'ended'; readonly generation: string; readonly reason: EndReason }
  /** Bytes may have been lost to everybody: they were written between the copy of a file and its truncation. */
  | { readonly kind: 'gap'; readonly generation: string; readonly name: string }
  | { readonly kind: 'trouble'; readonly name: string; readonly problem: Problem };

/** `idle`: nothing came for long, and there are many files; when it grows it is opened again. */
export type EndReason = 'rotated' | 'deleted' | 'truncated' | 'idle' | 'end';

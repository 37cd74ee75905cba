import type { Fault, ProblemCode } from '@why502/model';
import type { NewNames } from './new-names.ts';
import type { Parcel } from './parcel.ts';

/** To the thread that scans. */
export type Request =
  /** Begin: so many parcels may be on their way at once. */
  | { readonly kind: 'begin' }
  /** One parcel has been used up; here is its memory. */
  | { readonly kind: 'used'; readonly memory: ArrayBuffer };

/** From the thread that scans. */
export type Reply =
  | { readonly kind: 'rows'; readonly parcel: Parcel; readonly names: NewNames; readonly counts: Counts }
  | { readonly kind: 'end'; readonly counts: Counts; readonly problem: SentProblem | undefined };

/** What the decoder and the reading of the source have come to. */
export interface Counts {
  readonly lines: number;
  readonly setAside: number;
  readonly faults: { readonly count: number; readonly samples: readonly Fault[] };
  /** Bytes read as they lie there, and what came out of them. */
  readonly read: number;
  readonly unpacked: number;
}

/** A problem in a form that threads can hand to each other. */
export interface SentProblem {
  readonly code: ProblemCode;
  readonly details: object;
  readonly cause: unknown;
}

import type { Calibration } from '@why502/classifier';
import type { LiveClock } from '@why502/flow';
import type { NginxConf } from '@why502/formats';
import type { Mechanism, Millis, Problem, Result } from '@why502/model';
import type { Discovery, FormatHint } from '@why502/pipeline-analyze';
import type { Checkpoint, Progress, ProgressCounts } from './checkpoint.ts';
import type { Following } from './following.ts';
import type { Account } from './judging.ts';

/** What is to be followed, and where results go. */
export interface TailRequest extends FormatHint {
  /** What the files were at the start; those that come later are recognised by their first lines. Default: none was there. */
  readonly discovery?: Discovery;
  /** Follows what is judged: by the state of an earlier follower, without one from where the user wants. */
  readonly follow: (state: unknown) => Promise<Following>;
  /** Follows the same files from their ends, for first looks, ahead of the one who judges. Default: none are wanted. */
  readonly watch?: () => Promise<Following>;
  readonly nginxConf?: readonly NginxConf[];
  /** Offset of the error logs' local time from UTC in minutes. Default: what the logs tell. */
  readonly errorLogZoneMin?: number;
  /** Default: all that why502 knows. */
  readonly mechanisms?: readonly Mechanism[];
  /** Default: as fitted. */
  readonly calibration?: Calibration;
  /** Hand out traffic rows as well. Default false. */
  readonly traffic?: boolean;
  /** So long a failure waits for its final verdict by the clock of the machine. Default: by the hops whose logs are there. */
  readonly maxWait?: Millis;
  /** Default: those of the machine. */
  readonly clock?: LiveClock;
  /** Takes first looks as they come, which are revised or made final later. Nobody waits for it. */
  readonly onFirstLook?: (result: Result) => void;
  /** Takes final results, in order, with how far the tail has come. No more is judged until it resolves. */
  readonly onFinal: (results: readonly Result[], progress: Progress) => Promise<void>;
  /** Takes what was read so far, about once a second while there is something to read. */
  readonly onAccount?: (account: Account & Pick<ProgressCounts, 'gaps'>) => void;
  /** What a user can mend while the tail goes on. */
  readonly onProblem?: (problem: Problem) => void;
  /** Where an earlier tail left off, and what it handed out since then. Default: there was none. */
  readonly resume?: { readonly from: Checkpoint; readonly published: Progress };
  /** What earlier tails have counted, to count on from. Default: nothing. */
  readonly counted?: ProgressCounts | undefined;
  /** Keeps where the tail stands, now and then and when it is stopped. Default: nobody does. */
  readonly keep?: (checkpoint: Checkpoint) => Promise<void>;
  /** How often. Default: every 5 s. */
  readonly keepEvery?: Millis;
  /** Ends the tail where it is: what is open stays open, for a later one to resume. */
  readonly stop?: AbortSignal;
}

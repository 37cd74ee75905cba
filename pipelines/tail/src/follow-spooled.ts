import type { Readable } from 'node:stream';
import type { Problem } from '@why502/model';
import { discover, FormatChoice, type FormatHint } from '@why502/pipeline-analyze';
import type { Checkpoint } from './checkpoint.ts';
import { Feed } from './feed.ts';
import type { TailRequest } from './request.ts';
import { SpooledStream } from './spooled-stream.ts';

export interface FollowSpooledOptions extends FormatHint {
  /** Where it is kept. One process at a time. */
  readonly folder: string;
  /** Of the stream, for results and messages. */
  readonly name: string;
  /** It takes no more than this of the disk, bytes. */
  readonly mostBytes: number;
  /** Where an earlier tail left off, which has read it; then only what is new gets a first look. Default: there was none. */
  readonly from?: Checkpoint | undefined;
  /** Ends the waiting for the first line. */
  readonly stop?: AbortSignal;
  /** Told why it does not read on, once for each reason. */
  readonly trouble: (problem: Problem) => void;
}

/** What `tail` is asked, and whom to tell how far it has come. */
export interface FollowedSpool extends Required<Pick<TailRequest, 'discovery' | 'follow' | 'watch'>> {
  /** What no restart from this checkpoint needs is let go of. To be called when the checkpoint is on the disk. */
  kept(checkpoint: Checkpoint): void;
  /** Reads no more. What was read is on the disk when it resolves. */
  close(): Promise<void>;
}

/**
 * Follows a stream that cannot be read again, such as standard input, by way of the disk: what an earlier run has read of it and
 * not done with comes first, then what comes now. Waits for the first line, by which its format is recognised.
 *
 * @throws Problem W502_SPOOL_FAILED
 */
export async function followSpooled(
  stream: Readable,
  { folder, name, mostBytes, from, stop, trouble, ...hint }: FollowSpooledOptions,
): Promise<FollowedSpool> {
  const spooled = await SpooledStream.open({ folder, name, mostBytes, state: from?.following });
  const feed = new Feed(stream, spooled, trouble);
  feed.begin();
  return {
    discovery: await discover([await spooled.begin(stop)], new FormatChoice(hint)),
    follow: async (state) => spooled.follow(state),
    watch: async () => spooled.watch(from !== undefined),
    kept: ({ following }) => spooled.kept(following),
    async close() {
      await feed.end();
      await spooled.close();
    },
  };
}

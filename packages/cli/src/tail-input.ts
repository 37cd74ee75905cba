import { join } from 'node:path';
import type { Problem } from '@why502/model';
import type { Checkpoint, StateFolder, TailRequest } from '@why502/pipeline-tail';
import type { TailFlags } from './flags.ts';

type Pipeline = typeof import('@why502/pipeline-tail');

/** What a tail follows, and whom to tell how far it has come. */
export interface TailInput extends Required<Pick<TailRequest, 'discovery' | 'follow' | 'watch'>> {
  /** A checkpoint is on the disk. */
  kept(checkpoint: Checkpoint): void;
  /** Takes in no more. */
  close(): Promise<void>;
}

export interface InputSetting {
  readonly hint: Pick<TailRequest, 'nginxConf' | 'logFormat'>;
  /** Undefined where nothing is kept. */
  readonly state: StateFolder | undefined;
  /** Where an earlier tail left off; undefined without any. */
  readonly kept: Checkpoint | undefined;
  readonly stop: AbortSignal;
  readonly say: (problem: Problem) => void;
}

/** Files, folders and patterns. @param inboxes folders whose files are complete when they appear */
export async function filesInput(
  t: Pipeline,
  paths: readonly string[],
  flags: TailFlags,
  { hint, kept, inboxes }: InputSetting & { readonly inboxes: readonly string[] },
): Promise<TailInput> {
  const from = flags.from === 'start' ? 'start' : 'end';
  // What is there by now; more may come.
  const sources = (await t.expand(paths)).filter(({ path }) => path !== undefined);
  return {
    discovery: await t.discover(sources, new t.FormatChoice(hint)),
    follow: t.followFiles({ paths, from, whole: inboxes }),
    // After a restart what was there before has been looked at, save what was pushed meanwhile: that is looked at again.
    watch: () => t.followFiles({ paths, from: kept === undefined ? from : 'end', whole: inboxes })(),
    kept() {},
    async close() {},
  };
}

/** What comes through a pipe; with a folder of one's own it survives a crash. @throws Problem W502_SPOOL_FAILED */
export async function pipeInput(t: Pipeline, flags: TailFlags, setting: InputSetting): Promise<TailInput> {
  const { hint, state, kept, stop, say } = setting;
  if (state === undefined)
    return {
      ...(await t.followStream(process.stdin, '-', hint, stop)),
      kept() {},
      // It may stay open for long, and keeps the process.
      async close() {
        process.stdin.destroy();
      },
    };
  return t.followSpooled(process.stdin, {
    ...hint,
    folder: join(state.folder, 'input'),
    name: '-',
    mostBytes: flags.spool ?? (await t.spoolRoom(state.folder)),
    from: kept,
    stop,
    trouble: say,
  });
}

import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CheckpointFile, checkpointFile, isPlace, outboxCounts, type Place } from '@why502/flow';
import { type Counters, type LineCounts, Problem, type Result } from '@why502/model';
import {
  type Checkpoint,
  isCheckpoint,
  isProgress,
  laterCounts,
  type Progress,
  type ProgressCounts,
} from './checkpoint.ts';
import { addDeadLetter } from './dead-letters.ts';

/** Where an earlier tail left off, and what it had handed out when it ended. */
interface Kept {
  readonly from: Checkpoint;
  readonly published: Progress;
}

/** The folder in which one tail keeps where it stands, and what no sink took. Nobody else may read it. */
export interface StateFolder {
  readonly folder: string;
  /** Undefined without any, or where it is of another version. */
  load(): Kept | undefined;
  /** @throws Problem W502_STATE_FAILED */
  keep(checkpoint: Checkpoint): void;
  /**
   * Notes that all results so far were handed over.
   *
   * @param to where they end in the outbox, if they are there
   * @throws Problem W502_STATE_FAILED
   */
  publish(progress: Progress, to: Place | undefined): void;
  /** Where the results end in the outbox that were noted to be there; undefined where none were. */
  handedOver(): Place | undefined;
  /** What the tails of this state have counted; undefined where none has. */
  counted(): ProgressCounts | undefined;
  /**
   * A result that a sink refused, with its message, as a line of JSON in `dead-letters` (`DeadLetter`): of each sink a file. It is on
   * the disk when this returns.
   *
   * @throws Problem W502_STATE_FAILED
   */
  layAside(result: Result, sink: string, cause: unknown): void;
  /**
   * Forgets where it stands, and the lines that are kept for that, but not what was counted.
   *
   * @param lines what was read in the end, where it is over
   * @throws Problem W502_STATE_FAILED
   */
  clear(lines?: LineCounts): void;
  close(): void;
}

const resettable = ['checkpoint', 'checkpoint.old', 'input'];

/**
 * Opens it for this process alone.
 *
 * @throws Problem W502_STATE_IN_USE, W502_STATE_FAILED
 */
export function openState(folder: string): StateFolder {
  const lock = join(folder, 'owner');
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      if (cause instanceof Problem) throw cause;
      throw new Problem(
        'W502_STATE_FAILED',
        { where: folder, excerpt: String(cause).slice(0, 200) },
        { cause },
      );
    }
  };
  attempt(() => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    takeLock(lock, folder);
  });
  const [checkpoints, marks] = filesOf(folder);
  const placeOf = (mark: unknown) => {
    const { outbox } = (mark ?? {}) as { readonly outbox?: unknown };
    return isPlace(outbox) ? outbox : undefined;
  };
  let outbox = placeOf(marks.load());
  return {
    folder,
    load() {
      const from = checkpoints.load();
      if (!isCheckpoint(from)) return undefined;
      const published = marks.load();
      return { from, published: isProgress(published) ? published : from.progress };
    },
    keep: (checkpoint) => attempt(() => checkpoints.save(checkpoint)),
    publish(progress, to) {
      outbox = to ?? outbox;
      attempt(() => marks.save({ ...progress, outbox }));
    },
    handedOver: () => outbox,
    counted: () => countsIn(checkpoints.load(), marks.load()),
    layAside: (result, sink, cause) => attempt(() => addDeadLetter(folder, { sink, result, cause })),
    clear: (lines) =>
      attempt(() => {
        const counts = countsIn(checkpoints.load(), marks.load());
        for (const name of resettable) rmSync(join(folder, name), { recursive: true, force: true });
        // What was handed over stays so.
        marks.save({ outbox, counts: counts === undefined ? counts : ended(counts, lines) });
      }),
    close: () => rmSync(lock, { force: true }),
  };
}

/** What the tail of a folder has counted. Changes nothing; the tail may be running. @throws Problem W502_NOT_FOUND */
export function readCounters(folder: string): Counters {
  const known = ['checkpoint', 'published', 'outbox'].some((name) => existsSync(join(folder, name)));
  if (!known)
    throw new Problem('W502_NOT_FOUND', { where: folder, expected: 'the folder of --state of a tail' });
  const [checkpoints, marks] = filesOf(folder);
  const counts = countsIn(checkpoints.load(), marks.load());
  return {
    folder,
    lines: counts?.lines,
    failures: counts?.failures,
    gaps: counts?.gaps,
    sinks: outboxCounts(join(folder, 'outbox')),
  };
}

function filesOf(folder: string): readonly [checkpoints: CheckpointFile, marks: CheckpointFile] {
  return [checkpointFile(join(folder, 'checkpoint')), checkpointFile(join(folder, 'published'))];
}

/** What nobody will read again gets no verdict any more. */
function ended(counts: ProgressCounts, read: LineCounts | undefined): ProgressCounts {
  const { failures, lines } = counts;
  const withdrawn = failures.withdrawn + failures.waiting;
  return { ...counts, failures: { ...failures, waiting: 0, withdrawn }, lines: read ?? lines };
}

/** The later of what a checkpoint and the mark of what was handed over tell. */
function countsIn(checkpoint: unknown, mark: unknown): ProgressCounts | undefined {
  const counted = (mark ?? {}) as Pick<Progress, 'counts'>;
  return laterCounts(isCheckpoint(checkpoint) ? checkpoint.progress : undefined, counted);
}

/** A file with the process id of its owner; that of a process which has ended is taken over. */
function takeLock(lock: string, folder: string): void {
  for (let tries = 0; tries < 3; tries++) {
    try {
      writeFileSync(lock, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = Number.parseInt(readFileSync(lock, 'utf8'), 10);
    if (owner !== process.pid && isAlive(owner))
      throw new Problem('W502_STATE_IN_USE', { where: folder, excerpt: `by process ${owner}` });
    rmSync(lock, { force: true });
  }
  throw new Problem('W502_STATE_IN_USE', { where: folder });
}

function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** It was killed and nobody has asked for its end, as in containers whose first process does not (proc(5), stat). */
function isZombie(pid: number): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

import type { Problem, Source } from '@why502/model';
import { type FormatChoice, findLog, type Log } from '@why502/pipeline-analyze';

/** With so many bytes a log is recognised or never will be. */
const mostBytes = 64 * 1024;

const lineBreak = 0x0a;

/** What a file turned out to be; `later` where its first lines have not come yet. */
export type Recognised =
  | { readonly kind: 'log'; readonly log: Log }
  | { readonly kind: 'later' }
  | { readonly kind: 'no_log'; readonly problem: Problem };

/**
 * Which format the files have, by their names: a file that took the place of a rotated one is what that was. Of files
 * that are new the first bytes tell.
 */
export class KnownLogs {
  readonly #choice: FormatChoice;
  readonly #byName = new Map<string, Log>();
  /** Read by nobody: another log tells the same and more. */
  readonly #left: ReadonlySet<string>;

  /** @param logs that were there at the start */
  constructor(choice: FormatChoice, logs: readonly Log[], left: ReadonlySet<string>) {
    this.#choice = choice;
    this.#left = left;
    for (const log of logs) this.#byName.set(log.source.name, log);
  }

  get all(): readonly Log[] {
    return [...this.#byName.values()].filter(({ source }) => !this.#left.has(source.name));
  }

  isLeftOut(name: string): boolean {
    return this.#left.has(name);
  }

  of(name: string): Log | undefined {
    return this.#byName.get(name);
  }

  /** What the file is by the bytes that it begins with; `whole`: they are all of it. */
  async recognise(name: string, head: Buffer, whole: boolean): Promise<Recognised> {
    const known = this.#byName.get(name);
    if (known !== undefined) return { kind: 'log', log: known };
    const found = await findLog(sourceOf(name, whole ? head : wholeLines(head)), this.#choice);
    if (found.kind === 'log') {
      this.#byName.set(name, found.log);
      return { kind: 'log', log: found.log };
    }
    return !whole && head.length < mostBytes ? { kind: 'later' } : { kind: 'no_log', problem: found.problem };
  }
}

function wholeLines(head: Buffer): Buffer {
  return head.subarray(0, head.lastIndexOf(lineBreak) + 1);
}

function sourceOf(name: string, head: Buffer): Source {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield head;
  }
  return { name, chunks };
}

import { inspect } from 'node:util';
import { Problem, visible } from '@why502/model';

/** Narrower or wider than this no report is laid out. */
const widths = { least: 40, most: 120, unknown: 100 } as const;

/** How often the line of progress changes. */
const progressStep = 32 * 1024 * 1024;

export type ColorChoice = 'auto' | 'always' | 'never';

/** Whether to use colour: `NO_COLOR` and `TERM=dumb` mean none, as does output that is no terminal. */
export function colored(choice: ColorChoice, stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR = '', TERM } = process.env;
  return (
    choice === 'always' || (choice === 'auto' && NO_COLOR === '' && TERM !== 'dumb' && stream.isTTY === true)
  );
}

/** Columns for a report on standard output. */
export function reportWidth(): number {
  return Math.min(widths.most, Math.max(widths.least, process.stdout.columns ?? widths.unknown));
}

/**
 * Writes to standard output and resolves when more may be written.
 * @throws Problem W502_WRITE_FAILED
 */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (cause) => {
      if (cause) reject(new Problem('W502_WRITE_FAILED', { where: 'standard output' }, { cause }));
      else resolve();
    });
  });
}

/** Bytes read so far, on standard error, where that is a terminal and nobody asked to be quiet. */
export class Progress {
  readonly #shown: boolean;
  #bytes = 0;
  #printed = 0;

  constructor(quiet: boolean) {
    this.#shown = !quiet && process.stderr.isTTY === true && process.env.TERM !== 'dumb' && !process.env.CI;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    if (!this.#shown || this.#bytes - this.#printed < progressStep) return;
    this.#printed = this.#bytes;
    process.stderr.write(`\r${Math.round(this.#bytes / 1e6).toLocaleString('en')} MB read`);
  }

  clear(): void {
    if (this.#printed > 0) process.stderr.write('\r\x1b[K');
  }
}

/** An error with its stack, for `--debug`: it may quote names of files, so that only line breaks stay as they are. */
export function trace(error: unknown): string {
  return inspect(error).split('\n').map(visible).join('\n');
}

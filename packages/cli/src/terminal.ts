import { inspect } from 'node:util';
import { Problem, visible } from '@why502/model';

/** Narrower or wider than this no report is laid out. */
const widths = { least: 40, most: 120, unknown: 100 } as const;

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

/** An error with its stack, for `--debug`: it may quote names of files, so that only line breaks stay as they are. */
export function trace(error: unknown): string {
  return inspect(error).split('\n').map(visible).join('\n');
}

import { writeSync } from 'node:fs';

/** Narrower or wider than this no report is laid out. */
const widths = { least: 40, most: 120, unknown: 100 } as const;

export interface Terminal {
  readonly color: boolean;
  readonly width: number;
}

/** How the report may look: `NO_COLOR` and `TERM=dumb` mean none, as does output that is no terminal. */
export function terminal(when: 'auto' | 'always' | 'never'): Terminal {
  const { NO_COLOR, TERM } = process.env;
  const plain =
    (NO_COLOR !== undefined && NO_COLOR !== '') || TERM === 'dumb' || process.stdout.isTTY !== true;
  const columns = process.stdout.columns ?? widths.unknown;
  return {
    color: when === 'always' || (when === 'auto' && !plain),
    width: Math.min(widths.most, Math.max(widths.least, columns)),
  };
}

/** Writes to standard output and resolves when more may be written. */
export function print(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/** Bytes read so far, on standard error, where that is a terminal that nobody asked to be quiet. */
export class Progress {
  readonly #shown: boolean;
  #bytes = 0;
  #printed = 0;

  constructor(quiet: boolean) {
    this.#shown = !quiet && process.stderr.isTTY === true && process.env['CI'] === undefined;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    if (!this.#shown || this.#bytes - this.#printed < 32 * 1024 * 1024) return;
    this.#printed = this.#bytes;
    writeSync(2, `\r${Math.round(this.#bytes / 1e6).toLocaleString('en')} MB read`);
  }

  clear(): void {
    if (this.#printed > 0) writeSync(2, '\r\x1b[K');
  }
}

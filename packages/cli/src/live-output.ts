import { instant, type Result } from '@why502/model';
import type { LiveReport } from '@why502/pipeline-tail';
import { print } from './terminal.ts';

/** How often it is looked whether incidents are over, ms. */
const tickEveryMs = 1_000;

/**
 * Writes what a tail says to standard output, in order. Log time is guessed to go on as the clock does since the last
 * result, so that incidents end though nothing comes any more, also in logs that come late.
 */
export class LiveOutput {
  readonly #lines: (result: Result) => readonly string[];
  readonly #report: LiveReport | undefined;
  readonly #failed: (cause: unknown) => void;
  readonly #ticking: ReturnType<typeof setInterval>;
  #last: { readonly time: number; readonly at: number } | undefined;
  #printed: Promise<void> = Promise.resolve();

  /**
   * @param lines what is to be written about a result
   * @param report whose incidents may end meanwhile
   * @param failed told when nothing can be written any more
   */
  constructor(
    lines: (result: Result) => readonly string[],
    report: LiveReport | undefined,
    failed: (cause: unknown) => void,
  ) {
    this.#lines = lines;
    this.#report = report;
    this.#failed = failed;
    this.#ticking = setInterval(() => this.#tick(), tickEveryMs);
    this.#ticking.unref();
  }

  add(result: Result): void {
    if (result.kind === 'verdict') this.#last = { time: result.verdict.time, at: performance.now() };
    this.#write(this.#lines(result));
  }

  /** Resolves when all of it is written. */
  async flush(): Promise<void> {
    await this.#printed;
  }

  close(): Promise<void> {
    clearInterval(this.#ticking);
    return this.flush();
  }

  #tick(): void {
    if (this.#report === undefined || this.#last === undefined) return;
    const { time, at } = this.#last;
    this.#write(this.#report.tick(instant(time + performance.now() - at)));
  }

  #write(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const text = lines.map((line) => `${line}\n`).join('');
    this.#printed = this.#printed.then(() => print(text)).catch(this.#failed);
  }
}

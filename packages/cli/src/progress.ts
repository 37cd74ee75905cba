import type { Progress } from '@why502/pipeline-analyze';

/** Nobody reads faster than this, ms. */
const every = 250;

/** Before this, a rate is a guess, ms. */
const settled = 1_000;

/**
 * How far the reading has come, in one line of standard error that is written over and over, where that is a terminal
 * and nobody asked to be quiet.
 */
export class ProgressLine {
  readonly #shown: boolean;
  readonly #started = performance.now();
  #printed = Number.NEGATIVE_INFINITY;

  constructor(quiet: boolean) {
    this.#shown = !quiet && process.stderr.isTTY === true && process.env.TERM !== 'dumb' && !process.env.CI;
  }

  show(step: Progress): void {
    if (!this.#shown) return;
    const now = performance.now();
    if (now - this.#printed < every) return;
    this.#printed = now;
    const width = Math.max(20, (process.stderr.columns || 80) - 1);
    process.stderr.write(`\r\x1b[K${progressLine(step, now - this.#started).slice(0, width)}`);
  }

  clear(): void {
    if (Number.isFinite(this.#printed)) process.stderr.write('\r\x1b[K');
  }
}

/** `412 of 733 MB (56 %), 310 MB/s, 2 s left, 8,003 failures so far`; of packed input the rate is that of its text. */
export function progressLine({ read, total, unpacked, failures }: Progress, elapsedMs: number): string {
  const known = total !== undefined && total > 0;
  const parts = [
    known
      ? `${megabytes(read)} of ${megabytes(total)} MB (${Math.min(99, Math.floor((100 * read) / total))} %)`
      : `${megabytes(read)} MB`,
  ];
  if (elapsedMs >= settled) {
    parts.push(`${megabytes(unpacked / (elapsedMs / 1_000))} MB/s`);
    if (known && read > 0) parts.push(`${span(((total - read) / read) * elapsedMs)} left`);
  }
  parts.push(`${failures.toLocaleString('en')} failure${failures === 1 ? '' : 's'} so far`);
  return parts.join(', ');
}

function megabytes(bytes: number): string {
  return Math.round(bytes / 1e6).toLocaleString('en');
}

/** `7 s`, `3 min 20 s`, `2 h 5 min` */
function span(ms: number): string {
  const s = Math.ceil(ms / 1_000);
  if (s < 60) return `${s} s`;
  if (s < 3_600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3_600)} h ${Math.floor((s % 3_600) / 60)} min`;
}

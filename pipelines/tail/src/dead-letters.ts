import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Problem, type Result } from '@why502/model';
import { resultLine } from '@why502/report';

/** A line of a file of dead letters. */
interface DeadLetter {
  /** When it was laid aside, ISO 8601. */
  readonly refused: string;
  readonly sink: string;
  /** What the sink said. */
  readonly why: string;
  /** As `--format json` prints it; of traffic several rows. */
  readonly results: readonly unknown[];
}

/** A file that has grown to so many bytes becomes the old one of its sink, and the one that was old goes. */
const mostBytes = 64 * 1024 * 1024;

/**
 * Adds what a sink refuses to the file of that sink, and brings it to the disk. What is refused for days does not fill the disk: the
 * latest is kept, and all is counted.
 *
 * @throws Error of the file system
 */
export function addDeadLetter(
  state: string,
  { sink, result, cause }: { readonly sink: string; readonly result: Result; readonly cause: unknown },
  most = mostBytes,
): void {
  const folder = join(state, 'dead-letters');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const letter: DeadLetter = {
    refused: new Date().toISOString(),
    sink,
    why: cause instanceof Problem ? (cause.details.excerpt ?? cause.code) : String(cause),
    results: resultLine(result)
      .split('\n')
      .map((line) => JSON.parse(line)),
  };
  const path = join(folder, sink.toLowerCase().replace(/[^a-z0-9]+/g, '-'));
  const file = openSync(`${path}.jsonl`, 'a', 0o600);
  try {
    writeSync(file, `${JSON.stringify(letter)}\n`);
    fsyncSync(file);
    if (fstatSync(file).size >= most) renameSync(`${path}.jsonl`, `${path}.old.jsonl`);
  } finally {
    closeSync(file);
  }
}

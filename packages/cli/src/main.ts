#!/usr/bin/env node
import { Problem, problems, visible } from '@why502/model';
import { tuneEngine } from './engine-tuning.ts';
import { run } from './program.ts';
import { colored, trace } from './terminal.ts';

tuneEngine();

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever read the answer has seen enough. Other errors reach the one who printed.
  if (error.code === 'EPIPE') process.exit(0);
});
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

const debug = process.argv.includes('--debug');
try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${await words(error)}\n`);
  if (debug) process.stderr.write(`${trace(error)}\n`);
  process.exitCode = error instanceof Problem ? problems[error.code].exit : 3;
}

async function words(error: unknown): Promise<string> {
  if (!(error instanceof Problem)) {
    return `why502: stopped by an error of its own: ${visible(String(error))}${debug ? '' : '\n  see where with --debug, and please report it'}`;
  }
  const { problemText } = await import('@why502/pipeline-analyze');
  return problemText(error, { color: colored('auto', process.stderr) });
}

#!/usr/bin/env node
import { Problem, problems } from '@why502/model';
import { run } from './program.ts';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever read the answer has seen enough.
  process.exit(error.code === 'EPIPE' ? 0 : 3);
});
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  const { problemText } = await import('@why502/pipeline-analyze');
  process.stderr.write(`${problemText(error, { color: false })}\n`);
  if (process.argv.includes('--debug')) process.stderr.write(`${error.stack}\n`);
  process.exitCode = problems[error.code].exit;
}

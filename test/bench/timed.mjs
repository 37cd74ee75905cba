import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';

/** GNU time (Debian package time). */
export const time = '/usr/bin/time';

/** User and system time of the whole process, start included, and its peak memory; what it prints goes nowhere. */
export function timed(argv) {
  const nowhere = openSync('/dev/null', 'w');
  const { stderr } = mustRun(time, ['-f', '%U %S %e %M', ...argv], {
    stdio: ['ignore', nowhere, 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  closeSync(nowhere);
  const [user, system, wallSeconds, kibibytes] = stderr.trim().split('\n').at(-1).split(' ').map(Number);
  return {
    userSeconds: user,
    cpuSeconds: Number((user + system).toFixed(2)),
    wallSeconds,
    peakMib: Math.round(kibibytes / 1_024),
  };
}

/** @throws Error with what the program said */
export function mustRun(program, argv, options = { stdio: 'inherit' }) {
  const result = spawnSync(program, argv, options);
  if (result.status !== 0)
    throw new Error(`${program} ${argv.join(' ')} failed: ${result.stderr ?? result.error}`);
  return result;
}

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

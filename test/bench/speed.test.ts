import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { absentPackages, installMissing } from '../programs.ts';
import { rootFolder } from '../workspaces.ts';

const programs = { time: 'time' };
installMissing(programs);
const absent = absentPackages(programs);

/** Half as much again as was measured, so that noise passes and a step that takes as long as all others does not. */
const most = { ratio: 5, peakMib: 150 };

it.skipIf(absent.length > 0)(
  `takes as much CPU and memory as it did${absent.length > 0 ? ': needs the Debian package time' : ''}`,
  () => {
    expect(spawnSync('npx', ['tsc', '-b'], { cwd: rootFolder }).status).toBe(0);
    const { stdout, stderr } = spawnSync(process.execPath, ['test/bench/guard.mjs'], {
      cwd: rootFolder,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    const { ratio, peakMib }: { ratio: number; peakMib: number } = JSON.parse(stdout);
    expect(ratio).toBeLessThan(most.ratio);
    expect(peakMib).toBeLessThan(most.peakMib);
  },
  120_000,
);

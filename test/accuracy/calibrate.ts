// `npm run calibrate` fits the calibration maps on all recordings, writes them into the classifier, and prints how they
// do on scenarios that had no say in them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CalibrationMap, evidenceLevels, identity } from '@why502/classifier';
import { testFolder } from '../corpus.ts';
import { figures } from './figures.ts';
import { Fitting, type LeftOut, type Maps } from './left-out.ts';
import { conditions, replayAll } from './replay.ts';

const path = join(testFolder, '../packages/classifier/src/weigh/calibration.ts');
const begin = '  // fitted: from here\n';
const end = '  // fitted: to here\n';

const replays = await replayAll();
const fitting = new Fitting(replays);
const maps = fitting.maps();
const source = readFileSync(path, 'utf8');
const [from, to] = [source.indexOf(begin), source.indexOf(end)];
if (from < 0 || to < from) throw new Error(`${path} has lost the marks of what is fitted`);
writeFileSync(path, source.slice(0, from + begin.length) + spelt(maps) + source.slice(to));

report('as they are, without maps', () => identity);
report('fitted, each scenario left out', fitting.leaveOneOut());

function spelt(fitted: Maps): string {
  const levels = evidenceLevels.map(
    (level) =>
      `  ${level}: {\n    cause: ${numbers(fitted[level].cause)},\n    mechanism: ${numbers(fitted[level].mechanism)},\n  },\n`,
  );
  return levels.join('');
}

function numbers({ offset, slope, cap }: CalibrationMap): string {
  const short = (value: number) => String(Math.round(value * 1_000) / 1_000);
  return `{ offset: ${short(offset)}, slope: ${short(slope)}, cap: ${short(cap)} }`;
}

function report(title: string, calibrations: LeftOut): void {
  console.log(`\nPosteriors ${title}`);
  for (const condition of conditions) {
    const { byScenario } = figures(
      replays.filter((one) => one.condition === condition),
      calibrations,
    );
    const { fair, strict, mechanismFair, unknown, precision, sure, wrongOfSure, calibrationError } =
      byScenario;
    const cells = { fair, strict, mechanismFair, unknown, precision, sure, wrongOfSure, calibrationError };
    const words = Object.entries(cells).map(([name, value]) => `${name} ${value?.toFixed(3) ?? 'none'}`);
    console.log(`  ${condition.name}: ${words.join(', ')}`);
  }
}

// `npm run calibrate` fits the calibration maps on all recordings, writes them into the classifier, and prints how they
// do on scenarios that had no say in them; with the word `nginx` or `chain` only the maps of their levels.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CalibrationMap,
  type EvidenceLevel,
  evidenceLevels,
  identity,
  calibration as shipped,
} from '@why502/classifier';
import { testFolder } from '../corpus.ts';
import { chainConditions, replayChain, wholeChain } from './chain-replay.ts';
import { figures } from './figures.ts';
import { Fitting, type LeftOut } from './left-out.ts';
import { chainLevels, nginxLevels, passedOnLevels } from './levels.ts';
import { type Condition, conditions, type Replay, replayAll } from './replay.ts';

const path = join(testFolder, '../packages/classifier/src/weigh/calibration.ts');
const begin = '  // fitted: from here\n';
const end = '  // fitted: to here\n';

const isWanted = (kind: string) => process.argv.length < 3 || process.argv.includes(kind);
const maps = new Map(evidenceLevels.map((level) => [level, shipped(level)]));
if (isWanted('nginx')) fit(await replayAll(), nginxLevels, conditions);
if (isWanted('chain')) {
  const replays = await replayChain();
  fit(
    replays.filter(({ condition }) => condition === wholeChain),
    chainLevels,
    [wholeChain],
  );
  fit(replays, passedOnLevels, chainConditions);
  // What is named there is that the reason stands in another log: no claim of its own that could be more or less right.
  for (const level of passedOnLevels)
    maps.set(level, { ...maps.get(level)!, mechanism: maps.get(level)!.cause });
}
const source = readFileSync(path, 'utf8');
const [from, to] = [source.indexOf(begin), source.indexOf(end)];
if (from < 0 || to < from) throw new Error(`${path} has lost the marks of what is fitted`);
writeFileSync(path, source.slice(0, from + begin.length) + spelt() + source.slice(to));

function fit(
  replays: readonly Replay[],
  levels: readonly EvidenceLevel[],
  under: readonly Condition[],
): void {
  const fitting = new Fitting(replays, levels);
  for (const [level, fitted] of fitting.maps()) maps.set(level, fitted);
  report('as they are, without maps', replays, under, () => identity);
  report('fitted, each scenario left out', replays, under, fitting.leaveOneOut());
}

function spelt(): string {
  const levels = [...maps].map(
    ([level, { cause, mechanism }]) =>
      `  ${level}: {\n    cause: ${numbers(cause)},\n    mechanism: ${numbers(mechanism)},\n  },\n`,
  );
  return levels.join('');
}

function numbers({ offset, slope, cap }: CalibrationMap): string {
  const short = (value: number) => String(Math.round(value * 1_000) / 1_000);
  return `{ offset: ${short(offset)}, slope: ${short(slope)}, cap: ${short(cap)} }`;
}

function report(
  title: string,
  replays: readonly Replay[],
  under: readonly Condition[],
  calibrations: LeftOut,
): void {
  console.log(`\nPosteriors ${title}`);
  for (const condition of under) {
    const { byScenario } = figures(
      replays.filter((one) => one.condition === condition),
      calibrations,
    );
    const { fair, strict, mechanismFair, hop, unknown, precision, sure, wrongOfSure, calibrationError } =
      byScenario;
    const cells = {
      fair,
      strict,
      mechanismFair,
      hop,
      unknown,
      precision,
      sure,
      wrongOfSure,
      calibrationError,
    };
    const words = Object.entries(cells).map(([name, value]) => `${name} ${value?.toFixed(3) ?? 'none'}`);
    console.log(`  ${condition.name}: ${words.join(', ')}`);
  }
}

import { join } from 'node:path';
import { expand } from '@why502/flow';
import type { HopSource } from '@why502/model';
import { type ChainRecording, chainRecordings, hopsInOrder } from '../chain-corpus.ts';
import { corpusFolder } from '../corpus.ts';
import { matchRows } from './chain-matching.ts';
import { hear } from './heard.ts';
import type { Condition, Replay } from './replay.ts';

/** The hops whose logs the command is given, where the recording has them. */
interface ChainCondition extends Condition {
  readonly hops: readonly HopSource[];
}

export const wholeChain: ChainCondition = { name: 'chain', hops: hopsInOrder };

export const chainConditions: readonly ChainCondition[] = [
  wholeChain,
  ...hopsInOrder.map((hop) => ({ name: `${hop} alone`, hops: [hop] })),
];

export type ChainReplay = Replay<ChainCondition>;

/** Every recording of the chain with all its logs. Its labels are about these: one hop alone cannot know them all. */
export async function replayWhole(
  recordings: readonly ChainRecording[] = chainRecordings(),
): Promise<readonly ChainReplay[]> {
  const replays: ChainReplay[] = [];
  for (const recording of recordings) replays.push(await replay(recording, wholeChain));
  return replays;
}

/** The same, and under every condition that leaves it a log. */
export async function replayChain(
  recordings: readonly ChainRecording[] = chainRecordings(),
): Promise<readonly ChainReplay[]> {
  const replays: ChainReplay[] = [];
  for (const whole of await replayWhole(recordings)) {
    const recording = recordings.find(({ name }) => name === whole.scenario.name)!;
    replays.push(whole);
    for (const condition of chainConditions) {
      if (condition === wholeChain || !recording.hops.includes(condition.hops[0]!)) continue;
      // The log of one hop is all there is, and has been read.
      const isWhole = recording.hops.length === 1;
      replays.push(isWhole ? { ...whole, condition } : await replay(recording, condition));
    }
  }
  return replays;
}

/** As `why502 analyze` reads the folders. Only requests of which a log is given are looked for. */
async function replay(scenario: ChainRecording, condition: ChainCondition): Promise<ChainReplay> {
  const folder = join(corpusFolder, scenario.logs);
  const given = condition.hops.filter((hop) => scenario.hops.includes(hop));
  const sources = await expand(given.map((hop) => join(folder, hop)));
  const truths = scenario.truth
    .map((truth) => ({ ...truth, rows: truth.rows.filter(({ source }) => given.includes(source)) }))
    .filter(({ rows }) => rows.length > 0);
  const { verdicts, incidents } = await hear({
    sources: sources.map((source) => ({ ...source, name: source.name.slice(folder.length + 1) })),
  });
  return { scenario, condition, matching: matchRows(truths, verdicts), incidents };
}

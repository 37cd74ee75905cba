import { join } from 'node:path';
import { fileSource } from '@why502/flow';
import { readNginxConf } from '@why502/pipeline-analyze';
import { corpora, corpusFolder, type Recording, type Scenario, scenarios } from '../corpus.ts';
import { hear } from './heard.ts';
import { type Matching, match } from './matching.ts';

/** Which logs of a recording the command is given. */
export interface Condition {
  readonly name: string;
}

export interface NginxCondition extends Condition {
  logs(scenario: Scenario): readonly string[];
  /** It is given the configuration of nginx, too. */
  readonly configured: boolean;
}

const logsOfConditions: Readonly<Record<string, NginxCondition['logs']>> = {
  'extended + error': ({ extended, error }) => [extended, error],
  'JSON + error': ({ json, error }) => [json, error],
  'combined + error': ({ combined, error }) => [combined, error],
  'combined alone': ({ combined }) => [combined],
};

export const conditions: readonly NginxCondition[] = [
  condition('extended + error'),
  condition('extended + error', ' + nginx.conf'),
  condition('JSON + error'),
  condition('JSON + error', ' + nginx.conf'),
  condition('combined + error'),
  condition('combined alone'),
];

/** What the pipeline said about one recording under one condition. Confidences are posteriors, not yet calibrated. */
export interface Replay<C extends Condition = Condition> {
  readonly scenario: Recording;
  readonly condition: C;
  readonly matching: Matching;
  readonly incidents: number;
}

export type NginxReplay = Replay<NginxCondition>;

/** Every recording of nginx under every condition. */
export async function replayAll(
  recordings: readonly Scenario[] = corpora.flatMap((corpus) => scenarios(corpus)),
): Promise<readonly NginxReplay[]> {
  const replays: NginxReplay[] = [];
  for (const one of conditions) {
    for (const scenario of recordings) replays.push(await replay(scenario, one));
  }
  return replays;
}

async function replay(scenario: Scenario, under: NginxCondition): Promise<NginxReplay> {
  const { verdicts, incidents } = await hear({
    sources: under.logs(scenario).map((path) => fileSource(join(corpusFolder, path), path)),
    ...(under.configured
      ? { nginxConf: await readNginxConf(scenario.configurations.map((path) => join(corpusFolder, path))) }
      : {}),
  });
  return {
    scenario,
    condition: under,
    matching: match(scenario.truth, verdicts, scenario.combined, scenario.truncated),
    incidents,
  };
}

function condition(logs: string, configuration = ''): NginxCondition {
  return {
    name: `${logs}${configuration}`,
    logs: logsOfConditions[logs]!,
    configured: configuration !== '',
  };
}

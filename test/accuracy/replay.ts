import { join } from 'node:path';
import { fileSource } from '@why502/flow';
import { analyze, readNginxConf } from '@why502/pipeline-analyze';
import { resultLine } from '@why502/report';
import { type Corpus, corpusFolder, type Scenario, scenarios } from '../corpus.ts';
import { type Matching, match, type VerdictObject } from './matching.ts';

/** Which logs of a scenario the command is given. */
export interface Condition {
  readonly name: string;
  logs(scenario: Scenario): readonly string[];
  /** It is given the configuration of nginx, too. Default false. */
  readonly configured?: boolean;
}

export const conditions: readonly Condition[] = [
  { name: 'extended + error', logs: ({ extended, error }) => [extended, error] },
  {
    name: 'extended + error + nginx.conf',
    logs: ({ extended, error }) => [extended, error],
    configured: true,
  },
  { name: 'JSON + error', logs: ({ json, error }) => [json, error] },
  { name: 'combined + error', logs: ({ combined, error }) => [combined, error] },
  { name: 'combined alone', logs: ({ combined }) => [combined] },
];

/** The condition that the gates hold for. */
export const mainCondition = conditions[0]!;

/** What the pipeline said about one scenario under one condition. */
export interface Replay {
  readonly scenario: Scenario;
  readonly matching: Matching;
  readonly incidents: number;
}

export async function replayAll(condition: Condition, corpus?: Corpus): Promise<readonly Replay[]> {
  const replays: Replay[] = [];
  for (const scenario of scenarios(corpus)) replays.push(await replay(scenario, condition));
  return replays;
}

/** Runs the pipeline in this process and reads the lines that `--format json` would print, so that both are judged. */
async function replay(scenario: Scenario, condition: Condition): Promise<Replay> {
  const verdicts: VerdictObject[] = [];
  let incidents = 0;
  await analyze({
    sources: condition.logs(scenario).map((path) => fileSource(join(corpusFolder, path), path)),
    ...(condition.configured === true
      ? { nginxConf: await readNginxConf(scenario.configurations.map((path) => join(corpusFolder, path))) }
      : {}),
    on: (result) => {
      if (result.kind === 'incident') incidents++;
      if (result.kind === 'verdict') verdicts.push(JSON.parse(resultLine(result)));
    },
  });
  return {
    scenario,
    matching: match(scenario.truth, verdicts, scenario.combined, scenario.truncated),
    incidents,
  };
}

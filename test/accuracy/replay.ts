import { join } from 'node:path';
import { type Calibration, type EvidenceLevel, identity } from '@why502/classifier';
import { fileSource } from '@why502/flow';
import type { Verdict } from '@why502/model';
import { analyze, readNginxConf } from '@why502/pipeline-analyze';
import { corpora, corpusFolder, type Scenario, scenarios } from '../corpus.ts';
import { type Matching, match, type VerdictObject } from './matching.ts';

/** Which logs of a scenario the command is given. */
export interface Condition {
  readonly name: string;
  logs(scenario: Scenario): readonly string[];
  /** It is given the configuration of nginx, too. */
  readonly configured: boolean;
}

const logsOfConditions: Readonly<Record<string, Condition['logs']>> = {
  'extended + error': ({ extended, error }) => [extended, error],
  'JSON + error': ({ json, error }) => [json, error],
  'combined + error': ({ combined, error }) => [combined, error],
  'combined alone': ({ combined }) => [combined],
};

export const conditions: readonly Condition[] = [
  condition('extended + error'),
  condition('extended + error', ' + nginx.conf'),
  condition('JSON + error'),
  condition('JSON + error', ' + nginx.conf'),
  condition('combined + error'),
  condition('combined alone'),
];

/** What the pipeline said about one scenario under one condition. Confidences are posteriors, not yet calibrated. */
export interface Replay {
  readonly scenario: Scenario;
  readonly condition: Condition;
  readonly matching: Matching;
  readonly incidents: number;
}

/** Every recording under every condition. */
export async function replayAll(
  recordings: readonly Scenario[] = corpora.flatMap((corpus) => scenarios(corpus)),
): Promise<readonly Replay[]> {
  const replays: Replay[] = [];
  for (const one of conditions) {
    for (const scenario of recordings) replays.push(await replay(scenario, one));
  }
  return replays;
}

async function replay(scenario: Scenario, under: Condition): Promise<Replay> {
  const verdicts: VerdictObject[] = [];
  let incidents = 0;
  let level: EvidenceLevel = 'status';
  // Asked once for every verdict, right before it is handed out.
  const calibration: Calibration = (shown) => {
    level = shown;
    return identity(shown);
  };
  await analyze({
    sources: under.logs(scenario).map((path) => fileSource(join(corpusFolder, path), path)),
    ...(under.configured
      ? { nginxConf: await readNginxConf(scenario.configurations.map((path) => join(corpusFolder, path))) }
      : {}),
    calibration,
    on: (result) => {
      if (result.kind === 'incident') incidents++;
      if (result.kind !== 'verdict') return;
      verdicts.push(said(result.verdict, level));
    },
  });
  return {
    scenario,
    condition: under,
    matching: match(scenario.truth, verdicts, scenario.combined, scenario.truncated),
    incidents,
  };
}

function condition(logs: string, configuration = ''): Condition {
  return {
    name: `${logs}${configuration}`,
    logs: logsOfConditions[logs]!,
    configured: configuration !== '',
  };
}

/** What would be printed, but not rounded: a posterior of 0.9996 is not one of 1. */
function said(verdict: Verdict, level: EvidenceLevel): VerdictObject {
  const [row] = verdict.rows;
  return {
    kind: 'verdict',
    id: verdict.id,
    revision: verdict.revision,
    request_id: verdict.requestId ?? null,
    file: row?.file ?? null,
    line: row?.line ?? null,
    outcome: verdict.outcome,
    merged_into: verdict.mergedInto ?? null,
    cause: verdict.cause,
    mechanism: verdict.mechanism ?? null,
    confidence: verdict.confidence,
    mechanism_confidence: verdict.mechanismConfidence,
    level,
  };
}

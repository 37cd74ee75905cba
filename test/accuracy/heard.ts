import { type Calibration, type EvidenceLevel, identity } from '@why502/classifier';
import type { Verdict } from '@why502/model';
import { type AnalyzeRequest, analyze } from '@why502/pipeline-analyze';
import type { VerdictObject } from './matching.ts';

/** What the pipeline said about some logs. */
export interface Heard {
  /** In the order in which they came. Confidences are posteriors, not yet calibrated. */
  readonly verdicts: readonly VerdictObject[];
  readonly incidents: number;
}

export async function hear(given: Pick<AnalyzeRequest, 'sources' | 'nginxConf'>): Promise<Heard> {
  const verdicts: VerdictObject[] = [];
  let incidents = 0;
  let level: EvidenceLevel = 'status';
  // Asked once for every verdict, right before it is handed out.
  const calibration: Calibration = (shown) => {
    level = shown;
    return identity(shown);
  };
  await analyze({
    ...given,
    calibration,
    on: (result) => {
      if (result.kind === 'incident') incidents++;
      if (result.kind === 'verdict') verdicts.push(said(result.verdict, level));
    },
  });
  return { verdicts, incidents };
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
    rows: verdict.rows,
    outcome: verdict.outcome,
    hop: verdict.hop,
    merged_into: verdict.mergedInto ?? null,
    cause: verdict.cause,
    mechanism: verdict.mechanism ?? null,
    confidence: verdict.confidence,
    mechanism_confidence: verdict.mechanismConfidence,
    level,
  };
}

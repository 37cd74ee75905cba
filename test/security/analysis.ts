import { Readable } from 'node:stream';
import type { Incident, Result, Summary, Verdict } from '@why502/model';
import { type AnalyzeRequest, analyze, streamSource } from '@why502/pipeline-analyze';

export interface Analysis {
  readonly summary: Summary;
  readonly results: readonly Result[];
  readonly verdicts: readonly Verdict[];
  readonly incidents: readonly Incident[];
}

/** What becomes of logs, given as their text by name. */
export async function analysisOf(
  logs: Readonly<Record<string, string | Buffer>>,
  request: Omit<AnalyzeRequest, 'sources'> = {},
): Promise<Analysis> {
  const results: Result[] = [];
  const sources = Object.entries(logs).map(([name, text]) =>
    streamSource(Readable.from([Buffer.from(text)]), name),
  );
  const summary = await analyze({ ...request, sources, on: (result) => results.push(result) });
  return {
    summary,
    results,
    verdicts: results.flatMap((result) => (result.kind === 'verdict' ? [result.verdict] : [])),
    incidents: results.flatMap((result) => (result.kind === 'incident' ? [result.incident] : [])),
  };
}

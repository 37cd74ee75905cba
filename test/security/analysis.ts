import { Readable } from 'node:stream';
import type { Incident, Result, Summary, Verdict } from '@why502/model';
import { analyze, streamSource } from '@why502/pipeline-analyze';

export interface Analysis {
  readonly summary: Summary;
  readonly verdicts: readonly Verdict[];
  readonly incidents: readonly Incident[];
}

/** What becomes of logs, given as their text by name. */
export async function analysisOf(logs: Readonly<Record<string, string | Buffer>>): Promise<Analysis> {
  const results: Result[] = [];
  const sources = Object.entries(logs).map(([name, text]) =>
    streamSource(Readable.from([Buffer.from(text)]), name),
  );
  const summary = await analyze({ sources, on: (result) => results.push(result) });
  return {
    summary,
    verdicts: results.flatMap((result) => (result.kind === 'verdict' ? [result.verdict] : [])),
    incidents: results.flatMap((result) => (result.kind === 'incident' ? [result.incident] : [])),
  };
}

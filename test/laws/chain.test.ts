import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Result, Source, Summary, Verdict } from '@why502/model';
import { analyze } from '@why502/pipeline-analyze';
import { resultLine } from '@why502/report';
import { describe, expect, it } from 'vitest';
import { type ChainRecording, chainRecordings } from '../chain-corpus.ts';
import { corpusFolder } from '../corpus.ts';
import { inChunks } from './delivery.ts';

function logsOf({ logs, hops }: ChainRecording): readonly Source[] {
  return hops.flatMap((hop) => {
    const folder = join(corpusFolder, logs, hop);
    return readdirSync(folder).map((name) => inChunks(`${hop}/${name}`, readFileSync(join(folder, name))));
  });
}

async function told(
  sources: readonly Source[],
): Promise<{ lines: readonly string[]; verdicts: readonly Verdict[]; summary: Summary }> {
  const results: Result[] = [];
  const summary = await analyze({ sources, on: (result) => results.push(result) });
  const verdicts = results.flatMap((one) => (one.kind === 'verdict' ? [one.verdict] : []));
  return { lines: results.map((one) => resultLine(one)), verdicts, summary };
}

const recordings = chainRecordings().filter(({ corpus, hops }) => corpus === 'chain-sim' && hops.length > 1);

describe.each(recordings)('what several hops logged: $name', (recording) => {
  it('is one verdict per request, by its outermost row, whose hop made the status', {
    timeout: 120_000,
  }, async () => {
    const { verdicts, summary } = await told(logsOf(recording));
    const outermost = new Map(
      recording.truth.map((one) => [`${one.rows[0]?.line} ${one.rows[0]?.file}`, one]),
    );
    const found = verdicts.flatMap((verdict) => {
      const truth = outermost.get(`${verdict.rows[0]?.line} ${verdict.rows[0]?.file}`);
      return truth === undefined ? [] : [{ verdict, truth }];
    });
    expect(found.length).toBeGreaterThanOrEqual(0.98 * recording.truth.length);
    expect(verdicts.length).toBeLessThanOrEqual(1.02 * recording.truth.length);
    const known = found.filter(({ truth }) => truth.hop !== undefined);
    const right = known.filter(({ verdict, truth }) => verdict.hop === truth.hop);
    expect(right.length).toBeGreaterThanOrEqual(0.97 * known.length);
    expect(verdicts).toEqual([...verdicts].sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1)));
    expect(new Set(verdicts.map(({ id }) => id)).size).toBe(verdicts.length);
    expect(summary.hops?.every(({ coverage }) => (coverage ?? 0) > 0.9)).toBe(true);
  });
});

it('the order in which files are named changes nothing', { timeout: 120_000 }, async () => {
  const recording = recordings.find(({ hops }) => hops.length === 2)!;
  const sources = logsOf(recording);
  const { lines } = await told(sources);
  expect((await told([...sources].reverse())).lines).toEqual(lines);
});

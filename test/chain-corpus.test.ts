import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { causes } from '@why502/model';
import { describe, expect, it } from 'vitest';
import { type ChainRecording, chainRecordings } from './chain-corpus.ts';
import { corpusFolder } from './corpus.ts';

const recordings = chainRecordings();

it('the corpus of the chain holds the 15 simulated recordings, one of them of a healthy day', () => {
  const simulated = recordings.filter(({ corpus }) => corpus === 'chain-sim');
  expect(simulated).toHaveLength(15);
  expect(simulated.filter(({ healthy }) => healthy).map(({ name }) => name)).toEqual(['alb-quiet-day']);
});

/** How many lines each labelled file of a recording has. */
function lengths({ truth, logs }: ChainRecording): ReadonlyMap<string, number> {
  const files = new Set(truth.flatMap(({ rows }) => rows.map(({ file }) => file)));
  return new Map(
    [...files].map((file) => {
      const bytes = readFileSync(join(corpusFolder, logs, file));
      const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
      return [file, text.trimEnd().split('\n').length];
    }),
  );
}

describe.each(recordings)('$name', (recording) => {
  it('labels lines that are there, and each of them once', () => {
    const counts = lengths(recording);
    const rows = recording.truth.flatMap((one) => one.rows);
    expect(rows.filter(({ file, line }) => line < 1 || line > (counts.get(file) ?? 0))).toEqual([]);
    expect(new Set(rows.map(({ file, line }) => `${line} ${file}`)).size).toBe(rows.length);
  });

  it('names a line of its outermost hop first, and hops that it has logs of', () => {
    for (const { rows } of recording.truth) {
      expect(rows.length).toBeGreaterThan(0);
      const ranks = rows.filter(({ error }) => !error).map(({ source }) => recording.hops.indexOf(source));
      expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
      expect(ranks).not.toContain(-1);
    }
  });

  it('uses causes and outcomes of the vocabulary only', () => {
    const used = recording.truth.flatMap(({ cause, accept }) => [cause, ...accept.map((one) => one.cause)]);
    expect(used.filter((cause) => !(causes as readonly string[]).includes(cause))).toEqual([]);
    const outcomes = ['failed', 'masked', 'truncated', 'not_an_error'];
    expect(recording.truth.filter(({ outcome }) => !outcomes.includes(outcome))).toEqual([]);
  });
});

import type { HopSource } from '@why502/model';
import { describe, expect, it } from 'vitest';
import type { ChainTruth, LabelledRow } from '../chain-corpus.ts';
import { matchRows } from './chain-matching.ts';
import type { VerdictObject } from './matching.ts';

function row(source: HopSource, line: number, error = false): LabelledRow {
  return { source, file: `${source}/${error ? 'error' : 'access'}.log`, line, error };
}

/** @param rows the outermost first */
function truth(rows: readonly LabelledRow[], outcome = 'failed'): ChainTruth {
  const label = { cause: 'upstream_fault', mechanism: 'process_down', hop: 'nginx' };
  return { requestKey: `${rows[0]?.line}`, ...label, accept: [], outcome, rows };
}

function verdict(id: string, rows: readonly LabelledRow[], more: Partial<VerdictObject> = {}): VerdictObject {
  return {
    kind: 'verdict',
    id,
    revision: 0,
    request_id: null,
    file: rows[0]?.file ?? null,
    line: rows[0]?.line ?? null,
    rows,
    outcome: 'failed',
    hop: 'nginx',
    merged_into: null,
    cause: 'upstream_fault',
    mechanism: 'process_down',
    confidence: 0.9,
    mechanism_confidence: 0.9,
    level: 'code',
    ...more,
  };
}

const edge = row('cloudflare', 10);
const balancer = row('alb', 20);
const proxy = row('nginx', 30);
const words = row('nginx', 3, true);
const seen = truth([edge, balancer, proxy, words]);

describe('verdicts about requests of several hops', () => {
  it('are found by their outermost line, whichever of the lines that is', () => {
    for (const rows of [[edge, balancer, proxy, words], [balancer, proxy], [proxy], [words]]) {
      const said = verdict('a', rows);
      expect(matchRows([seen], [said])).toEqual({ matches: [{ truth: seen, verdict: said }], surplus: [] });
    }
  });

  it('count once: the one that begins furthest out, in whatever order they come', () => {
    const [outer, middle, inner] = [
      verdict('o', [edge]),
      verdict('m', [balancer]),
      verdict('i', [proxy, words]),
    ];
    for (const verdicts of [
      [outer, middle, inner],
      [inner, middle, outer],
      [middle, outer, inner],
    ]) {
      const { matches, surplus } = matchRows([seen], verdicts);
      expect(matches).toEqual([{ truth: seen, verdict: outer }]);
      expect(new Set(surplus)).toEqual(new Set([middle, inner]));
    }
  });

  it('are gone when they were merged into another', () => {
    const outer = verdict('o', [edge, proxy]);
    const inner = [verdict('i', [proxy]), verdict('i', [proxy], { revision: 1, merged_into: 'o' })];
    expect(matchRows([seen], [...inner, outer])).toEqual({
      matches: [{ truth: seen, verdict: outer }],
      surplus: [],
    });
  });

  it('are found by another line where nobody knows the outermost, unless that one is taken', () => {
    const said = verdict('a', [row('cloudflare', 99), balancer]);
    expect(matchRows([seen], [said]).matches).toEqual([{ truth: seen, verdict: said }]);
    const better = verdict('b', [balancer]);
    expect(matchRows([seen], [said, better])).toEqual({
      matches: [{ truth: seen, verdict: better }],
      surplus: [said],
    });
  });

  it('are surplus without a label, unless they are masked or no error', () => {
    const verdicts = ['failed', 'truncated', 'masked', 'not_an_error'].map((outcome, index) =>
      verdict(outcome, [row('alb', 90 + index)], { outcome }),
    );
    expect(matchRows([seen], verdicts).surplus.map(({ outcome }) => outcome)).toEqual([
      'failed',
      'truncated',
    ]);
  });

  it('a line of one file is not that of another', () => {
    const said = verdict('a', [{ ...edge, file: 'cloudflare/other.ndjson' }]);
    expect(matchRows([seen], [said])).toEqual({
      matches: [{ truth: seen, verdict: undefined }],
      surplus: [said],
    });
  });
});

describe.each(['masked', 'truncated'])('a request that was %s', (outcome) => {
  it('is looked for where a line of an error log is about it', () => {
    const hidden = truth([proxy, words], outcome);
    expect(matchRows([hidden], []).matches).toEqual([{ truth: hidden, verdict: undefined }]);
  });

  it('is left out where it left no trace and nobody said a word', () => {
    const hidden = truth([balancer], outcome);
    expect(matchRows([hidden], []).matches).toEqual([]);
    const said = verdict('a', [balancer], { outcome });
    expect(matchRows([hidden], [said]).matches).toEqual([{ truth: hidden, verdict: said }]);
  });
});

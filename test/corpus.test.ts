import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { causes } from '@why502/model';
import { describe, expect, it } from 'vitest';
import { corpusFolder, type Scenario, scenarios } from './corpus.ts';
import { allScenarios } from './lab/scenarios/all.ts';

function text(path: string): string {
  const bytes = readFileSync(join(corpusFolder, path));
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
}

function lines(path: string): readonly string[] {
  return text(path).trimEnd().split('\n');
}

/** Failures of a combined log: final status 499 or 5xx. */
function failedLines({ combined }: Scenario): readonly number[] {
  return lines(combined).flatMap((line, index) => (/" (499|5\d\d) \d+ "/.test(line) ? [index + 1] : []));
}

const lab = scenarios();
const own = scenarios('nginx-own');

it('the corpus holds 23 recordings, one of them without failures', () => {
  expect(lab).toHaveLength(23);
  expect(lab.filter(({ truth }) => truth.length === 0)).toHaveLength(1);
});

it('every scenario of the laboratory is recorded, those without failures, too', () => {
  expect(own.map(({ name }) => name)).toEqual(allScenarios.map(({ name }) => name).sort());
  const quiet = own.filter(({ truth }) => truth.length === 0).map(({ name }) => name);
  expect(quiet).toEqual(['healthy-bursts-and-broken-requests', 'healthy-release-with-drain']);
});

describe.each([...lab, ...own])('$name', (scenario) => {
  it('labels exactly the failures of the combined log', () => {
    expect(scenario.truth.map(({ combinedLine }) => combinedLine).sort((a, b) => a - b)).toEqual(
      failedLines(scenario),
    );
  });

  it('labels no request as truncated that failed', () => {
    const failed = new Set(failedLines(scenario));
    expect(scenario.truncated.filter(({ combinedLine }) => failed.has(combinedLine))).toEqual([]);
  });

  it('holds the same number of requests in all three formats', () => {
    const count = lines(scenario.combined).length;
    expect(lines(scenario.extended)).toHaveLength(count);
    expect(lines(scenario.json)).toHaveLength(count);
  });

  it('names each failed request once, and in the extended log', () => {
    const ids = scenario.truth.map(({ requestId }) => requestId);
    const extended = text(scenario.extended);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !extended.includes(id))).toEqual([]);
  });

  it('uses causes of the vocabulary only', () => {
    const used = scenario.truth.flatMap(({ cause, accept }) => [
      cause,
      ...accept.map((answer) => answer.cause),
    ]);
    expect(used.filter((cause) => !(causes as readonly string[]).includes(cause))).toEqual([]);
  });
});

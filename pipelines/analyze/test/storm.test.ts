import type { Outcome, Result } from '@why502/model';
import { describe, expect, it } from 'vitest';
import { accessLine, codes, errorLine, outcomeOf, seconds, source } from './lines.ts';

/** More than wait for their context at once. */
const failures = 26_000;

/** All requests fail, thousands a second; then the service is well again for five minutes. */
const perSecond = 4_000;
const secondOf = (index: number) => Math.floor(index / perSecond);
const storm = (lineOf: (second: number, path: string) => string) =>
  Array.from({ length: failures }, (_, index) => `${lineOf(secondOf(index), `/item-${index}`)}\n`).join('');
const well = seconds(10, 300, (second) => accessLine({ second }));

const access = storm((second, path) => accessLine({ second, path, status: 502 })) + well;
const error = storm((second, path) => errorLine({ second, path }));

const verdictsOf = (results: readonly Result[]) =>
  results.flatMap((result) => (result.kind === 'verdict' ? [result.verdict] : []));

describe('a storm of failures', () => {
  it('gives each its verdict once, in whatever numbers they come, and says how they were judged', async () => {
    const outcome = await outcomeOf([source('access.log', access), source('error.log', error)]);
    const verdicts = verdictsOf(outcome.results);
    expect(verdicts).toHaveLength(failures);
    expect(new Set(verdicts.map(({ id }) => id)).size).toBe(failures);
    expect(outcome.summary.failures).toBe(failures);
    const hit = outcome.results.flatMap((result) => (result.kind === 'incident' ? [result.incident] : []));
    expect(hit.reduce((sum, { requests }) => sum + requests, 0)).toBe(failures);
    expect(codes(outcome)).toEqual(['W502_STORM at 20001 failures']);
    expect(new Set(verdicts.map(({ outcome }): Outcome => outcome))).toEqual(new Set(['failed']));
    expect(verdicts.filter(({ mechanism }) => mechanism === 'process_down')).toHaveLength(failures);
  });

  it('does not take lines of an error log for missing that were too many to keep', async () => {
    const tooMany = error + storm((second, path) => errorLine({ second, path: `${path}/again` })) + error;
    const outcome = await outcomeOf([source('access.log', access), source('error.log', tooMany)]);
    const facts = verdictsOf(outcome.results).flatMap(({ evidence }) => evidence.map(({ fact }) => fact));
    expect(facts).not.toContain('no_words');
  });

  it('is none where only the error log is loud, whose remarks leave room for what it says of failures', async () => {
    const remark = (second: number, index: number) =>
      `${errorLine({ second, path: `/large-${index}` }).replace(
        /\[error\] (.*?) connect\(\).*?, client/,
        '[warn] $1 an upstream response is buffered to a temporary file /var/cache/nginx/1 while reading upstream, client',
      )}\n`;
    const loud = Array.from({ length: 60_000 }, (_, index) => remark(Math.floor(index / 600), index)).join(
      '',
    );
    const failing = seconds(100, 130, (second) =>
      accessLine({ second, status: second % 3 === 0 ? 502 : 200 }),
    );
    const said = seconds(100, 130, (second) => (second % 3 === 0 ? errorLine({ second }) : '')).replace(
      /\n+/g,
      '\n',
    );
    const before = seconds(0, 100, (second) => accessLine({ second }));
    const outcome = await outcomeOf([
      source('access.log', before + failing + seconds(130, 300, (second) => accessLine({ second }))),
      source('error.log', loud + said.trimStart()),
    ]);
    const verdicts = verdictsOf(outcome.results);
    expect(verdicts).toHaveLength(10);
    for (const { evidence } of verdicts)
      expect(evidence.map(({ fact }) => fact)).toContain('connect_refused');
    expect(codes(outcome)).toEqual([]);
  });

  it('is none while failures are few enough to wait for what follows them', async () => {
    const few = access.split('\n').slice(0, 15_000).join('\n');
    const outcome = await outcomeOf([source('access.log', `${few}\n${well}`)]);
    expect(verdictsOf(outcome.results)).toHaveLength(15_000);
    expect(codes(outcome)).toEqual([]);
  });
});

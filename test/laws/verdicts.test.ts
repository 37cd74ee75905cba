import type { Verdict } from '@why502/model';
import { analyze } from '@why502/pipeline-analyze';
import { resultLine } from '@why502/report';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { madeUp, whole } from './delivery.ts';

/** Lines of an access log that get a verdict. */
function failing(access: readonly string[]): readonly number[] {
  return access.flatMap((line, index) => (/" (5\d\d|499) \d+ "/.test(line) ? [index + 1] : []));
}

async function verdictsOf(logs: Parameters<typeof whole>[0]): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  await analyze({
    sources: whole(logs),
    on: (result) => result.kind === 'verdict' && verdicts.push(result.verdict),
  });
  return verdicts;
}

const share = fc.double({ min: 0.01, max: 0.9, noNaN: true });

describe('verdicts', () => {
  it('there is one for every failure and none for anything else, in order of time and id', async () => {
    await fc.assert(
      fc.asyncProperty(share, fc.integer({ min: 50, max: 600 }), async (failingShare, count) => {
        const logs = madeUp({ lines: count, hours: 1, failing: failingShare });
        const verdicts = await verdictsOf(logs);
        const rows = verdicts.map(({ rows: [row] }) => row?.line ?? 0).sort((a, b) => a - b);
        expect(rows).toEqual(failing(logs.access));
        expect(new Set(verdicts.map(({ id }) => id)).size).toBe(verdicts.length);
        const order = [...verdicts].sort((a, b) => a.time - b.time || (a.id < b.id ? -1 : 1));
        expect(verdicts).toEqual(order);
      }),
      { numRuns: 20 },
    );
  });

  it('a line that is there several times stands for as many failures', async () => {
    const logs = madeUp({ lines: 300, hours: 1, failing: 0.1 });
    const thrice = { ...logs, access: logs.access.flatMap((line) => [line, line, line]) };
    const verdicts = await verdictsOf(thrice);
    expect(verdicts).toHaveLength(3 * failing(logs.access).length);
    expect(new Set(verdicts.map(({ id }) => id)).size).toBe(verdicts.length);
  });

  it('none changes once it was handed out', async () => {
    const logs = madeUp({ lines: 2_000, hours: 1, failing: 0.1 });
    const printed: { readonly verdict: Verdict; readonly line: string }[] = [];
    await analyze({
      sources: whole(logs),
      on: (result) => {
        if (result.kind !== 'verdict') return;
        expect(Object.isFrozen(result.verdict)).toBe(true);
        printed.push({ verdict: result.verdict, line: resultLine(result) });
      },
    });
    expect(printed.length).toBeGreaterThan(0);
    for (const { verdict, line } of printed) expect(resultLine({ kind: 'verdict', verdict })).toBe(line);
  });
});

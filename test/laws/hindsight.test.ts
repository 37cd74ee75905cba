import { analyze } from '@why502/pipeline-analyze';
import { resultLine } from '@why502/report';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Logs, madeUp, timeOf, whole } from './delivery.ts';

const before = 15 * 60_000;
const after = 90_000;

function peerOf(line: string): string {
  return /ua="([^"]*)"/.exec(line)?.[1] ?? '';
}

function succeeded(line: string): boolean {
  return / us="[23]\d\d"/.test(line);
}

/** What is said about every failure, by the text of its line; without the incident, which reaches further back. */
async function saidOf({ access, error }: Logs): Promise<ReadonlyMap<string, string>> {
  const verdicts = new Map<string, string>();
  await analyze({
    sources: whole({ access, error }),
    on: (result) => {
      if (result.kind !== 'verdict') return;
      const row = result.verdict.rows[0]!;
      const text = JSON.stringify(JSON.parse(resultLine(result)), (key, value: unknown) =>
        key === 'line' || key === 'incident' ? undefined : value,
      );
      verdicts.set(access[row.line - 1]!, text);
    },
  });
  return verdicts;
}

/** What is done to a line outside of the context: it goes, it fails, or it stays. */
const fates = fc.infiniteStream(fc.constantFrom('goes', 'fails', 'stays'));

function failed(line: string): string {
  return line.replace(/" [23]\d\d (\d+) "/, '" 502 $1 "').replace(/us="[23]\d\d"/, 'us="502"');
}

const logs = madeUp({ lines: 1_500, hours: 1.5, failing: 0.1 });

it('nothing outside of 15 minutes before to 90 seconds after a failure changes what is said of it', async () => {
  const expected = await saidOf(logs);
  const failures = [...expected.keys()];
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: failures.length - 1 }), fates, async (chosen, fate) => {
      const failure = failures[chosen]!;
      const time = timeOf(failure);
      const known = new Set<string>();
      /** The ledger of who ever answered reaches further back, so each peer's first success stays. */
      const opensLedger = (line: string) => {
        const first = succeeded(line) && !known.has(peerOf(line));
        if (first) known.add(peerOf(line));
        return first;
      };
      const change = (line: string): readonly string[] => {
        const at = timeOf(line);
        if ((at >= time - before && at <= time + after) || (at < time && opensLedger(line))) return [line];
        const what = fate.next().value;
        return what === 'goes' ? [] : [what === 'fails' ? failed(line) : line];
      };
      const changed = { access: logs.access.flatMap(change), error: logs.error.flatMap(change) };
      expect((await saidOf(changed)).get(failure)).toBe(expected.get(failure));
    }),
    { numRuns: 40 },
  );
});

it('what lies within does change it', async () => {
  const expected = await saidOf(logs);
  const emptied = { access: logs.access.filter((line) => !succeeded(line)), error: logs.error };
  const alone = await saidOf(emptied);
  const changed = [...expected].filter(([failure, text]) => alone.get(failure) !== text);
  expect(changed.length).toBeGreaterThan(0);
});

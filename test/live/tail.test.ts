import type { Source, Verdict } from '@why502/model';
import { discover, FormatChoice } from '@why502/pipeline-analyze';
import { tail } from '@why502/pipeline-tail';
import { describe, expect, it } from 'vitest';
import { scenarios } from '../corpus.ts';
import { bytesOf, type Logs, madeUp, recorded, said, whole } from '../laws/delivery.ts';
import { atLast, difference, unrevised } from './live-results.ts';
import { MadeUpFiles } from './made-up-files.ts';

/** Everything that a tail says at last about files that are written to their ends, as the command prints it, sorted. */
async function saidLive(
  files: MadeUpFiles,
  sources: readonly Source[] = [],
): Promise<{ finals: readonly string[]; looks: readonly Verdict[] }> {
  const printed: string[] = [];
  const looks: Verdict[] = [];
  await tail({
    discovery: await discover(sources, new FormatChoice({})),
    follow: async (from) => files.follow(from),
    watch: async () => files.follow('start'),
    traffic: true,
    onFirstLook: (result) => result.kind === 'verdict' && looks.push(result.verdict),
    onFinal: async (results) => {
      for (const result of results) printed.push(...unrevised(result));
    },
  });
  return { finals: atLast(printed), looks };
}

function written({ access, error }: Logs): MadeUpFiles {
  const files = new MadeUpFiles();
  files.write('access.log', bytesOf(access));
  files.write('error.log', bytesOf(error));
  files.end();
  return files;
}

describe('a tail says at last what analyze says of the archives', () => {
  it('of an hour of made-up traffic', async () => {
    const logs = madeUp({ lines: 3_000, hours: 1, failing: 0.1 });
    const expected = await said(whole(logs));
    const { finals, looks } = await saidLive(written(logs));
    expect(difference(finals, expected)).toEqual([]);
    const verdicts = expected.filter((line) => line.includes('"kind":"verdict"'));
    expect(verdicts.length).toBeGreaterThan(50);
    expect(new Set(looks.map(({ id }) => id)).size).toBeGreaterThan(0.9 * verdicts.length);
  });

  it.each(scenarios().filter(({ truth }) => truth.length > 0 && truth.length < 40))(
    'of the recording $name',
    async (scenario) => {
      const logs = recorded(scenario);
      const { finals } = await saidLive(written(logs), whole(logs));
      expect(difference(finals, await said(whole(logs)))).toEqual([]);
    },
  );
});

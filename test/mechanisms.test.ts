import { configurationOfText } from '@why502/formats';
import { mechanisms } from '@why502/mechanisms';
import type { MechanismCase, Source } from '@why502/model';
import { analyze } from '@why502/pipeline-analyze';
import { describe, expect, it } from 'vitest';

function textSource(name: string, text: string): Source {
  return {
    name,
    async *chunks() {
      yield Buffer.from(`${text}\n`);
    },
  };
}

/** The mechanism of each failure of a case, `unknown` where none is named. */
async function named({ access, error, configurations = [] }: MechanismCase): Promise<readonly string[]> {
  const ids: string[] = [];
  const sources = [textSource('access.log', access)];
  if (error !== undefined) sources.push(textSource('error.log', error));
  const { problems } = await analyze({
    sources,
    nginxConf: configurations.map((text) => configurationOfText(text, 'nginx.conf')),
    on: (result) => {
      if (result.kind === 'verdict') ids.push(result.verdict.mechanism ?? 'unknown');
    },
  });
  expect(problems).toEqual([]);
  return ids;
}

describe.each(mechanisms)('$id', ({ cases }) => {
  it.each(cases())('$name', async (one) => {
    const ids = await named(one);
    expect(ids).not.toEqual([]);
    for (const id of ids) {
      if ('is' in one.expect) expect(id).toBe(one.expect.is);
      else expect(id).not.toBe(one.expect.isNot);
    }
  });
});

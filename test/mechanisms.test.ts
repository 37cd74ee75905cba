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

function sourcesOf(logs: Omit<MechanismCase, 'configurations'>): readonly Source[] {
  const named = {
    'access.log': logs.access,
    'error.log': logs.error,
    'alb.log': logs.alb,
    'health_check_log.log': logs.albHealth,
    'http_requests.log': logs.cloudflare,
  };
  return Object.entries(named).flatMap(([name, text]) =>
    text === undefined ? [] : [textSource(name, text)],
  );
}

/** The mechanism of each failure of a case, `unknown` where none is named. */
async function named({ configurations = [], ...logs }: MechanismCase): Promise<readonly string[]> {
  const ids: string[] = [];
  const sources = sourcesOf(logs);
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

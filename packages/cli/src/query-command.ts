import { Problem } from '@why502/model';
import type { QueryFlags } from './flags.ts';
import { storeOf } from './store.ts';
import { print } from './terminal.ts';

/**
 * `why502 query`. Resolves to the exit code.
 * @throws Problem where the call is wrong, or the store cannot be asked
 */
export async function queryCommand(words: readonly string[], flags: QueryFlags): Promise<number> {
  const { query, querySql, questions, rowsCsv, rowsLines, rowsMarkdown, rowsText } = await import(
    '@why502/pipeline-store'
  );
  if (words.length === 0 && flags.sql === undefined) {
    await print(`${catalogue(questions())}\n`);
    return 0;
  }
  if (words.length > 0 && flags.sql !== undefined)
    throw new Problem('W502_USAGE', { where: '--sql', expected: 'either a question or --sql' });
  const store = await storeOf(flags, true);
  try {
    const answer =
      flags.sql === undefined
        ? await query(store.connection, { words, ...flags }, Date.now())
        : await querySql(store.connection, flags.sql);
    if (flags.format === 'json') await print(rowsLines(answer));
    else if (flags.format === 'csv') await print(rowsCsv(answer));
    else if (flags.format === 'md') await print(`${rowsMarkdown(answer)}\n`);
    else if (answer.rows.length === 0) process.stderr.write('no rows\n');
    else await print(`${rowsText(answer)}\n`);
    return 0;
  } finally {
    await store.close();
  }
}

interface Listed {
  readonly name: string;
  readonly title: string;
  readonly arguments: readonly { readonly name: string }[];
}

/** The questions that have a name, each as it is asked. */
function catalogue(all: readonly Listed[]): string {
  const calls = all.map((one) =>
    [one.name, ...one.arguments.map(({ name }) => name.toUpperCase())].join(' '),
  );
  const wide = Math.max(...calls.map((call) => call.length));
  return ['Questions:', ...all.map(({ title }, at) => `  ${calls[at]!.padEnd(wide)}  ${title}`)].join('\n');
}

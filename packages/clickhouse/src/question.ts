import { readdirSync, readFileSync } from 'node:fs';

/** A question that has a name. Its text is `NAME.sql` in `questions` or `panels`, whose first lines say what it answers and what it takes. */
export interface Question {
  readonly name: string;
  /** What it answers, in a sentence without a full stop. */
  readonly title: string;
  /** Words that follow the name, in their order. */
  readonly arguments: readonly { readonly name: string; readonly what: string }[];
  /** What conditions may be about; undefined where it takes none. */
  readonly conditions: keyof typeof conditionColumns | undefined;
  /** With parameters for the server in braces, `{{where}}` where conditions go, and `{{traffic}}` for the table of traffic. */
  readonly sql: string;
}

/** Columns that conditions may name. No other word of a user becomes a part of a statement. */
export const conditionColumns = {
  failures: [
    'source',
    'status',
    'method',
    'host',
    'path',
    'route',
    'upstream',
    'peer',
    'hop',
    'generator',
    'outcome',
    'decision',
    'cause',
    'mechanism',
    'certainty',
    'incident',
    'request_id',
    'trace_id',
    'ruleset',
    'id',
  ],
  incidents: ['id', 'cause', 'mechanism', 'upstream'],
} as const;

/** All questions that people ask by name, in the order of their names. */
export function questions(): readonly Question[] {
  return readAll(new URL('../questions/', import.meta.url));
}

/** All questions that the panels of a dashboard ask. */
export function panels(): readonly Question[] {
  return readAll(new URL('../panels/', import.meta.url));
}

function readAll(folder: URL): readonly Question[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => read(name.slice(0, -'.sql'.length), folder));
}

function read(name: string, folder: URL): Question {
  const lines = readFileSync(new URL(`${name}.sql`, folder), 'utf8')
    .trimEnd()
    .split('\n');
  const head = lines.filter((line) => line.startsWith('-- ')).map((line) => line.slice('-- '.length));
  const where = head.find((line) => line.startsWith('where: '))?.slice('where: '.length);
  return {
    name,
    title: head[0]!,
    arguments: head
      .filter((line) => line.startsWith('argument: '))
      .map((line) => {
        const [argument, ...what] = line.slice('argument: '.length).split(', ');
        return { name: argument!, what: what.join(', ') };
      }),
    conditions: where as Question['conditions'],
    sql: lines.filter((line) => !line.startsWith('--')).join('\n'),
  };
}

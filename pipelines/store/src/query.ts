import { type Answer, ask, type Connection, type Question, questions } from '@why502/clickhouse';
import { Problem } from '@why502/model';
import { spanOf, timeOf } from './span.ts';

export interface Query {
  /** Name of a question and its arguments. */
  readonly words: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly where?: readonly string[];
  readonly limit?: number;
}

const defaultLimit = 50;

/** Further back than any log, and further on. */
const always = { from: Date.UTC(1971, 0), to: Date.UTC(2105, 0) };

/**
 * Answers a question by its name. Without a time it is asked of all that is stored.
 *
 * @param now ms since the epoch, for times that are so long ago
 * @throws Problem W502_USAGE, W502_STORE_EMPTY, and what the server meets
 */
export async function query(connection: Connection, asked: Query, now: number): Promise<Answer> {
  const question = questionNamed(asked.words[0]);
  const given = asked.words.slice(1);
  if (given.length !== question.arguments.length)
    throw new Problem('W502_USAGE', {
      where: question.name,
      excerpt: given.join(' '),
      expected: [question.name, ...question.arguments.map(({ name }) => name.toUpperCase())].join(' '),
    });
  return queryPanel(connection, question, asked, valuesOf(question, given, now), now);
}

/**
 * Answers a question that somebody else found. Without a time it is asked of all that is stored.
 *
 * @param values what its arguments are
 * @param now ms since the epoch, for times that are so long ago
 * @throws Problem W502_USAGE, W502_STORE_EMPTY, and what the server meets
 */
export async function queryPanel(
  connection: Connection,
  question: Question,
  asked: Omit<Query, 'words'>,
  values: Readonly<Record<string, string>>,
  now: number,
): Promise<Answer> {
  const since = asked.since === undefined ? undefined : timeOf(asked.since, now, '--since');
  const until = asked.until === undefined ? undefined : timeOf(asked.until, now, '--until');
  const span = since !== undefined && until !== undefined ? undefined : await stored(connection);
  return ask(connection, question, {
    since: since ?? span!.from,
    until: until ?? span!.to,
    where: asked.where ?? [],
    limit: asked.limit ?? defaultLimit,
    values,
  });
}

/** Answers free SQL. @throws Problem W502_SQL_WRITES, W502_SQL_BAD, W502_STORE_EMPTY, and what the server meets */
export async function querySql(connection: Connection, sql: string): Promise<Answer> {
  await stored(connection);
  return connection.answer(sql);
}

function questionNamed(name: string | undefined): Question {
  const all = questions();
  const question = all.find((one) => one.name === name);
  if (question === undefined)
    throw new Problem('W502_USAGE', {
      where: 'query',
      excerpt: name ?? '',
      expected: 'the name of a question',
      choices: all.map((one) => one.name),
    });
  return question;
}

/** A stretch of time becomes two parameters, any other argument one. */
function valuesOf(question: Question, given: readonly string[], now: number): Record<string, string> {
  return Object.fromEntries(
    question.arguments.flatMap(({ name, what }, at) => {
      if (!what.endsWith('FROM/TO')) return [[name, given[at]!]];
      const { from, to } = spanOf(given[at]!, now, question.name);
      return [
        [`${name}_from`, iso(from)],
        [`${name}_to`, iso(to)],
      ];
    }),
  );
}

function iso(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', '');
}

interface StoredSpan {
  readonly from: number;
  readonly to: number;
}

const asking = new WeakMap<Connection, Promise<StoredSpan>>();

/**
 * The time that the failures and the traffic of the store span, to the next second. The panels of a page ask for it all at
 * once: it is asked once for them.
 *
 * @throws Problem W502_STORE_EMPTY
 */
function stored(connection: Connection): Promise<StoredSpan> {
  let answer = asking.get(connection);
  if (answer === undefined) {
    answer = askStored(connection).finally(() => asking.delete(connection));
    asking.set(connection, answer);
  }
  return answer;
}

async function askStored(connection: Connection): Promise<StoredSpan> {
  if (!(await connection.has('verdicts'))) throw new Problem('W502_STORE_EMPTY', { where: connection.place });
  const [span] = await connection.rows<{ first: string; last: string; n: string }>(
    `SELECT min(first) AS first, max(last) AS last, sum(n) AS n FROM (
SELECT toUnixTimestamp(min(time)) AS first, toUnixTimestamp(max(time)) AS last, count() AS n FROM verdicts HAVING n > 0
UNION ALL
SELECT toUnixTimestamp(min(bucket)) AS first, toUnixTimestamp(max(bucket)) + 9 AS last, count() AS n FROM traffic HAVING n > 0)`,
  );
  if (Number(span?.n ?? 0) === 0) return always;
  return { from: Number(span!.first) * 1_000, to: (Number(span!.last) + 1) * 1_000 };
}

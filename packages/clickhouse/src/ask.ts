import { Problem } from '@why502/model';
import type { Answer, Connection } from './connection.ts';
import { conditionColumns, type Question } from './question.ts';
import { dateTime, identifier } from './table.ts';
import { slotSeconds, trafficByBuckets, trafficBySlots, trafficRollup } from './traffic-rollup.ts';

export interface Asking {
  /** Ms since the epoch; the end is not included. */
  readonly since: number;
  readonly until: number;
  /** `column=value`, `column!=value`, or `column~part`; all of them must hold. */
  readonly where: readonly string[];
  /** What the arguments of the question are. */
  readonly values: Readonly<Record<string, string>>;
  /** Rows at most. */
  readonly limit: number;
}

/**
 * Asks a question that has a name. What the user wrote goes to the server as parameters.
 *
 * @throws Problem W502_USAGE, and what the server meets
 */
export async function ask(connection: Connection, question: Question, asking: Asking): Promise<Answer> {
  const { sql, parameters } = conditions(question, asking.where);
  const traffic = question.sql.includes('{{traffic}}') ? await trafficFor(connection, asking) : '';
  return connection.answer(
    question.sql.replaceAll('{{where}}', () => sql).replaceAll('{{traffic}}', () => traffic),
    {
      since: dateTime(asking.since),
      until: dateTime(asking.until),
      limit: asking.limit,
      ...asking.values,
      ...parameters,
    },
  );
}

/** A step that slots do not fill wants buckets. A store of before has no others, until somebody saves into it. */
async function trafficFor(connection: Connection, { values }: Asking): Promise<string> {
  const takesSlots = Number(values.step ?? slotSeconds) % slotSeconds === 0;
  return takesSlots && (await connection.has(trafficRollup.name)) ? trafficBySlots : trafficByBuckets;
}

/** Conditions as SQL that holds names of columns only. */
function conditions(question: Question, where: readonly string[]) {
  const columns: readonly string[] =
    question.conditions === undefined ? [] : conditionColumns[question.conditions];
  const parameters: Record<string, string> = {};
  const parts = where.map((condition, index) => {
    const [, column, operator, value] = /^\s*([a-z_]+)\s*(!=|=|~)(.*)$/s.exec(condition) ?? [];
    if (column === undefined || !columns.includes(column))
      throw new Problem('W502_USAGE', {
        where: '--where',
        excerpt: condition,
        expected: 'column=value, column!=value or column~part',
        choices: columns,
      });
    parameters[`where_${index}`] = value!.trim();
    const text = `toString(${identifier(column)})`;
    const parameter = `{where_${index}: String}`;
    if (operator === '~') return `positionCaseInsensitive(${text}, ${parameter}) > 0`;
    return `ifNull(${text}, '') ${operator} ${parameter}`;
  });
  return { sql: parts.length === 0 ? 'true' : parts.join(' AND '), parameters };
}

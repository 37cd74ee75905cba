import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, type Connection, conditionColumns, type Question } from '@why502/clickhouse';
import type { DashboardSource, MechanismName, PanelRow } from '@why502/dashboard';
import { Problem } from '@why502/model';
import { queryPanel } from '@why502/pipeline-store';

/** How often the store is asked whether it holds something new, while somebody looks, ms. */
const lookEvery = 1_000;

/** Rows of a panel at most: more cannot be drawn. */
const mostRows = 5_000;

/** A store as the source of a dashboard. */
export function storeSource(
  connection: Connection,
  panels: readonly Question[],
  place: string,
  mechanisms: Readonly<Record<string, MechanismName>>,
): DashboardSource {
  const byName = new Map(panels.map((panel) => [panel.name, panel]));
  return {
    place,
    mechanisms,
    panels: new Set(byName.keys()),
    async panel(name, { since, until, where, values }) {
      const panel = byName.get(name);
      if (panel === undefined) throw new Problem('W502_USAGE', { where: name, expected: 'a panel' });
      const limit = Math.min(mostRows, Number(values.limit ?? mostRows) || mostRows);
      const asked = {
        ...(since === undefined ? {} : { since }),
        ...(until === undefined ? {} : { until }),
        where: where.filter((condition) => isAbout(condition, panel)),
        limit,
      };
      const parameters = argumentsOf(panel, values);
      const answer = () => queryPanel(connection, panel, asked, parameters, Date.now());
      return objects(
        await answer().catch((error: unknown) => (isAway(error) ? answer() : Promise.reject(error))),
      );
    },
    async *changes(signal) {
      let before: string | undefined;
      while (!signal.aborted) {
        // A store that went away or came back is a change as well: who asks it then learns why.
        const now = await fingerprint(connection).catch((error: unknown) => String(error));
        if (before !== undefined && now !== before) yield now;
        before = now;
        await pause(lookEvery, undefined, { signal }).catch(() => undefined);
      }
    },
  };
}

/** The process that ran the engine of a folder may just have ended; whoever asks next runs it. */
function isAway(error: unknown): boolean {
  return error instanceof Problem && error.code === 'W502_STORE_UNREACHABLE';
}

/** Conditions go to the panels that know their columns, the others show all. */
function isAbout(condition: string, { conditions }: Question): boolean {
  if (conditions === undefined) return false;
  const column = /^\s*([a-z_]+)/.exec(condition)?.[1];
  const known: readonly string[] = conditionColumns[conditions];
  // A condition that no panel knows is refused by the panels about failures.
  return conditions === 'failures' || (column !== undefined && known.includes(column));
}

function argumentsOf(panel: Question, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    panel.arguments.map(({ name, what }) => {
      const value = values[name];
      if (value === undefined) throw new Problem('W502_USAGE', { where: name, expected: what });
      if (what === 'seconds' && !/^[1-9]\d{0,8}$/.test(value))
        throw new Problem('W502_USAGE', { where: name, excerpt: value, expected: 'a number of seconds' });
      return [name, value];
    }),
  );
}

function objects({ columns, rows }: Answer): readonly PanelRow[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at]])));
}

/** Differs where rows were added or replaced: every part of a table has a name of its own. */
async function fingerprint(connection: Connection): Promise<string> {
  const [parts] = await connection.rows<{ print: string }>(
    `SELECT toString(sum(cityHash64(table, name))) AS print FROM system.parts
WHERE active AND database = {database: String} AND table IN ('verdicts', 'incidents', 'traffic')`,
    { database: connection.database },
    false,
  );
  return parts?.print ?? '';
}

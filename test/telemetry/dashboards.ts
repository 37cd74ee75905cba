import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootFolder } from '../workspaces.ts';

interface Target {
  readonly rawSql?: string;
  readonly expr?: string;
}

interface Panel {
  readonly title?: string;
  readonly targets?: readonly Target[];
  readonly panels?: readonly Panel[];
}

/** The queries of a dashboard of Grafana, each with the title of its panel. */
export function targetsOf(
  name: 'clickhouse' | 'prometheus',
): readonly { readonly title: string; readonly query: string }[] {
  const file = join(rootFolder, 'docs/operations/grafana', `why502-${name}.json`);
  const { panels, templating } = JSON.parse(readFileSync(file, 'utf8')) as {
    panels: readonly Panel[];
    templating: { list: readonly { name: string; type: string; query: string }[] };
  };
  const all = panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
  return [
    ...all.flatMap(({ title, targets = [] }) =>
      targets.map(({ rawSql, expr }) => ({ title: title ?? '', query: rawSql ?? expr ?? '' })),
    ),
    ...templating.list
      .filter(({ type }) => type === 'query')
      .map(({ name: variable, query }) => ({ title: `variable ${variable}`, query })),
  ];
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootFolder } from '../workspaces.ts';

interface Target {
  readonly rawSql?: string;
  readonly expr?: string;
  readonly legendFormat?: string;
}

interface Panel {
  readonly title?: string;
  readonly targets?: readonly Target[];
  readonly panels?: readonly Panel[];
}

export interface Query {
  /** Of its panel. */
  readonly title: string;
  readonly query: string;
  /** What a series is called, with labels in braces; empty where it is called by all of them. */
  readonly legend: string;
}

/** The queries of a dashboard of Grafana. */
export function targetsOf(name: 'clickhouse' | 'prometheus'): readonly Query[] {
  const file = join(rootFolder, 'docs/operations/grafana', `why502-${name}.json`);
  const { panels, templating } = JSON.parse(readFileSync(file, 'utf8')) as {
    panels: readonly Panel[];
    templating: { list: readonly { name: string; type: string; query: string }[] };
  };
  const all = panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
  return [
    ...all.flatMap(({ title, targets = [] }) =>
      targets.map(({ rawSql, expr, legendFormat = '' }) => ({
        title: title ?? '',
        query: rawSql ?? expr ?? '',
        legend: legendFormat,
      })),
    ),
    ...templating.list
      .filter(({ type }) => type === 'query')
      .map(({ name: variable, query }) => ({ title: `variable ${variable}`, query, legend: '' })),
  ];
}

export interface Alert {
  readonly title: string;
  /** That of the rule, and those that its annotations tell to ask. */
  readonly expressions: readonly string[];
  /** Its annotations, with labels in braces. */
  readonly texts: readonly string[];
}

/** The alerts of a file of rules, in the shape that ours has: a line for each key, a block for a long expression. */
export function alertsOf(name: string): readonly Alert[] {
  const text = readFileSync(join(rootFolder, 'docs/operations/prometheus', name), 'utf8');
  const [, ...rules] = text.split(/^ *- alert: /m);
  return rules.map((rule) => {
    const texts = [...rule.matchAll(/^ +(?:summary|description): '(.*)'$/gm)].map(([, words]) => words!);
    const [, expression] = /^ +expr: (?:\|\n)?([\s\S]*?)\n +(?:for|labels):/m.exec(rule)!;
    const told = texts.flatMap((words) => [...words.matchAll(/\w+\(.*\)/g)].map(([found]) => found));
    return { title: rule.slice(0, rule.indexOf('\n')), expressions: [expression!, ...told], texts };
  });
}

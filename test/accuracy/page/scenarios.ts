import { corpora } from '../../corpus.ts';
import type { Column } from '../columns.ts';
import { judge, score } from '../scorer.ts';
import { percent, table, thousands } from './markdown.ts';

/** The share of fair causes, every scenario by every condition. */
export function matrix(columns: readonly Column[]): string {
  return corpora
    .map((corpus) => {
      const rows = columns[0]!.replays.flatMap(({ scenario, incidents }, index) => {
        if (scenario.corpus !== corpus) return [];
        const fair = columns.map(({ replays }) =>
          percent(score(replays[index]!.matching.matches.map((one) => judge(one))).fair),
        );
        return [
          [scenario.name, labels(scenario.truth), thousands(scenario.truth.length), ...fair, `${incidents}`],
        ];
      });
      const names = columns.map(({ condition }) => condition.name);
      return `### ${corpus}\n\n${table(['scenario', 'mechanism', 'failures', ...names, 'incidents'], rows)}`;
    })
    .join('\n');
}

/** The mechanisms behind at least a tenth of the failures. */
function labels(truth: readonly { readonly mechanism: string }[]): string {
  const counts = new Map<string, number>();
  for (const { mechanism } of truth) counts.set(mechanism, (counts.get(mechanism) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count * 10 >= truth.length)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([mechanism]) => mechanism)
    .join(', ');
}

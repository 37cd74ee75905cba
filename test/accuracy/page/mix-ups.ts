import type { Column } from '../columns.ts';
import type { Match } from '../matching.ts';
import { type CauseScore, judge } from '../scorer.ts';
import { percent, table, thousands } from './markdown.ts';

type CauseCell = (score: CauseScore) => string;

const inShort: CauseCell = ({ precision, recall }) => `${percent(precision)} / ${percent(recall)}`;

/** Precision and recall of each cause. */
export function causeTable(columns: readonly Column[], cell: CauseCell = inShort): string {
  const all = [...new Set(columns.flatMap(({ figures }) => figures.causes.map(({ cause }) => cause)))].sort();
  return table(
    ['cause', ...columns.map(({ condition }) => condition.name)],
    all.map((cause) => [
      cause,
      ...columns.map(({ figures }) => {
        const one = figures.causes.find((score) => score.cause === cause);
        return one === undefined ? 'none' : cell(one);
      }),
    ]),
  );
}

/** Answers that the fair judge calls wrong, those that cost most first. */
export function saidInstead({ replays, figures }: Column, most: number): string {
  const groups = new Map<string, { weight: number; confidence: number; count: number }>();
  for (const { scenario, matching } of replays) {
    for (const one of matching.matches) {
      const judged = judge(one);
      if (judged.fair) continue;
      const cells = [scenario.name, `${one.truth.cause} / ${one.truth.mechanism}`, said(one)].join(' | ');
      const group = groups.get(cells) ?? { weight: 0, confidence: 0, count: 0 };
      group.weight += 1 / matching.matches.length / figures.scenarios;
      group.confidence += judged.confidence;
      group.count++;
      groups.set(cells, group);
    }
  }
  const rows = [...groups].sort(([a, x], [b, y]) => y.weight - x.weight || (a < b ? -1 : 1));
  const shown = rows
    .slice(0, most)
    .map(([cells, { weight, confidence, count }]) => [
      cells,
      thousands(count),
      percent(weight),
      percent(confidence / count),
    ]);
  const rest = rows.slice(most).reduce((sum, [, { weight }]) => sum + weight, 0);
  const last = rows.length > most ? `\nAll others together cost ${percent(rest)}.\n` : '';
  return table(['scenario', 'label', 'said', 'failures', 'costs', 'mean posterior'], shown) + last;
}

function said({ verdict }: Match): string {
  if (verdict === undefined) return 'nothing';
  return verdict.mechanism === null ? verdict.cause : `${verdict.cause} / ${verdict.mechanism}`;
}

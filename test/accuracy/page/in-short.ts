import { corpora } from '../../corpus.ts';
import type { Column } from '../columns.ts';
import { type Figures, figures } from '../figures.ts';
import { goals } from '../goals.ts';
import type { LeftOut } from '../left-out.ts';
import type { Condition } from '../replay.ts';
import { percent, table, thousands } from './markdown.ts';

export function inShort(columns: readonly Column[]): string {
  return table(
    ['logs', 'fair cause', 'goal', 'right of named', 'sure', 'wrong of sure', 'calibration error'],
    columns.map(({ condition, figures: { byScenario } }) => [
      condition.name,
      percent(byScenario.fair),
      goalOf(condition),
      percent(byScenario.precision),
      percent(byScenario.sure),
      percent(byScenario.wrongOfSure),
      percent(byScenario.calibrationError),
    ]),
  );
}

function goalOf({ name }: Condition): string {
  const { fair, precision } = goals[name]!;
  return fair === undefined ? `right of named ≥ ${100 * precision!} %` : `≥ ${100 * fair} %`;
}

/** Everything that is measured of the logs of a condition. */
export function byCondition(columns: readonly Column[], calibrations: LeftOut): string {
  const row = (title: string, cell: (figures: Figures) => string) => [
    title,
    ...columns.map((column) => cell(column.figures)),
  ];
  const ofCorpora = corpora.map((corpus) => [
    `fair cause, by scenario, \`${corpus}\` only`,
    ...columns.map(({ replays }) => {
      const own = replays.filter(({ scenario }) => scenario.corpus === corpus);
      return percent(figures(own, calibrations).byScenario.fair);
    }),
  ]);
  return table(
    ['', ...columns.map(({ condition }) => condition.name)],
    [
      row('strict cause, by scenario', ({ byScenario }) => percent(byScenario.strict)),
      row('fair cause, by scenario', ({ byScenario }) => percent(byScenario.fair)),
      ...ofCorpora,
      row('strict cause, by request', ({ byRequest }) => percent(byRequest.strict)),
      row('fair cause, by request', ({ byRequest }) => percent(byRequest.fair)),
      row('macro-F1 of causes, by scenario, fair', ({ macroF1 }) => percent(macroF1)),
      row('strict mechanism, by scenario', ({ byScenario }) => percent(byScenario.mechanismStrict)),
      row('fair mechanism, by scenario', ({ byScenario }) => percent(byScenario.mechanismFair)),
      row('unknown, by scenario', ({ byScenario }) => percent(byScenario.unknown)),
      row('right of named, by scenario', ({ byScenario }) => percent(byScenario.precision)),
      row('sure, by scenario', ({ byScenario }) => percent(byScenario.sure)),
      row('wrong of sure, by scenario', ({ byScenario }) => percent(byScenario.wrongOfSure)),
      row('wrong of sure, by request', ({ byRequest }) => percent(byRequest.wrongOfSure)),
      row('calibration error, by scenario', ({ byScenario }) => percent(byScenario.calibrationError)),
      row('calibration error, by request', ({ byRequest }) => percent(byRequest.calibrationError)),
      row('failures without a verdict', ({ missing }) => thousands(missing)),
      row('surplus verdicts', ({ surplus }) => thousands(surplus)),
      row('incidents on healthy traffic', ({ incidentsOnHealthy }) => thousands(incidentsOnHealthy)),
    ],
  );
}

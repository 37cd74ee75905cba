import { type Figures, figures, isCovered } from './figures.ts';
import type { Match } from './matching.ts';
import type { Condition, Replay } from './replay.ts';
import { judge, score } from './scorer.ts';

/** A condition and what came of it. */
export interface Trial {
  readonly condition: Condition;
  readonly replays: readonly Replay[];
}

/** `docs/accuracy.md`: the same text for the same verdicts. The first trial is shown in most detail. */
export function accuracyPage(trials: readonly Trial[]): string {
  const results = trials.map(({ condition, replays }) => ({ name: condition.name, ...figures(replays) }));
  const main = trials[0]!;
  return [
    introduction(main.replays),
    section('In short', headline(results)),
    section('By what the logs hold', overall(results)),
    ...results.map((result) => section(`Causes: ${result.name}`, causes(result))),
    section('Scenarios', scenarioTable(trials)),
    section(`What was said instead: ${main.condition.name}`, confusions(main.replays)),
  ].join('\n');
}

type Named = Figures & { readonly name: string };

function introduction(replays: readonly Replay[]): string {
  const failures = replays.reduce((sum, { scenario }) => sum + scenario.truth.length, 0);
  return `# Accuracy

<!-- Written by \`npm run accuracy\`; do not edit. -->

\`npm run accuracy\` replays the ${replays.length} recordings of \`test/corpus\` (${thousands(failures)} failed requests) through the pipeline and holds every
verdict against the label of its request. Labels follow from what was done to the system.

- **strict**: the label; **fair**: the label, or another answer that these logs cannot tell from it (\`accept\` in the truth).
- **by request**: every failed request weighs the same; **by scenario**: every recording with failures does.
- **unknown**: the verdict names no cause, or there is none. It counts as wrong, and never as sure.
- **sure**: a cause is named at confidence 0.9 or above. **Wrong of sure**: the share of those that the fair judge calls wrong.
- **calibration error**: mean distance between confidence and share of right verdicts (fair), 15 bins, verdicts that name a cause.
- **surplus**: verdicts about failures that are not in the truth, and second verdicts about one request.
- **covered**: for at least half of the failures a mechanism that why502 knows is the label or accepted.

The recordings were at hand while the mechanisms were written, so expect less on logs that nobody has seen. Weights are
knowledge and not fitted. \`npm run calibrate\` fits the map from posterior to confidence and prints its error with each
scenario left out; the figures here are those of the map in place, with nothing left out.
`;
}

function headline(results: readonly Named[]): string {
  return table(
    ['', 'goal', ...results.map(({ name }) => name)],
    [
      [
        `fair cause, by scenario, ${results[0]?.coveredScenarios} covered scenarios`,
        '≥ 90 %',
        ...results.map(({ covered }) => percent(covered.fair)),
      ],
      [
        'wrong of sure, by scenario, all',
        '≤ 3 %',
        ...results.map(({ byScenario }) => percent(byScenario.wrongOfSure)),
      ],
      [
        'wrong of sure, by request, all',
        '≤ 3 %',
        ...results.map(({ byRequest }) => percent(byRequest.wrongOfSure)),
      ],
      [
        'incidents on healthy traffic',
        '0',
        ...results.map(({ incidentsOnHealthy }) => `${incidentsOnHealthy}`),
      ],
    ],
  ).concat('\nThe goals hold for the first column.\n');
}

function overall(results: readonly Named[]): string {
  const row = (title: string, cell: (result: Named) => string) => [title, ...results.map(cell)];
  return table(
    ['', ...results.map(({ name }) => name)],
    [
      row('strict cause, by scenario', ({ byScenario }) => percent(byScenario.strict)),
      row('fair cause, by scenario', ({ byScenario }) => percent(byScenario.fair)),
      row('strict cause, by request', ({ byRequest }) => percent(byRequest.strict)),
      row('fair cause, by request', ({ byRequest }) => percent(byRequest.fair)),
      row('macro-F1 of causes, by scenario, fair', ({ macroF1 }) => percent(macroF1)),
      row('strict mechanism, by scenario', ({ byScenario }) => percent(byScenario.mechanismStrict)),
      row('fair mechanism, by scenario', ({ byScenario }) => percent(byScenario.mechanismFair)),
      row('unknown, by scenario', ({ byScenario }) => percent(byScenario.unknown)),
      row('sure, by scenario', ({ byScenario }) => percent(byScenario.sure)),
      row('calibration error, by scenario', ({ byScenario }) => percent(byScenario.calibrationError)),
      row('calibration error, by request', ({ byRequest }) => percent(byRequest.calibrationError)),
      row('failures without a verdict', ({ missing }) => thousands(missing)),
      row('surplus verdicts', ({ surplus }) => thousands(surplus)),
    ],
  );
}

function causes(result: Named): string {
  return table(
    ['cause', 'failures', 'precision', 'recall', 'F1'],
    result.causes.map(({ cause, support, precision, recall, f1 }) => [
      cause,
      thousands(support),
      ...[precision, recall, f1].map(percent),
    ]),
  );
}

function scenarioTable(trials: readonly Trial[]): string {
  const rows = trials[0]!.replays.map(({ scenario, incidents }, index) => [
    scenario.name,
    isCovered(scenario) ? 'yes' : 'no',
    thousands(scenario.truth.length),
    ...trials.map(({ replays }) => {
      const { matches } = replays[index]!.matching;
      return percent(score(matches.map((one) => judge(one))).fair);
    }),
    `${incidents}`,
  ]);
  const fair = trials.map(({ condition }) => `fair: ${condition.name}`);
  return table(['scenario', 'covered', 'failures', ...fair, 'incidents'], rows);
}

/** Answers that the fair judge calls wrong, most first. */
function confusions(replays: readonly Replay[]): string {
  const groups = new Map<string, Match[]>();
  for (const { scenario, matching } of replays) {
    for (const one of matching.matches.filter((match) => !judge(match).fair)) {
      const cells = [scenario.name, `${one.truth.cause} / ${one.truth.mechanism}`, said(one)].join(' | ');
      groups.set(cells, [...(groups.get(cells) ?? []), one]);
    }
  }
  const rows = [...groups].sort(([a, as], [b, bs]) => bs.length - as.length || (a < b ? -1 : 1));
  if (rows.length === 0) return 'Nothing.\n';
  return table(
    ['scenario', 'label', 'said', 'failures', 'mean confidence'],
    rows.map(([cells, matches]) => {
      const confidence =
        matches.reduce((sum, { verdict }) => sum + (verdict?.confidence ?? 0), 0) / matches.length;
      return [cells, thousands(matches.length), percent(confidence)];
    }),
  );
}

function said({ verdict }: Match): string {
  if (verdict === undefined) return 'nothing';
  return verdict.mechanism === null ? verdict.cause : `${verdict.cause} / ${verdict.mechanism}`;
}

function section(title: string, body: string): string {
  return `## ${title}\n\n${body}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}

function percent(share: number | undefined): string {
  return share === undefined ? 'none' : `${(100 * share).toFixed(1)} %`;
}

function thousands(count: number): string {
  return count.toLocaleString('en-US');
}

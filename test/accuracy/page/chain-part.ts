import { type ChainReplay, chainConditions, wholeChain } from '../chain-replay.ts';
import { type Column, columns } from '../columns.ts';
import { chainGoals } from '../goals.ts';
import type { Fitting } from '../left-out.ts';
import { chainLevels } from '../levels.ts';
import { judge, type Score, score } from '../scorer.ts';
import { percent, section, table, thousands } from './markdown.ts';
import { causeTable, saidInstead } from './mix-ups.ts';
import { reliability } from './reliability.ts';

/** So many wrong answers are shown one by one. */
const wrongShown = 30;

/** The part of `docs/accuracy.md` about the chain: the same text for the same verdicts. */
export function chainPart(replays: readonly ChainReplay[], fitting: Fitting): string {
  const calibrations = fitting.leaveOneOut();
  const all = columns(chainConditions, replays, calibrations);
  const [whole] = all;
  return [
    section('Cloudflare, ALB and the chain', introduction(whole!), figuresTable(all)),
    `### Causes, each hop alone and all together\n\n${causesText}\n${causeTable(
      all,
      ({ precision, recall, f1, support }) =>
        `${percent(precision)} / ${percent(recall)} / ${percent(f1)} (${thousands(support)})`,
    )}`,
    `### Recordings\n\n${recordingsText}\n${recordingsTable(all)}`,
    `### What confidence is worth with all hops\n\n${reliability(whole!.replays, chainLevels, calibrations).replaceAll('### ', '#### ')}`,
    `### What was said instead with all hops\n\n${saidInstead(whole!, wrongShown)}`,
  ].join('\n');
}

function introduction({ replays }: Column): string {
  const labelled = replays.reduce((sum, { matching }) => sum + matching.matches.length, 0);
  return `The ${replays.length} recordings of \`chain-sim\` and \`chain-own\` (${thousands(labelled)} labelled requests) hold logs of one, two or three hops. *Chain* is
\`why502 analyze cloudflare alb nginx\` over the folders that a recording has; *alone* is the log of one hop of those that
have it, and of the requests that it has a line about. They are simulated: no labelled incidents of real load balancers or
edges are public. Terms are those above, and

- **hop**: who made the final status. It is asked for where all hops are given and the client did not leave;
- **outcome**: a failure, a masked or truncated one, or no error at all. A masked or truncated request that no line of an
  error log is about, and nobody said a word about, is left out;
- **confidence** of what nginx decides comes of the maps above, and of what a load balancer or an edge decides, of maps
  fitted on the other recordings of the chain.
`;
}

function figuresTable(all: readonly Column[]): string {
  const row = (title: string, goal: string, cell: (column: Column) => string) => [
    title,
    goal,
    ...all.map(cell),
  ];
  const ofScore = (title: string, figure: keyof Score, goal = '') =>
    row(title, goal, ({ figures }) => percent(figures.byScenario[figure]));
  const least = (share: number | undefined) => `≥ ${100 * share!} %`;
  const most = (share: number) => `≤ ${100 * share} %`;
  return table(
    ['', 'goal, chain', ...all.map(({ condition }) => condition.name)],
    [
      row('recordings', '', ({ replays }) => thousands(replays.length)),
      ofScore('fair cause', 'fair', least(chainGoals.fair)),
      ofScore('strict cause', 'strict'),
      ofScore('fair mechanism', 'mechanismFair', least(chainGoals.mechanismFair)),
      row('hop', least(chainGoals.hop), ({ condition, figures }) =>
        condition === wholeChain ? percent(figures.byScenario.hop) : 'not asked',
      ),
      ofScore('outcome', 'outcome'),
      ofScore('unknown', 'unknown'),
      ofScore('right of named', 'precision'),
      ofScore('sure', 'sure'),
      ofScore('wrong of sure', 'wrongOfSure', most(chainGoals.wrongOfSure)),
      ofScore('calibration error', 'calibrationError', most(chainGoals.calibrationError)),
      row('macro-F1 of causes, fair', '', ({ figures }) => percent(figures.macroF1)),
      row('requests without a verdict', '', ({ figures }) => thousands(figures.missing)),
      row('surplus verdicts', '', ({ figures }) => thousands(figures.surplus)),
      row('incidents on the quiet day', '', ({ figures }) => thousands(figures.incidentsOnHealthy)),
    ],
  );
}

/** Every recording, by the logs that it has. */
function recordingsTable(all: readonly Column[]): string {
  const [whole] = all;
  return table(
    ['recording', 'requests', 'mechanism', 'hop', ...all.map(({ condition }) => condition.name)],
    whole!.replays.map(({ scenario, matching }) => {
      const together = scoreOf(matching);
      const cells = all.map(({ replays }) => {
        const own = replays.find((one) => one.scenario === scenario);
        return own === undefined ? '' : percent(scoreOf(own.matching).fair);
      });
      return [
        scenario.name,
        thousands(matching.matches.length),
        percent(together.mechanismFair),
        percent(together.hop),
        ...cells,
      ];
    }),
  );
}

function scoreOf({ matches }: ChainReplay['matching']): Score {
  return score(matches.map((one) => judge(one)));
}

const causesText = `Precision / recall / F1 by scenario, by the fair judge, and requests whose right answer it is.
`;

const recordingsText = `Mechanism and hop with all logs that there are, then the share of fair causes with those and with each alone.
`;

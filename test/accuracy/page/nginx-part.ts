import { columns } from '../columns.ts';
import type { Fitting } from '../left-out.ts';
import { nginxLevels } from '../levels.ts';
import { conditions, type NginxReplay, type Replay } from '../replay.ts';
import { byCondition, inShort } from './in-short.ts';
import { whatWeCannotTell } from './look-alikes.ts';
import { section, thousands } from './markdown.ts';
import { causeTable, saidInstead } from './mix-ups.ts';
import { reliability } from './reliability.ts';
import { matrix } from './scenarios.ts';
import { onUnseenLogs } from './unseen.ts';

/** So many wrong answers of a condition are shown one by one. */
const wrongShown = 30;

/** The part of `docs/accuracy.md` about recordings of nginx: the same text for the same verdicts. */
export function nginxPart(replays: readonly NginxReplay[], fitting: Fitting): string {
  const calibrations = fitting.leaveOneOut();
  const all = columns(conditions, replays, calibrations);
  const named = (name: string) => all.find(({ condition }) => condition.name === name)!;
  return [
    introduction(all[0]!.replays),
    section('In short', inShort(all)),
    section('By what the logs hold', byCondition(all, calibrations)),
    section('What confidence is worth', reliabilityText, reliability(replays, nginxLevels, calibrations)),
    section('Causes', 'Precision / recall by scenario, by the fair judge.\n', causeTable(all)),
    section('Scenarios', 'The share of fair causes, and the incidents of the first column.\n', matrix(all)),
    section('What we cannot tell, and why', cannotTellText, whatWeCannotTell(all)),
    section('What to expect on logs that nobody has seen', onUnseenLogs(replays, fitting)),
    section('What was said instead', saidInsteadText),
    ...['extended + error', 'extended + error + nginx.conf', 'combined + error'].map(
      (name) => `### ${name}\n\n${saidInstead(named(name), wrongShown)}`,
    ),
  ].join('\n');
}

function introduction(replays: readonly Replay[]): string {
  const failures = replays.reduce((sum, { scenario }) => sum + scenario.truth.length, 0);
  return `# Accuracy

<!-- Written by \`npm run accuracy\`; do not edit. -->

\`npm run accuracy\` replays the ${replays.length} recordings of nginx in \`test/corpus\` (${thousands(failures)} failed requests) through the pipeline, each with
six choices of logs, and holds every verdict against the label of its request. Labels follow from what was done to the
system, not from its logs. What is measured of Cloudflare, ALB and all hops together is [the last part](#cloudflare-alb-and-the-chain).

- **strict**: the label; **fair**: the label, or another answer that these logs cannot tell from it (\`accept\` in the truth).
- **by request**: every failed request weighs the same; **by scenario**, and wherever nothing is said: every recording with
  failures does.
- **unknown**: the verdict names no cause, or there is none. It counts as wrong, and never as sure. **Right of named**: fair
  ones of those that name a cause.
- **sure**: a cause is named at confidence 0.9 or above. **Wrong of sure**: the share of those that the fair judge calls wrong.
- **calibration error**: mean distance between confidence and share of right verdicts (fair), 15 bins, verdicts that name a cause.
- **surplus**: verdicts about failures that are not in the truth, and second verdicts about one request.

Weights are knowledge and not fitted. The maps from posterior to confidence are fitted (\`npm run calibrate\`), and every
confidence on this page comes of maps that were fitted without the scenario it is about.
`;
}

const reliabilityText = `One table for each level of evidence, which has maps of its own: what the failure itself shows, whatever files were given.
Weight is in scenarios, as a mean over the choices of logs. A scenario fails in one way, so its verdicts are right or
wrong together: a bin of few scenarios says little.
`;

const cannotTellText = `Groups of mechanisms that look alike. *Counts either way*: failures of which the truth itself says that another of the
group is as good an answer; *mixed up*: another one was said, and it was wrong. Shares of all failures.
`;

const saidInsteadText = `Answers that the fair judge calls wrong, by what they cost of the mean over scenarios.
`;

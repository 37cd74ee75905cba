import { causeNames, problems, type Summary } from '@why502/model';
import { titleOf } from '../terminal/causes.ts';
import { faultReasons } from '../terminal/notes.ts';
import type { Share, Tally } from '../terminal/tally.ts';
import { counted, linesOf, number, period, placed, share, statuses, sureness } from '../terminal/wording.ts';
import { causeClass } from './cause-look.ts';
import { toDo } from './incident-card.ts';
import { html, type Markup } from './markup.ts';

/** `85 of 977 requests failed` and the reason of most of them. */
export function headline(tally: Tally, { failures, requests }: Summary): string {
  if (failures === 0) return requests === 0 ? 'No request was read' : 'No request failed';
  if (requests === 0) return `The error log tells of ${counted(failures, 'failed request')}`;
  const [first] = tally.shares;
  const failed = `${number(failures)} of ${counted(requests, 'request')} failed`;
  if (first === undefined) return failed;
  const all = first.failures === failures;
  if (first.mechanism === undefined)
    return `${failed}. ${all ? 'The' : `Of ${number(first.failures)} the`} logs do not tell why`;
  return `${failed}. ${all ? '' : `${number(first.failures)} of them: `}${titleOf(first, tally)}`;
}

/** The figures that are asked for first. */
export function figures(tally: Tally, summary: Summary): Markup {
  const { failures, masked, requests, byStatus, from, to, zoneMin } = summary;
  const { firstFailure, lastFailure } = tally;
  const tiles: readonly (readonly [string, string, string] | undefined)[] = [
    requests === 0
      ? undefined
      : [share(failures, requests), 'of the requests failed', counted(requests, 'request')],
    [number(failures), 'failed', statuses(byStatus)],
    masked === 0 ? undefined : [number(masked), 'saved by a retry', 'failed at first'],
    [number(summary.incidents), summary.incidents === 1 ? 'incident' : 'incidents', ''],
  ];
  const during =
    firstFailure !== undefined && lastFailure !== undefined
      ? `Failures: ${period(firstFailure, lastFailure, zoneMin)}.`
      : '';
  const read = from === undefined || to === undefined ? '' : `Logs: ${period(from, to, zoneMin)}.`;
  return html`<ul class="figures">${tiles.map((tile) =>
    tile === undefined
      ? undefined
      : html`<li><strong>${tile[0]}</strong> ${tile[1]}<br><span class="faint">${tile[2]}</span></li>`,
  )}</ul><p class="faint">${[during, read].filter((text) => text !== '').join(' ')}</p>
${summary.problems.length === 0 ? undefined : html`<p class="warn">Not everything could be read, so more may have failed: see below.</p>`}`;
}

/** All causes, most failures first. */
export function causeTable(tally: Tally): Markup | undefined {
  const { shares } = tally;
  if (shares.length === 0) return undefined;
  const failures = shares.reduce((sum, one) => sum + one.failures, 0);
  const anyMasked = shares.some(({ masked }) => masked > 0);
  return html`<section><h2>Causes</h2><div class="wide"><table class="causes">
<thead><tr><th class="number">failed</th>${anyMasked ? html`<th class="number">retried</th>` : undefined}<th class="number">share</th><th class="number">sure</th><th>why</th></tr></thead>
<tbody>${shares.map(
    (
      one,
    ) => html`<tr><td class="number">${number(one.failures)}</td>${anyMasked ? html`<td class="number">${number(one.masked)}</td>` : undefined}<td class="number">${failures === 0 ? '' : share(one.failures, failures)}</td><td class="number">${surenessOf(one)}</td><td><span class="dot ${causeClass(one.cause)}"></span>${titleOf(one, tally)} <span class="faint">${one.mechanism === undefined ? '' : html`<code>${one.mechanism}</code>, `}${causeNames[one.cause]}</span></td></tr>
`,
  )}</tbody></table></div></section>`;
}

function surenessOf({ mechanism, confidence, failures, masked }: Share): string {
  return mechanism === undefined ? '' : sureness(confidence / (failures + masked));
}

/** What failed too seldom for an incident, the surest example of each. */
export function singles(tally: Tally): Markup | undefined {
  if (tally.single.length === 0) return undefined;
  return html`<section><h2>Too few for an incident</h2>${tally.single.map(({ example, ...one }) => {
    const [row] = example.rows;
    const told = example.evidence.filter(({ weight }) => one.mechanism === undefined || weight > 0);
    return html`<details class="single"><summary><span class="dot ${causeClass(one.cause)}"></span>${titleOf(one, tally)} <span class="faint">${counted(one.failures + one.masked, 'request')}</span></summary>
${row === undefined ? undefined : html`<p>Such as <code>${placed(row)}</code></p>`}
<ul class="evidence">${told.map(({ text }) => html`<li>${text}</li>`)}</ul>${toDo(example.remedy)}</details>`;
  })}</section>`;
}

/** What stays open, and what would have closed it. */
export function doubts({ wishes, ambiguous, shares }: Tally): Markup | undefined {
  const unexplained = shares.find(({ mechanism }) => mechanism === undefined);
  if (wishes.length === 0 && ambiguous === 0 && unexplained === undefined) return undefined;
  return html`<section><h2>What these logs do not tell</h2><ul>
${unexplained === undefined ? undefined : html`<li>${counted(unexplained.failures + unexplained.masked, 'failure')} without a reason likely enough to be named.</li>`}
${ambiguous === 0 ? undefined : html`<li>${counted(ambiguous, 'failure')} with a second reason that is nearly as likely.</li>`}
${wishes.map(({ text, verdicts }) => html`<li>${number(verdicts)} would be surer, if you ${text}.</li>`)}</ul></section>`;
}

/** What was read, how, and what was amiss. */
export function made(summary: Summary): Markup {
  const { files, lines, errorLines, errorLinesJoined, errorLinesSuspect } = summary;
  return html`<section><h2>How this was made</h2>
<p>Read ${counted(lines, 'line')}; what is shown of them is redacted.${errorLines === 0 ? '' : ` ${number(errorLinesJoined)} of ${counted(errorLines, 'error line')} found their request.`}</p>
${errorLinesSuspect === 0 ? undefined : html`<p class="warn">${counted(errorLinesSuspect, 'error line')} left aside: a client may have written them.</p>`}
<details><summary>${counted(files.length, 'file')}</summary><ul class="files">${files.map(fileItem)}</ul></details>
${summary.problems.map(({ code, details }) => {
  const where = details.where === undefined ? '' : `${details.where}: `;
  return html`<p class="warn">${where}${problems[code].what} <code>${code}</code><br>${problems[code].mend}</p>`;
})}</section>`;
}

function fileItem(file: Summary['files'][number]): Markup {
  const { format, readInstead, faultSamples } = file;
  const how =
    readInstead !== undefined
      ? `left out: ${readInstead} holds the same requests`
      : format === undefined
        ? 'not read: no known format'
        : `${format}, ${linesOf(file)}`;
  return html`<li><code>${file.file}</code> ${how}${faultSamples
    .slice(0, 3)
    .map(
      ({ row, reason }) => html`<br><span class="warn">line ${row.line} ${faultReasons[reason]}</span>`,
    )}</li>`;
}

import { problems, type Result, type Summary } from '@why502/model';
import { titleOf } from '../terminal/causes.ts';
import type { Report, ReportOptions } from '../terminal/report.ts';
import { type Share, Tally } from '../terminal/tally.ts';
import { counted, linesOf, number, period, placed, share, statuses } from '../terminal/wording.ts';
import { incidentSection, table } from './incident.ts';
import { code, inert } from './inert.ts';

const incidentsShown = 3;
const filesShown = 12;

/** A report to paste into a ticket: nothing in it that comes from a log is acted on by whoever shows it. */
export function createMarkdownReport(options: Pick<ReportOptions, 'titles' | 'verbose'>): Report {
  const tally = new Tally(options.titles);
  return {
    add: (result: Result) => tally.add(result),
    text: (summary) => {
      const { incidents } = tally;
      const shown = options.verbose === true ? incidents : incidents.slice(0, incidentsShown);
      return [
        `# ${headline(tally, summary)}`,
        ...impact(tally, summary),
        ...shown.map((incident, i) => incidentSection(i + 1, incident, summary)),
        ...others(tally, summary.incidents - shown.length),
        ...questions(tally),
        ['## How this was made', made(summary)].join('\n\n'),
      ].join('\n\n');
    },
  };
}

function headline(tally: Tally, { failures, requests }: Summary): string {
  if (failures === 0) return requests === 0 ? 'No request was read' : 'No request failed';
  const of =
    requests === 0
      ? counted(failures, 'failed request')
      : `${number(failures)} of ${counted(requests, 'request')} failed`;
  const [first] = tally.shares;
  if (first === undefined) return of;
  const all = first.failures === failures ? '' : `${number(first.failures)} of them: `;
  return `${of}. ${all}${inert(titleOf(first, tally))}`;
}

function impact(tally: Tally, summary: Summary): readonly string[] {
  const { failures, masked, requests, byStatus, zoneMin } = summary;
  const { firstFailure, lastFailure } = tally;
  if (failures === 0 && masked === 0) return [];
  const during =
    firstFailure === undefined || lastFailure === undefined
      ? '-'
      : period(firstFailure, lastFailure, zoneMin);
  return [
    table([
      [
        'Failed',
        `${number(failures)}${requests === 0 ? '' : ` of ${counted(requests, 'request')} (${share(failures, requests)})`}`,
      ],
      ['When', during],
      ['Statuses', inert(statuses(byStatus)) || '-'],
      ...(masked === 0 ? [] : [['Saved by a retry', number(masked)] as const]),
      ...tally.shares.map((one) => [`Cause ${code(one.mechanism ?? one.cause)}`, part(one)] as const),
    ]),
  ];
}

function part({ failures, masked }: Share): string {
  return `${number(failures)} failed${masked === 0 ? '' : `, ${number(masked)} saved by a retry`}`;
}

function others(tally: Tally, incidentsLeft: number): readonly string[] {
  const lines = tally.single.map((one) => {
    const [row] = one.example.rows;
    const where = row === undefined ? '' : `, such as ${code(placed(row))}`;
    return `- ${inert(titleOf(one, tally))}: ${counted(one.failures + one.masked, 'request')}${where}`;
  });
  if (incidentsLeft > 0) lines.push(`- ${counted(incidentsLeft, 'more incident')}`);
  return lines.length === 0 ? [] : [`## Besides\n\n${lines.join('\n')}`];
}

function questions({ wishes, ambiguous, shares }: Tally): readonly string[] {
  const unexplained = shares.find(({ mechanism }) => mechanism === undefined);
  const lines = [
    ...(unexplained === undefined
      ? []
      : [
          `- ${counted(unexplained.failures + unexplained.masked, 'failure')} without a reason likely enough to be named`,
        ]),
    ...(ambiguous === 0
      ? []
      : [`- ${counted(ambiguous, 'failure')} with a second reason that is nearly as likely`]),
    ...wishes.map(
      ({ text, verdicts }) => `- [ ] ${inert(text)} (${counted(verdicts, 'verdict')} would be surer)`,
    ),
  ];
  return lines.length === 0 ? [] : [`## Open questions\n\n${lines.join('\n')}`];
}

function made({
  files,
  lines,
  errorLines,
  errorLinesJoined,
  errorLinesSuspect,
  problems: met,
}: Summary): string {
  const read = files.slice(0, filesShown).map((summary) => {
    const { file, format, readInstead } = summary;
    if (readInstead !== undefined)
      return `- ${code(file)}: left out, ${code(readInstead)} holds the same requests`;
    if (format === undefined) return `- ${code(file)}: not read, no known format`;
    return `- ${code(file)}: ${inert(format)}, ${linesOf(summary)}`;
  });
  const more = files.length > filesShown ? [`- and ${counted(files.length - filesShown, 'more file')}`] : [];
  return [
    `why502 read ${counted(lines, 'line')}; what it shows of them is redacted.`,
    [...read, ...more].join('\n'),
    ...(errorLines === 0
      ? []
      : [`${number(errorLinesJoined)} of ${counted(errorLines, 'error line')} found their request.`]),
    ...(errorLinesSuspect === 0
      ? []
      : [`${counted(errorLinesSuspect, 'error line')} left aside: a client may have written them.`]),
    ...met.map(
      ({ code: problem, details }) =>
        `**${problem}** ${details.where === undefined ? '' : `${code(details.where)}: `}${problems[problem].what}.`,
    ),
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

import {
  type FaultReason,
  type FileSummary,
  type HopJoins,
  type Problem,
  problems,
  type Summary,
} from '@why502/model';
import type { Page } from './page.ts';
import { span } from './span.ts';
import { counted, linesOf, number, sureness } from './wording.ts';

/** Files that are named, those with something amiss first. */
const mostFiles = 12;

/** So many files that were read as they should are named when nobody asks for all. */
const mostWhole = 4;

export const faultReasons: Readonly<Record<FaultReason, string>> = {
  does_not_fit: 'does not fit the format',
  bad_time: 'its time makes no sense',
  bad_status: 'its status makes no sense',
  too_long: 'is too long to be read',
  nul_bytes: 'holds NUL bytes',
  not_json: 'is not a JSON object',
};

/** Clocks that differ by more than this are wrong, not only read at other moments. */
const worthTellingMs = 2_000;

const hopNames: Readonly<Record<HopJoins['outer'], string>> = {
  cloudflare: 'Cloudflare',
  alb: 'the load balancer',
  nginx: 'nginx',
  other: 'another hop',
};

/** What was read, how, and what was amiss. */
export function notes(page: Page, summary: Summary, verbose: boolean): void {
  const { files, errorLines, errorLinesJoined, errorLinesSuspect } = summary;
  page.gap();
  const joined =
    errorLines === 0
      ? ''
      : ` ${number(errorLinesJoined)} of ${counted(errorLines, 'error line')} found their request.`;
  const read = files.length === 0 ? 'No file was read.' : `Read ${counted(summary.lines, 'line')}.${joined}`;
  page.paragraph([span(read)]);
  const inOrder = [...files].sort((a, b) => Number(amiss(b)) - Number(amiss(a)));
  const most = verbose ? mostFiles : Math.min(mostFiles, mostWhole + files.filter(amiss).length);
  const shown = inOrder.slice(0, most);
  for (const file of shown) describeFile(page, file);
  if (files.length > shown.length)
    page.paragraph([span(`and ${counted(files.length - shown.length, 'more file')}`)], 2);
  if (errorLinesSuspect > 0) {
    const lines = counted(errorLinesSuspect, 'error line');
    const why = 'left aside: a client may have written them, with line breaks in a path.';
    page.paragraph([span(`${lines} ${why}`, 'warn')]);
  }
  for (const joins of summary.hops ?? []) describeJoins(page, joins);
  for (const problem of summary.problems) describeProblem(page, problem);
}

/** How complete an inner hop's log is, and how far off its clock, where either is worth a line. */
function describeJoins(page: Page, { outer, inner, joined, coverage, skew }: HopJoins): void {
  if (joined > 0) {
    const share = coverage === undefined ? '' : `, ${sureness(coverage)} of those that it answered`;
    page.paragraph([
      span(`${counted(joined, 'request')} of ${hopNames[outer]} found at ${hopNames[inner]}${share}.`),
    ]);
  }
  if (skew === undefined || Math.abs(skew.ahead) <= worthTellingMs) return;
  const by = `${(Math.abs(skew.ahead) / 1_000).toFixed(1)} s ${skew.ahead > 0 ? 'ahead of' : 'behind'}`;
  const said = `the clock of ${skew.file} is up to ${by} that of ${hopNames[outer]}`;
  page.paragraph([span(`${said}; requests were found all the same. Set it right`, 'warn')]);
}

function amiss(file: FileSummary): boolean {
  return file.format === undefined || file.faults > 0 || file.unescaped;
}

function describeFile(page: Page, file: FileSummary): void {
  page.paragraph([span(`${file.file}:`), span(reading(file), 'faint')], 4, '  ');
  if (file.unescaped) {
    const said = 'its log_format says escape=none: clients can write lines of their own into it';
    page.paragraph([span(`${said}. Use escape=default`, 'warn')], 4);
  }
  for (const { row, column, reason } of file.faultSamples.slice(0, 3)) {
    page.paragraph([span(`line ${row.line}, byte ${column + 1}: ${faultReasons[reason]}`, 'warn')], 4);
  }
}

function reading(file: FileSummary): string {
  const { readInstead, format, sureness: sure } = file;
  if (readInstead !== undefined) return `left out: ${readInstead} holds the same requests`;
  if (format === undefined) return 'not read: no known format';
  const how = sure === undefined || sure === 1 ? format : `${format} (${sureness(sure)} sure)`;
  return `${how}, ${linesOf(file)}`;
}

function describeProblem(page: Page, { code, details }: Problem): void {
  const { what, mend } = problems[code];
  const where = details.where === undefined ? '' : `${details.where}: `;
  page.gap();
  page.paragraph([span(`${where}${what}`, 'bad'), span(`[${code}]`, 'faint')]);
  page.paragraph([span(`${mend} (docs/errors.md#${code.toLowerCase()})`)], 2);
}

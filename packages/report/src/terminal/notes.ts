import { type FaultReason, type FileSummary, type Problem, problems, type Summary } from '@why502/model';
import type { Page } from './page.ts';
import { span } from './span.ts';
import { counted, linesOf, number, sureness } from './wording.ts';

/** Files that are named, those with something amiss first. */
const mostFiles = 12;

/** So many files that were read as they should are named when nobody asks for all. */
const mostWhole = 4;

const faultReasons: Readonly<Record<FaultReason, string>> = {
  does_not_fit: 'does not fit the format',
  bad_time: 'its time makes no sense',
  bad_status: 'its status makes no sense',
  too_long: 'is too long to be read',
  nul_bytes: 'holds NUL bytes',
  not_json: 'is not a JSON object',
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
  for (const problem of summary.problems) describeProblem(page, problem);
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

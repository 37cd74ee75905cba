import { type FaultReason, type FileSummary, type Problem, problems, type Summary } from '@why502/model';
import type { Page } from './page.ts';
import { span } from './span.ts';
import { counted, number, sureness } from './wording.ts';

/** Files that are named, those with something amiss first. */
const mostFiles = 12;

const faultReasons: Readonly<Record<FaultReason, string>> = {
  does_not_fit: 'does not fit the format',
  bad_time: 'its time makes no sense',
  bad_status: 'its status makes no sense',
  too_long: 'is too long to be read',
  nul_bytes: 'holds NUL bytes',
  not_json: 'is not a JSON object',
};

/** What was read, how, and what was amiss. */
export function notes(page: Page, summary: Summary): void {
  const { files, errorLines, errorLinesJoined, errorLinesSuspect } = summary;
  page.heading('Notes');
  const rows = files.length === 0 ? 'No file was read.' : `${counted(summary.lines, 'line')} read from:`;
  page.paragraph([span(rows)], 2);
  const amissFirst = [...files].sort((a, b) => Number(amiss(b)) - Number(amiss(a)));
  for (const file of amissFirst.slice(0, mostFiles)) describeFile(page, file);
  if (files.length > mostFiles)
    page.paragraph([span(`and ${counted(files.length - mostFiles, 'more file')}`)], 4);
  if (errorLines > 0) {
    page.paragraph(
      [span(`${number(errorLinesJoined)} of ${counted(errorLines, 'error line')} found their request.`)],
      2,
    );
  }
  if (errorLinesSuspect > 0) {
    const lines = counted(errorLinesSuspect, 'error line');
    page.paragraph(
      [span(`${lines} left aside: a client may have written them, with line breaks in a path.`, 'warn')],
      2,
    );
  }
  for (const problem of summary.problems) describeProblem(page, problem);
}

function amiss(file: FileSummary): boolean {
  return file.format === undefined || file.faults > 0 || file.unescaped;
}

function describeFile(page: Page, file: FileSummary): void {
  page.paragraph([span(`${file.file}:`), span(reading(file), 'faint')], 6, '    ');
  if (file.unescaped) {
    page.paragraph(
      [
        span(
          'its log_format says escape=none: clients can write lines of their own into it. Use escape=default',
          'warn',
        ),
      ],
      6,
    );
  }
  for (const { row, column, reason } of file.faultSamples.slice(0, 3)) {
    page.paragraph([span(`line ${row.line}, byte ${column + 1}: ${faultReasons[reason]}`, 'warn')], 6);
  }
}

function reading({ readInstead, format, sureness: sure, lines, faults }: FileSummary): string {
  if (readInstead !== undefined) return `left out: ${readInstead} holds the same requests`;
  if (format === undefined) return 'not read: no known format';
  const how = sure === undefined ? format : `${format} (${sureness(sure)} sure)`;
  return `${how}, ${counted(lines, 'line')}${faults === 0 ? '' : `, ${number(faults)} not understood`}`;
}

function describeProblem(page: Page, { code, details }: Problem): void {
  const { what, mend } = problems[code];
  const where = details.where === undefined ? '' : `${details.where}: `;
  page.gap();
  page.paragraph([span(`${where}${what}`, 'bad'), span(`[${code}]`, 'faint')], 2);
  page.paragraph([span(`${mend} (docs/errors.md#${code.toLowerCase()})`)], 4);
}

import type { DiagnosedLog, Diagnosis, LoggingAdvice, MechanismId, Reach, Written } from '@why502/model';
import { Page, type PageOptions } from '../terminal/page.ts';
import { span } from '../terminal/span.ts';
import { counted, number, share } from '../terminal/wording.ts';
import { findingWords } from './finding-words.ts';
import { loggedWords } from './logged-words.ts';

/** Less than this is within what the samples can measure. */
const leastBits = 0.005;

/** Named in all its samples, or in none. */
const always = 0.999;

/** What logs can tell and what to add, on a page for someone who has never changed a log_format. */
export function diagnosisText(diagnosis: Diagnosis, options: PageOptions): string {
  const page = new Page(options);
  summary(page, diagnosis);
  settings(page, diagnosis);
  advice(page, diagnosis);
  gains(page, diagnosis);
  reach(page, diagnosis.reach);
  logs(page, diagnosis.logs);
  return page.toString();
}

function summary(page: Page, { reach: mechanisms, traffic, advice: lines, findings }: Diagnosis): void {
  const told = mechanisms.filter(({ now }) => now >= always).length;
  const advised = mechanisms.filter((one) => one.advised >= always).length;
  const all = `${number(mechanisms.length)} ways in which requests fail`;
  if (advised > told) {
    page.paragraph([
      span(`These logs tell ${number(told)} of ${all}.`, 'strong'),
      span(`With the lines below they tell ${number(advised)}.`),
    ]);
  } else {
    page.paragraph([span(`These logs tell ${number(told)} of ${all}, as many as any.`, 'good')]);
    if (lines.length > 0) {
      page.paragraph([span('What they lack joins logs more surely, or says who was hit.')]);
    }
  }
  if (lines.length === 0 && !findings.some(({ kind }) => findingWords[kind].style === 'bad')) {
    page.paragraph([span('Nothing needs to be changed.', 'good')]);
  }
  const { requests, failures, unexplained } = traffic;
  if (failures > 0) {
    const open =
      unexplained === 0
        ? 'and each could be explained'
        : `and ${number(unexplained)} of them (${share(unexplained, failures)}) could not be explained`;
    const of =
      requests === 0
        ? counted(failures, 'failed request')
        : `${number(failures)} of ${counted(requests, 'request')} failed`;
    page.paragraph([span(`${of}, ${open}.`)]);
  }
}

function logs(page: Page, read: readonly DiagnosedLog[]): void {
  if (read.length === 0) return;
  page.heading('What was read');
  for (const { file, format, lines, faults, missing } of read) {
    const how = format === undefined ? 'not read: no known format' : `${format}, ${counted(lines, 'line')}`;
    const odd = faults === 0 ? '' : `, ${number(faults)} not understood`;
    page.paragraph([span(`${file}:`), span(`${how}${odd}`, 'faint')], 4, '  ');
    if (missing !== undefined && missing.length > 0) {
      page.paragraph(
        [span('lacks', 'faint'), span(missing.map((field) => loggedWords[field].name).join(', '))],
        4,
      );
    }
  }
}

function settings(page: Page, { findings }: Diagnosis): void {
  if (findings.length === 0) return;
  page.heading('What the configuration does');
  for (const { kind, written } of findings) {
    const { text, style } = findingWords[kind];
    const what = written === undefined ? 'no error_log is set, which means level error:' : `${written.text}:`;
    page.paragraph([span(what), span(text, style), span(placeOf(written), 'faint')], 4, '  ');
  }
}

function gains(page: Page, { gains: all, basis }: Diagnosis): void {
  if (all.length === 0) return;
  page.heading('What each missing piece buys');
  page.table(
    ['bits'],
    'to add, the most useful first',
    all.map(({ field, bits, helps }) => ({
      numbers: [bits < leastBits ? '-' : bits.toFixed(2)],
      text: [
        span(`${loggedWords[field].name}:`, 'code'),
        span(loggedWords[field].says),
        ...(helps.length === 0 || bits < leastBits ? [] : [span(`(${helps.join(', ')})`, 'faint')]),
      ],
    })),
  );
  const weighed =
    basis === 'failures'
      ? 'weighed by the failures in these logs'
      : 'weighed by how common mechanisms are, since no failure was read';
  page.paragraph(
    [
      span(
        `Bits of information about the mechanism of a failure, each beside those above it, ${weighed}: 1 bit makes the truth twice as likely. How it is measured: docs/logging/doctor.md`,
        'faint',
      ),
    ],
    2,
  );
}

function advice(page: Page, { advice: all, findings }: Diagnosis): void {
  if (all.length === 0) return;
  page.heading('What to write');
  let before = '';
  for (const one of all) {
    const where = whereTo(one);
    if (where !== before) page.paragraph([span(where), span(placeOf(one.written), 'faint')], 4, '  ');
    page.verbatim(one.lines, 4);
    before = where;
  }
  page.gap();
  page.paragraph([span('then'), span('nginx -t && nginx -s reload', 'code')], 2);
  if (findings.length === 0 && all.some(({ written }) => written === undefined)) {
    page.paragraph([span('Name the nginx.conf as well, and the lines to change are shown.', 'faint')], 2);
  }
}

function whereTo({ written, addedTo }: LoggingAdvice): string {
  if (addedTo !== undefined)
    return `at the end of the log_format of ${addedTo}, before its last quote or brace:`;
  return written === undefined ? 'in the http block of nginx.conf:' : `in place of ${written.text}`;
}

function reach(page: Page, all: readonly Reach[]): void {
  page.heading('What can be told');
  const named = all.filter((one) => one.named > 0).sort((a, b) => b.named - a.named);
  list(page, 'seen here', named, ({ mechanism, named: count }) => `${mechanism} (${number(count)})`);
  list(
    page,
    'told',
    all.filter(({ now }) => now >= always),
    idOf,
  );
  list(
    page,
    'in part',
    all.filter(({ now }) => now > 0 && now < always),
    idOf,
  );
  list(
    page,
    'not told',
    all.filter(({ now }) => now === 0),
    idOf,
  );
  page.gap();
  page.paragraph([span('What each of them is:', 'faint'), span('why502 explain NAME', 'code')], 2);
}

function idOf({ mechanism }: Reach): MechanismId {
  return mechanism;
}

function list(page: Page, label: string, of: readonly Reach[], name: (one: Reach) => string): void {
  if (of.length > 0) page.field(label, [[span(of.map(name).join(', '))]]);
}

function placeOf(written: Written | undefined): string {
  return written === undefined ? '' : `(${written.file}:${written.line})`;
}

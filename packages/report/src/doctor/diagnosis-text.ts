import type {
  DiagnosedHop,
  Diagnosis,
  Logged,
  LoggingAdvice,
  MechanismId,
  Reach,
  Written,
} from '@why502/model';
import { Page, type PageOptions } from '../terminal/page.ts';
import { span } from '../terminal/span.ts';
import { counted, number, share } from '../terminal/wording.ts';
import { adviceWords } from './advice-words.ts';
import { findingWords } from './finding-words.ts';
import { loggedWords } from './logged-words.ts';
import { shownLogs } from './shown-logs.ts';

/** Less than this is within what the samples can measure. */
const leastBits = 0.005;

/** Named in all its samples, or in none. */
const always = 0.999;

const hopNames: Readonly<Record<DiagnosedHop, string>> = {
  nginx: 'nginx',
  alb: 'Application Load Balancer',
  cloudflare: 'Cloudflare',
};

/** What the logs of each hop can tell and what to add, on a page for someone who has never changed a log_format. */
export function diagnosesText(diagnoses: readonly Diagnosis[], options: PageOptions): string {
  if (diagnoses.length === 1) return diagnosisText(diagnoses[0]!, options);
  return diagnoses
    .map((diagnosis) => {
      const page = new Page(options);
      page.paragraph([span(`== ${hopNames[diagnosis.hop]} ==`, 'strong')]);
      return `${page}\n\n${diagnosisText(diagnosis, options)}`;
    })
    .join('\n\n');
}

export function diagnosisText(diagnosis: Diagnosis, options: PageOptions): string {
  const page = new Page(options);
  summary(page, diagnosis);
  settings(page, diagnosis);
  advice(page, diagnosis);
  gains(page, diagnosis);
  reach(page, diagnosis.reach);
  logs(page, diagnosis);
  return page.toString();
}

function summary(page: Page, { reach: mechanisms, traffic, advice: lines, findings }: Diagnosis): void {
  const told = mechanisms.filter(({ now }) => now >= always).length;
  const advised = mechanisms.filter((one) => one.advised >= always).length;
  const all = `${number(mechanisms.length)} ways in which requests fail`;
  // Of a hop of which there are no sample logs, nothing can be measured.
  if (mechanisms.length > 0) reaching(page, told, advised, all, lines.length > 0);
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

function logs(page: Page, { hop, logs: read }: Diagnosis): void {
  if (read.length === 0) return;
  page.heading('What was read');
  for (const { name, format, lines, faults, missing } of shownLogs(read)) {
    const how = format === undefined ? 'not read: no known format' : `${format}, ${counted(lines, 'line')}`;
    const odd = faults === 0 ? '' : `, ${number(faults)} not understood`;
    page.paragraph([span(`${name}:`), span(`${how}${odd}`, 'faint')], 4, '  ');
    if (missing !== undefined && missing.length > 0) {
      page.paragraph([span('lacks', 'faint'), span(namesOf(hop, missing).join(', '))], 4);
    }
  }
}

function reaching(page: Page, told: number, advised: number, all: string, hasAdvice: boolean): void {
  if (advised > told) {
    page.paragraph([
      span(`These logs tell ${number(told)} of ${all}.`, 'strong'),
      span(`With the lines below they tell ${number(advised)}.`),
    ]);
    return;
  }
  page.paragraph([span(`These logs tell ${number(told)} of ${all}, as many as any.`, 'good')]);
  if (hasAdvice) page.paragraph([span('What they lack joins logs more surely, or says who was hit.')]);
}

/** Some things are told by the same field. */
function namesOf(hop: DiagnosedHop, missing: readonly Logged[]): readonly string[] {
  return [...new Set(missing.map((field) => loggedWords(hop, field).name))];
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

function gains(page: Page, { hop, gains: all, basis }: Diagnosis): void {
  if (all.length === 0) return;
  page.heading('What each missing piece buys');
  page.table(
    ['bits'],
    'to add, the most useful first',
    all.map(({ field, bits, helps }) => ({
      numbers: [bits < leastBits ? '-' : bits.toFixed(2)],
      text: [
        span(`${loggedWords(hop, field).name}:`, 'code'),
        span(loggedWords(hop, field).says),
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
  for (const after of new Set(all.flatMap(({ place }) => adviceWords[place].after ?? [])))
    page.paragraph([span('then'), span(after, 'code')], 2);
  const isUnplaced = all.some(({ place, written }) => place === 'nginx_conf' && written === undefined);
  if (findings.length === 0 && isUnplaced) {
    page.paragraph([span('Name the nginx.conf as well, and the lines to change are shown.', 'faint')], 2);
  }
}

function whereTo({ place, written, addedTo }: LoggingAdvice): string {
  if (addedTo !== undefined)
    return `at the end of the log_format of ${addedTo}, before its last quote or brace:`;
  return written === undefined ? adviceWords[place].where : `in place of ${written.text}`;
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

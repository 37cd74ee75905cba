import {
  type ExplainedFailure,
  type Explanation,
  type HopSource,
  hopOf,
  type Mechanism,
  type MechanismId,
  type OtherLine,
  type PageReading,
} from '@why502/model';
import { loggedWords } from '../doctor/logged-words.ts';
import { Page, type PageOptions, type Paragraph } from '../terminal/page.ts';
import { span } from '../terminal/span.ts';
import { counted } from '../terminal/wording.ts';
import { answer } from './answer.ts';
import { groupsOf } from './groups.ts';
import { linesOf } from './line-names.ts';
import { looks } from './looks.ts';
import { findInLogs, pageFields } from './page-fields.ts';
import { said } from './said.ts';
import { words } from './words.ts';

export interface ExplanationOptions extends PageOptions {
  readonly mechanisms: ReadonlyMap<MechanismId, Mechanism>;
}

/** Lines that were set aside and are shown; a long mail holds many. */
const mostOthers = 6;
const mostLooks = 3;

/** What says more about a request of which only the status is known. */
const linesThatSettle: Readonly<Record<HopSource, string>> = {
  nginx: 'the line of the error log about it',
  alb: 'the line of the access log of the load balancer about it, and the minutes around it',
  cloudflare: 'its line in the http_requests log of Cloudflare, with the Origin… fields',
  other: 'the log of that hop, and those of nginx, the load balancer or Cloudflare beside it',
};

/**
 * What pasted lines mean, for someone who meets such a line for the first time: what the proxy said, what that means,
 * the likeliest reason, what else it may be and how to tell, what to do and where to look.
 */
export function explanationText(explanation: Explanation, options: ExplanationOptions): string {
  const page = new Page(options);
  if (explanation.page !== undefined) describePage(page, explanation.page);
  for (const alike of groupsOf(explanation.failures)) describe(page, alike, options.mechanisms);
  others(page, explanation);
  return page.toString();
}

function describePage(page: Page, reading: PageReading): void {
  page.heading(reading.hasBody ? 'The page' : 'The headers');
  for (const [label, paragraphs] of pageFields(reading)) page.field(label, paragraphs);
  const command = findInLogs(reading);
  page.field('in the logs', command === undefined ? [] : [[span('the same request')], { verbatim: command }]);
}

function describe(
  page: Page,
  alike: readonly ExplainedFailure[],
  mechanisms: ReadonlyMap<MechanismId, Mechanism>,
): void {
  const [failure] = alike;
  if (failure === undefined) return;
  page.heading(linesOf(alike));
  for (const [label, paragraphs] of said(failure)) page.field(label, paragraphs);
  const { means, looks: names } = words(failure);
  page.field('that means', [[span(means)]]);
  for (const [label, paragraphs] of answer(failure, mechanisms)) page.field(label, paragraphs);
  page.field('look next', names.slice(0, mostLooks).flatMap(lookAt));
  page.field('would settle', wishes(failure));
}

function lookAt(name: keyof typeof looks): Paragraph[] {
  const { what, command } = looks[name];
  return [[span(what)], { verbatim: command }];
}

/** Of a line alone nothing is logged, so all that is missing stands in the access line of its request. */
function wishes({
  verdict: { wouldSettle, primary, rows },
  request,
  statusOnly,
}: ExplainedFailure): Paragraph[] {
  if (primary !== undefined) return [];
  if (statusOnly) return [[span(linesThatSettle[hopOf(rows[0]?.source ?? 'nginx')])]];
  if (request !== undefined) return wouldSettle.map(({ text }) => [span(text)]);
  const fields = wouldSettle
    .map(({ field }) => field)
    .filter(
      (field) =>
        field !== 'error_log' && field !== 'method' && field !== 'health_checks' && field !== 'next_hop',
    );
  if (fields.length === 0) return [];
  const names = fields.map((field) => loggedWords('nginx', field).name).join(', ');
  return [
    [
      span('the line of the access log about the same request, and the minutes around it, with'),
      span(names, 'code'),
    ],
    [
      span('what your logs hold, and what to add:', 'faint'),
      span('why502 doctor /etc/nginx/nginx.conf', 'code'),
    ],
  ];
}

function others(page: Page, { others: lines, unread }: Explanation): void {
  if (lines.length === 0 && unread === 0) return;
  page.heading('The other lines');
  const shown = lines.slice(0, mostOthers);
  for (const line of shown) {
    page.paragraph([span(`${line.first}:`, 'faint'), span(roleOf(line)), span(line.text, 'faint')], 4, '  ');
  }
  if (lines.length > shown.length) {
    page.paragraph(
      [span(`and ${counted(lines.length - shown.length, 'more line')} that are none of a log`)],
      4,
      '  ',
    );
  }
  if (unread > 0)
    page.paragraph([span(`${counted(unread, 'line')} at the end were not read`, 'warn')], 4, '  ');
}

function roleOf({ kind }: OtherLine): string {
  switch (kind) {
    case 'accompanies':
      return 'goes with a failure and is none by itself:';
    case 'did_not_fail':
      return 'a request that was answered:';
    case 'sighting':
      return 'another program, counted as evidence:';
    case 'not_understood':
      return 'no line about a failure:';
    default:
      return kind satisfies never;
  }
}

import { hopOf, type SearchedLog, type Story, type Verdict } from '@why502/model';
import { answer } from '../explain/answer.ts';
import type { ExplanationOptions } from '../explain/explanation-text.ts';
import { Page } from '../terminal/page.ts';
import { span } from '../terminal/span.ts';
import { counted, period, placed } from '../terminal/wording.ts';
import { hopNames, saying, whose } from './row-words.ts';
import { absence, askedFor, madeBy, silentLogs, timeOfDay, whatWouldShow } from './story-words.ts';
import { visitorSide } from './visitor-side.ts';

/** Logs without the request that are named; a folder may hold hundreds. */
const mostLogs = 12;

/** The story of one request, hop by hop, and why it failed; or that no hop saw it, and where else to look. */
export function storyText(story: Story, options: ExplanationOptions): string {
  const page = new Page(options);
  page.heading(askedFor(story));
  if (story.rows.length === 0) unseen(page, story);
  else told(page, story, options);
  searched(page, story);
  return page.toString();
}

function told(page: Page, { rows, untold, verdicts }: Story, options: ExplanationOptions): void {
  for (const row of rows) {
    const [first, ...others] = saying(row);
    page.field(timeOfDay(row.at), [
      [span(whose(row), 'strong'), span(placed(row.record.row), 'faint')],
      [span(first!)],
      ...others.map((clause) => [span(clause)]),
    ]);
  }
  if (untold > 0)
    page.paragraph([span(`and ${counted(untold, 'more row')}: many requests share this id`, 'warn')], 3);
  if (verdicts.length === 0) {
    page.heading('No failure');
    page.paragraph(
      [
        span(
          'Every hop that saw it answered as it should. What the visitor saw, happened behind them or before.',
        ),
      ],
      3,
    );
  }
  for (const verdict of verdicts) why(page, verdict, options);
}

function why(page: Page, verdict: Verdict, { mechanisms }: ExplanationOptions): void {
  page.heading(`Why ${verdict.status === undefined ? 'it failed' : `it got ${verdict.status}`}`);
  page.field('made by', [[span(madeBy(verdict))]]);
  for (const [label, paragraphs] of answer({ verdict, lines: [] }, mechanisms)) page.field(label, paragraphs);
  page.field(
    'would settle',
    verdict.wouldSettle.map(({ text }) => [span(text)]),
  );
}

function unseen(page: Page, story: Story): void {
  page.paragraph([span('No row of these logs holds this id.', 'strong'), span(absence(story))], 3);
  page.gap();
  page.field(
    'shown by',
    whatWouldShow(story).map((text) => [span(text)]),
  );
  page.heading('If no hop saw it, it was lost on the side of the visitor');
  for (const { what, try: hint } of visitorSide) {
    page.paragraph([span(what, 'strong')], 3);
    page.paragraph([span('try:', 'faint'), span(hint)], 5);
  }
}

function searched(page: Page, story: Story): void {
  const without = silentLogs(story);
  if (without.length === 0) return;
  page.heading('Logs in which it is not');
  for (const log of without.slice(0, mostLogs))
    page.paragraph([span(log.file), span(coverage(log), 'faint')], 5, '   ');
  if (without.length > mostLogs)
    page.paragraph([span(`and ${counted(without.length - mostLogs, 'more log')}`)], 3);
}

function coverage({ source, from, to, holdsSuchIds }: SearchedLog): string {
  const time = from === undefined || to === undefined ? 'without a time' : period(from, to);
  const silence = holdsSuchIds ? '' : '; it holds no such ids, so the request may be in it';
  return `${hopNames[hopOf(source)]}, ${time}${silence}`;
}

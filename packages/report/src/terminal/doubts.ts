import type { HopSource } from '@why502/model';
import type { Page } from './page.ts';
import { span } from './span.ts';
import type { Tally } from './tally.ts';
import { counted, number } from './wording.ts';

/** What stays open, and what would have closed it. */
export function doubts(page: Page, tally: Tally): void {
  const { wishes, ambiguous } = tally;
  const unexplained = tally.shares.find(({ mechanism }) => mechanism === undefined);
  if (wishes.length === 0 && ambiguous === 0 && unexplained === undefined) return;
  page.heading('What these logs do not tell');
  if (unexplained !== undefined) {
    const count = unexplained.failures + unexplained.masked;
    page.paragraph([span(`${counted(count, 'failure')} without a reason likely enough to be named.`)], 2);
  }
  if (ambiguous > 0) {
    page.paragraph(
      [span(`${counted(ambiguous, 'failure')} with a second reason that is nearly as likely.`)],
      2,
    );
  }
  for (const { text, verdicts } of wishes) {
    page.paragraph([span(`${number(verdicts)} would be surer, if you ${text}.`)], 4, '  - ');
  }
  if (wishes.length === 0) return;
  const pages = [...new Set(wishes.map(({ hop }) => pageOf[hop]))].sort();
  page.paragraph([span(`How to log it: ${pages.join(', ')}`, 'faint')], 2);
}

const pageOf: Readonly<Record<HopSource, string>> = {
  nginx: 'docs/logging/nginx.md',
  alb: 'docs/logging/alb.md',
  cloudflare: 'docs/logging/cloudflare.md',
  other: 'docs/logging/nginx.md',
};

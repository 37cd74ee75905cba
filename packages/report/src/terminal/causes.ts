import type { Page } from './page.ts';
import { span } from './span.ts';
import type { Share, Tally } from './tally.ts';
import { number, share, sureness } from './wording.ts';

/** The causes, most failures first, where there are several. Requests that a retry saved have a column of their own, if there are any. */
export function causes(page: Page, tally: Tally): void {
  const { shares } = tally;
  if (shares.length < 2) return;
  const failures = shares.reduce((sum, one) => sum + one.failures, 0);
  const anyMasked = shares.some(({ masked }) => masked > 0);
  page.heading('Causes');
  page.table(
    ['failed', ...(anyMasked ? ['retried'] : []), 'share', 'sure'],
    'why',
    shares.map((one) => ({
      numbers: [
        number(one.failures),
        ...(anyMasked ? [number(one.masked)] : []),
        failures === 0 ? '' : share(one.failures, failures),
        one.mechanism === undefined ? '' : sureness(one.confidence / (one.failures + one.masked)),
      ],
      text: [span(titleOf(one, tally)), span(named(one), 'faint')],
    })),
  );
}

/** A sentence where one is known, else the id. */
export function titleOf({ mechanism }: Pick<Share, 'mechanism'>, tally: Tally): string {
  return tally.titleOf(mechanism) ?? mechanism ?? 'Failures that the logs do not explain';
}

/** What to look up: `[process_down, upstream_fault]`. */
export function named({ mechanism, cause }: Pick<Share, 'mechanism' | 'cause'>): string {
  return mechanism === undefined ? `[${cause}]` : `[${mechanism}, ${cause}]`;
}

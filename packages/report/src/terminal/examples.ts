import type { Summary, Verdict, WeighedEvidence } from '@why502/model';
import { named, titleOf } from './causes.ts';
import type { Page, Paragraph } from './page.ts';
import { toDo } from './remedies.ts';
import { span } from './span.ts';
import type { Share, Tally } from './tally.ts';
import { counted, period, placed, sureness } from './wording.ts';

const evidenceShown = 3;

/** One line for what failed a few times, and where to look. */
export function mentionExample(page: Page, share: Share, tally: Tally): void {
  const { example, failures, masked } = share;
  const [row] = example.rows;
  page.paragraph(
    [
      span(titleOf(share, tally)),
      span(named(share), 'faint'),
      span(`${counted(failures + masked, 'request')}${row === undefined ? '' : `, such as ${placed(row)}`}`),
    ],
    3,
    '-  ',
  );
}

/** The surest verdict of its mechanism, in full. */
export function describeExample(page: Page, share: Share, tally: Tally, { zoneMin }: Summary): void {
  const verdict = share.example;
  const [row] = verdict.rows;
  page.gap();
  page.paragraph([span(titleOf(share, tally), 'strong'), span(named(share), 'faint')], 3, '-  ');
  page.field('when', [
    [span(period(verdict.time, verdict.time, zoneMin))],
    ...(row === undefined ? [] : [{ verbatim: placed(row) }]),
  ]);
  page.field('hit', [[span(request(verdict))]]);
  page.field('where', where(verdict));
  if (share.mechanism !== undefined)
    page.field('sure', [[span(`${sureness(verdict.confidence)}, ${verdict.certainty}`)]]);
  page.field(share.mechanism === undefined ? 'seen' : 'because', told(verdict));
  if (verdict.candidates.length > 0) {
    const others = verdict.candidates.map(
      ({ mechanism, confidence }) => `${mechanism} (${sureness(confidence)})`,
    );
    page.field('or else', [[span(others.join(', '))]]);
  }
  page.field('to do', toDo(verdict.remedy));
}

function request({ method, host, path, status, outcome }: Verdict): string {
  const asked = [method, `${host ?? ''}${path ?? ''}`]
    .filter((part) => part !== undefined && part !== '')
    .join(' ');
  const sent = status === undefined ? 'status not known' : `status ${status}`;
  const answer = outcome === 'masked' ? `${sent} after a retry` : sent;
  return asked === '' ? answer : `${asked}, ${answer}`;
}

function where({ upstream, peer }: Verdict): Paragraph[] {
  const scope = [
    ...(upstream === undefined ? [] : [`service ${upstream}`]),
    ...(peer === undefined ? [] : [`peer ${peer}`]),
  ];
  return scope.length === 0 ? [] : [[span(scope.join(', '))]];
}

/** What speaks for the verdict; where it names none, what was seen. */
function told({ evidence, mechanism }: Verdict): Paragraph[] {
  const speaks = ({ weight }: WeighedEvidence): boolean => mechanism === undefined || weight > 0;
  return evidence
    .filter(speaks)
    .slice(0, evidenceShown)
    .flatMap(({ text, row }) => [[span(text)], ...(row === undefined ? [] : [{ verbatim: placed(row) }])]);
}

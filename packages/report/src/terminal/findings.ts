import type { Counted, Incident, Summary } from '@why502/model';
import { named } from './causes.ts';
import { describeExample, mentionExample } from './examples.ts';
import { ended } from './lasting.ts';
import { makers } from './makers.ts';
import type { Page, Paragraph } from './page.ts';
import { toDo } from './remedies.ts';
import { span } from './span.ts';
import type { Tally } from './tally.ts';
import { counted, listed, number, placed, share, statuses, sureness } from './wording.ts';

/** Evidence of each incident that is shown, the most telling. */
const evidenceShown = 3;

/** Peers and routes of each incident that are shown, the most frequent. */
const namesShown = 4;

/** Incidents that are described when nobody asks for all. */
const incidentsShown = 3;

/** The largest incidents, and what failed too seldom for one. */
export function findings(page: Page, tally: Tally, summary: Summary, verbose: boolean): void {
  const { incidents } = tally;
  const shown = verbose ? incidents : incidents.slice(0, incidentsShown);
  if (summary.incidents > 1) {
    const more = summary.incidents > shown.length ? `the largest ${shown.length} of ` : '';
    page.heading(`Incidents: ${more}${number(summary.incidents)}`);
  }
  for (const [i, incident] of shown.entries()) describeIncident(page, i + 1, incident, summary);
  if (shown.length < incidents.length) {
    page.gap();
    page.paragraph([span('--verbose describes the others as well.', 'faint')], 3);
  }
  describeSingles(page, tally, summary, verbose || incidents.length === 0);
}

function describeSingles(page: Page, tally: Tally, summary: Summary, whole: boolean): void {
  const { single } = tally;
  if (single.length === 0) return;
  page.heading('Too few for an incident, the surest example of each');
  for (const one of single) {
    if (whole) describeExample(page, one, tally, summary);
    else mentionExample(page, one, tally);
  }
}

function describeIncident(page: Page, rank: number, incident: Incident, summary: Summary): void {
  const { title, mechanism, confidence, success } = incident;
  page.gap();
  page.paragraph([span(title, 'strong'), span(named(incident), 'faint')], 3, String(rank).padEnd(3));
  if (mechanism !== undefined) page.field('sure', [[span(sureness(confidence))]]);
  page.field('when', [[span(ended(incident, summary))]]);
  page.field('hit', hit(incident, summary));
  const made = makers(incident, summary);
  if (made !== undefined) page.field('made by', [[span(made)]]);
  page.field('where', where(incident));
  if (incident.notAffected.length > 0) {
    page.field('not hit', [[span(listed(incident.notAffected, namesShown))]]);
  }
  page.field(mechanism === undefined ? 'seen' : 'because', evidence(incident));
  page.field('to do', toDo(incident.remedy));
  if (success !== '') page.field('mended when', [[span(success)]]);
}

function where({ upstream, peers, methods, routes }: Incident): Paragraph[] {
  const scope = [...(upstream === undefined ? [] : [`service ${upstream}`]), ...names('peer', peers)];
  const asked = methods.length === 1 ? `${methods[0]!.name} ` : '';
  return [
    ...(scope.length === 0 ? [] : [[span(scope.join(', '))]]),
    ...names(`${asked}route`, routes).map((text) => [span(text)]),
    ...(methods.length > 1 ? [[span(`methods ${listed(methods, namesShown)}`)]] : []),
  ];
}

/** `peer a`, `peers a (3), b (2)`; nothing without any. */
function names(noun: string, items: readonly Counted[]): readonly string[] {
  const [first, ...others] = items;
  if (first === undefined) return [];
  return [others.length === 0 ? `${noun} ${first.name}` : `${noun}s ${listed(items, namesShown)}`];
}

function hit(incident: Incident, { requests: all }: Summary): Paragraph[] {
  const { requests, masked, effects, byStatus, clients, mainClient, crawlers } = incident;
  const of = all === 0 ? counted(requests, 'request') : `${number(requests)} of ${counted(all, 'request')}`;
  const rate = all === 0 ? '' : ` (${share(requests, all)})`;
  const by = clients === 0 ? '' : `, of ${clients >= 1_000 ? 'at least ' : ''}${counted(clients, 'client')}`;
  return [
    [span(`${of}${rate}${by}: ${statuses(byStatus)}`)],
    ...(mainClient === undefined ? [] : [[span(slice(mainClient, requests), 'warn')]]),
    ...(crawlers.length === 0
      ? []
      : [
          [
            span(
              `search engines among them, by what they claim to be: ${listed(crawlers, namesShown)}`,
              'warn',
            ),
          ],
        ]),
    ...(masked === 0 ? [] : [[span(`${number(masked)} of them answered by a retry`)]]),
    ...(effects === 0
      ? []
      : [[span(`${number(effects)} of them failed in the wake of others, their peers put aside`)]]),
  ];
}

/** What is above all a matter of one client may not be one of the service. */
function slice({ network, requests }: NonNullable<Incident['mainClient']>, all: number): string {
  return `${requests === all ? 'all' : number(requests)} of one client (${network})`;
}

/** Places stand on lines of their own, so that none is broken in two. */
function evidence(incident: Incident): Paragraph[] {
  return incident.evidence.slice(0, evidenceShown).flatMap(({ text, requests, row }) => {
    const times = requests === incident.requests ? 'in all of them' : `in ${number(requests)} of them`;
    const first =
      row === undefined ? [] : [{ verbatim: `${placed(row)}${requests > 1 ? '  (the first)' : ''}` }];
    return [[span(text), span(`(${times})`, 'faint')], ...first];
  });
}

import type { Counted, Incident, Remedy, Summary, Verdict, WeighedEvidence } from '@why502/model';
import { named, titleOf } from './causes.ts';
import type { Page, Paragraph } from './page.ts';
import { span } from './span.ts';
import type { Share, Tally } from './tally.ts';
import { counted, lasting, listed, number, period, placed, statuses, sureness } from './wording.ts';

/** Evidence, peers and routes that are shown of each finding, the most telling ones. */
const mostShown = 4;

/** The largest incidents, and one example of each mechanism that failed too seldom for one. */
export function findings(page: Page, tally: Tally, summary: Summary): void {
  const { incidents, single } = tally;
  if (incidents.length > 0) {
    const more = summary.incidents > incidents.length ? `the largest ${incidents.length} of ` : '';
    page.heading(`Incidents: ${more}${number(summary.incidents)}`);
    for (const [i, incident] of incidents.entries()) describeIncident(page, i + 1, incident);
  }
  if (single.length > 0) {
    page.heading('Too few for an incident, the surest example of each');
    for (const share of single) describeExample(page, share, tally);
  }
}

function describeIncident(page: Page, rank: number, incident: Incident): void {
  const { started, ended, upstream } = incident;
  page.gap();
  page.paragraph(
    [span(`${incident.title}`, 'strong'), span(named(incident), 'faint')],
    3,
    String(rank).padEnd(3),
  );
  page.field('when', [[span(`${period(started, ended)} (${lasting(started, ended)})`)]]);
  page.field('hit', hit(incident));
  page.field('where', [
    ...(upstream === undefined ? [] : [[span(`service ${upstream}`)]]),
    ...scope('peer', incident.peers),
    ...scope('route', incident.routes),
  ]);
  if (incident.notAffected.length > 0) {
    page.field('not hit', [[span(listed(incident.notAffected, mostShown))]]);
  }
  if (incident.mechanism !== undefined) page.field('sure', [[span(sureness(incident.confidence))]]);
  page.field(
    'evidence',
    incident.evidence.slice(0, mostShown).map(({ text, requests, row }) => {
      const place = row === undefined ? '' : `: ${placed(row)}`;
      return [span(text), span(`(first of ${number(requests)}${place})`, 'faint')];
    }),
  );
  page.field('to do', toDo(incident.remedy));
  if (incident.success !== '') page.field('mended when', [[span(incident.success)]]);
}

/** `peers a (3), b (2)`; nothing without any. */
function scope(noun: string, items: readonly Counted[]): Paragraph[] {
  if (items.length === 0) return [];
  return [[span(`${noun}${items.length === 1 ? '' : 's'} ${listed(items, mostShown)}`)]];
}

function hit({ requests, masked, effects, byStatus, clients, mainClient, crawlers }: Incident): Paragraph[] {
  const by = clients === 0 ? '' : ` of ${clients >= 1_000 ? 'at least ' : ''}${counted(clients, 'client')}`;
  return [
    [span(`${counted(requests, 'request')}${by}: ${statuses(byStatus)}`)],
    ...(mainClient === undefined ? [] : [[span(slice(mainClient, requests), 'warn')]]),
    ...(crawlers.length === 0 ? [] : [[span(`search engines among them: ${crawlers.join(', ')}`, 'warn')]]),
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

function describeExample(page: Page, share: Share, tally: Tally): void {
  const verdict = share.example;
  const [row] = verdict.rows;
  page.gap();
  page.paragraph([span(titleOf(share, tally), 'strong'), span(named(share), 'faint')], 3, '-  ');
  page.field('when', [
    [
      span(period(verdict.time, verdict.time)),
      ...(row === undefined ? [] : [span(`(${placed(row)})`, 'faint')]),
    ],
  ]);
  page.field('hit', [[span(request(verdict))]]);
  page.field('where', where(verdict));
  if (share.mechanism !== undefined)
    page.field('sure', [[span(`${sureness(verdict.confidence)}, ${verdict.certainty}`)]]);
  page.field('evidence', told(verdict));
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
  return [
    ...(upstream === undefined ? [] : [[span(`service ${upstream}`)]]),
    ...(peer === undefined ? [] : [[span(`peer ${peer}`)]]),
  ];
}

/** What speaks for the verdict; where it names none, what was seen. */
function told({ evidence, mechanism }: Verdict): Paragraph[] {
  const speaks = ({ weight }: WeighedEvidence): boolean => mechanism === undefined || weight > 0;
  return evidence
    .filter(speaks)
    .slice(0, mostShown)
    .map(({ text, row }) => [span(text), ...(row === undefined ? [] : [span(`(${placed(row)})`, 'faint')])]);
}

function toDo(remedy: readonly Remedy[]): Paragraph[] {
  return remedy.flatMap(({ where: place, change, example }) => [
    [span(`${place}:`, 'strong'), span(change)],
    ...(example === undefined ? [] : [{ verbatim: example }]),
  ]);
}

import type { Counted, Incident, Remedy, Summary } from '@why502/model';
import { ended } from '../terminal/lasting.ts';
import { makers } from '../terminal/makers.ts';
import { counted, number, placed, share, statuses, sureness } from '../terminal/wording.ts';
import { code, fenced, inert } from './inert.ts';

const evidenceShown = 3;
const namesShown = 4;

/** One incident as a section: what, how sure, whom it hit and whom not, evidence, and a list to tick off. */
export function incidentSection(rank: number, incident: Incident, summary: Summary): string {
  const { title, mechanism, cause, confidence, remedy, success } = incident;
  const name = mechanism === undefined ? `Cause: ${inert(cause)}.` : named(mechanism, cause, confidence);
  return [
    `## ${rank}. ${inert(title)}`,
    name,
    table(facts(incident, summary)),
    ...(incident.evidence.length === 0 ? [] : ['**Evidence**', evidence(incident)]),
    ...(remedy.length === 0 ? [] : ['**To do**', remedy.map(task).join('\n')]),
    ...(success === '' ? [] : [`Mended when: ${inert(success)}.`]),
  ].join('\n\n');
}

/** Rows of a label and a text that is inert already. */
export function table(rows: readonly (readonly [string, string])[]): string {
  return ['| | |', '| --- | --- |', ...rows.map(([label, text]) => `| ${label} | ${text} |`)].join('\n');
}

function named(mechanism: string, cause: string, confidence: number): string {
  return `${code(mechanism)}, ${inert(cause)}: ${sureness(confidence)} sure.`;
}

function facts(incident: Incident, summary: Summary): readonly (readonly [string, string])[] {
  const { requests, byStatus, clients, mainClient, crawlers, masked, effects } = incident;
  const { requests: all } = summary;
  const of = all === 0 ? counted(requests, 'request') : `${number(requests)} of ${counted(all, 'request')}`;
  const rate = all === 0 ? '' : ` (${share(requests, all)})`;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['When', ended(incident, summary)],
    ['Hit', `${of}${rate}: ${inert(statuses(byStatus))}`],
    ['Clients', clients === 0 ? undefined : `${clients >= 1_000 ? 'at least ' : ''}${number(clients)}`],
    ['Mostly', mainClient && `${number(mainClient.requests)} of one client, ${code(mainClient.network)}`],
    ['Search engines, as claimed', listed(crawlers)],
    ['Made by', makers(incident, summary)],
    ['Service', incident.upstream === undefined ? undefined : code(incident.upstream)],
    ['Peers', listed(incident.peers)],
    ['Methods', listed(incident.methods)],
    ['Routes', listed(incident.routes)],
    ['Not hit', listed(incident.notAffected)],
    ['Answered by a retry', masked === 0 ? undefined : number(masked)],
    ['In the wake of others', effects === 0 ? undefined : number(effects)],
  ];
  return rows.flatMap(([label, text]) => (text === undefined ? [] : [[label, text] as const]));
}

function listed(items: readonly Counted[]): string | undefined {
  if (items.length === 0) return undefined;
  const shown = items.slice(0, namesShown).map(({ name, requests }) => `${code(name)} (${number(requests)})`);
  const more = items.length > namesShown ? ` and ${number(items.length - namesShown)} more` : '';
  return shown.join(', ') + more;
}

function evidence(incident: Incident): string {
  return fenced(
    incident.evidence
      .slice(0, evidenceShown)
      .flatMap(({ text, requests, row }) => [
        ...(row === undefined ? [] : [inert(placed(row))]),
        `${row === undefined ? '' : '  '}${inert(text)} (${number(requests)} of ${number(incident.requests)})`,
      ]),
  );
}

/** The example is our own text, and stays as it is so that it can be copied. */
function task({ where, change, example }: Remedy): string {
  const line = `- [ ] **${inert(where)}**: ${inert(change)}`;
  return example === undefined ? line : `${line}\n\n${fenced(example.split('\n'), '  ')}\n`;
}

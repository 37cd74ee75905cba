import type { Counted, Incident, Summary } from '@why502/model';
import { ended } from './terminal/lasting.ts';
import { makers } from './terminal/makers.ts';
import { counted, number, share, statuses } from './terminal/wording.ts';

/** How a page or a ticket shows what comes out of logs. */
export interface FactsLook {
  /** A name that a log holds, made safe for where it will stand. */
  readonly name: (text: string) => string;
  /** Peers, routes and methods that are named; the others are counted. */
  readonly most: number;
}

/** Whom an incident hit, where and when, and whom not, as labels and texts; what is not so is left out. */
export function incidentFacts(
  incident: Incident,
  summary: Summary,
  { name, most }: FactsLook,
): readonly (readonly [string, string])[] {
  const { requests, byStatus, clients, mainClient, crawlers, masked, effects, upstream } = incident;
  const { requests: all } = summary;
  const of = all === 0 ? counted(requests, 'request') : `${number(requests)} of ${counted(all, 'request')}`;
  const rate = all === 0 ? '' : ` (${share(requests, all)})`;
  const named = (items: readonly Counted[]) => {
    if (items.length === 0) return undefined;
    const shown = items.slice(0, most).map((one) => `${name(one.name)} (${number(one.requests)})`);
    const more = items.length > most ? ` and ${number(items.length - most)} more` : '';
    return shown.join(', ') + more;
  };
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['When', ended(incident, summary)],
    ['Hit', `${of}${rate}: ${statuses(byStatus)}`],
    ['Clients', clients === 0 ? undefined : `${clients >= 1_000 ? 'at least ' : ''}${number(clients)}`],
    ['Mostly', mainClient && `${number(mainClient.requests)} of one client, ${name(mainClient.network)}`],
    ['Search engines, as claimed', named(crawlers)],
    ['Made by', makers(incident, summary)],
    ['Service', upstream === undefined ? undefined : name(upstream)],
    ['Peers', named(incident.peers)],
    ['Methods', named(incident.methods)],
    ['Routes', named(incident.routes)],
    ['Not hit', named(incident.notAffected)],
    ['Answered by a retry', masked === 0 ? undefined : number(masked)],
    ['In the wake of others', effects === 0 ? undefined : number(effects)],
  ];
  return rows.flatMap(([label, text]) => (text === undefined ? [] : [[label, text] as const]));
}

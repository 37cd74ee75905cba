import type { Instant, MechanismId } from '@why502/model';
import { paint, type Span, type Style, span } from '../terminal/span.ts';
import { clock, lasting, number, statuses, sureness } from '../terminal/wording.ts';
import type { RunningIncident } from './running-incident.ts';

/** What happened to an incident; `revised`: what it was made of turned out to be something else. */
export type Change = 'opened' | 'grown' | 'closed' | 'revised';

export interface LineOptions {
  readonly color: boolean;
  /** What each mechanism does, as a sentence. */
  readonly titles: ReadonlyMap<MechanismId, string>;
  /** Offset of the logs' local time from UTC now, minutes, in which times are written. */
  readonly zoneMin: () => number;
}

const styles: Readonly<Record<Change, Style>> = {
  opened: 'bad',
  grown: 'warn',
  closed: 'good',
  revised: 'faint',
};

const longestRemedy = 90;

/** `10:15:32 opened  12 × 502, api: the peer refuses connections (upstream_fault, 93 % sure, first look); 10.0.0.7:8080; nginx: …` */
export function lineOf(
  incident: RunningIncident,
  change: Change,
  at: Instant,
  { color, titles, zoneMin }: LineOptions,
): string {
  const title =
    incident.mechanism === undefined ? 'the logs do not tell why' : titles.get(incident.mechanism);
  const spans: Span[] = [
    span(`${clock(at, zoneMin())} `, 'faint'),
    span(change.padEnd(8), styles[change]),
    span(change === 'revised' ? '' : `${statuses(incident.byStatus)}  `, 'strong'),
    span(incident.service === undefined ? '' : `${incident.service}: `),
    span(lowerFirst(title ?? incident.mechanism ?? ''), 'strong'),
    span(
      change === 'revised'
        ? ', it seemed; the failures are about something else'
        : ` (${certainty(incident)})`,
    ),
    span(peersOf(incident, change)),
    span(change === 'closed' ? `, over after ${lasting(incident.started, incident.ended)}` : ''),
    span(change === 'opened' ? remedyOf(incident) : '', 'faint'),
  ];
  const painted = paint(color);
  return spans
    .filter(({ text }) => text !== '')
    .map(painted)
    .join('');
}

function certainty({ mechanism, cause, confidence, settled }: RunningIncident): string {
  const sure = mechanism === undefined ? [] : [cause, `${sureness(confidence)} sure`];
  return [...sure, ...(settled === 0 ? ['first look'] : [])].join(', ') || cause;
}

function peersOf({ peers }: RunningIncident, change: Change): string {
  if (peers.length === 0 || change === 'revised') return '';
  const [first] = peers;
  return peers.length === 1 ? `; peer ${first}` : `; peer ${first} and ${number(peers.length - 1)} more`;
}

function remedyOf({ remedy }: RunningIncident): string {
  const [first] = remedy;
  if (first === undefined) return '';
  const text = `${first.where}: ${first.change}`;
  return `; ${text.length > longestRemedy ? `${text.slice(0, longestRemedy - 1)}…` : text}`;
}

/** Titles are sentences, and names of products keep their capitals. */
function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text;
}

import type { Incident, Remedy, Summary } from '@why502/model';
import { type FactsLook, incidentFacts } from '../incident-facts.ts';
import { number, placed, sureness } from '../terminal/wording.ts';
import { code, fenced, inert } from './inert.ts';

const evidenceShown = 3;
const look: FactsLook = { name: code, most: 4 };

/** One incident as a section: what, how sure, whom it hit and whom not, evidence, and a list to tick off. */
export function incidentSection(rank: number, incident: Incident, summary: Summary): string {
  const { title, mechanism, cause, confidence, remedy, success } = incident;
  const name = mechanism === undefined ? `Cause: ${inert(cause)}.` : named(mechanism, cause, confidence);
  return [
    `## ${rank}. ${inert(title)}`,
    name,
    table(incidentFacts(incident, summary, look)),
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

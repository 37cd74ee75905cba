import { causeNames, type Incident, type IncidentEvidence, type Remedy, type Summary } from '@why502/model';
import { type FactsLook, incidentFacts } from '../incident-facts.ts';
import { counted, number, placed, sureness } from '../terminal/wording.ts';
import { causeClass } from './cause-look.ts';
import { html, type Markup } from './markup.ts';

/** Evidence that is seen at once, the most telling; more on request. */
const evidenceShown = 3;

/** What is put into markup is made safe there. */
const look: FactsLook = { name: (text) => text, most: 8 };

/** One incident: what it is and how sure, whom it hit and whom not, why, and what to do. */
export function incidentCard(incident: Incident, rank: number, summary: Summary): Markup {
  const { title, mechanism, cause, confidence, evidence, remedy, success } = incident;
  const sure =
    mechanism === undefined ? undefined : html`<span class="sure">${sureness(confidence)} sure</span>`;
  return html`<article class="incident" id="incident-${rank}">
<header><span class="rank ${causeClass(cause)}">${rank}</span><div><h3>${title}</h3>
<p class="faint">${mechanism === undefined ? undefined : html`<code>${mechanism}</code>, `}${causeNames[cause]}</p></div>${sure}</header>
<dl>${incidentFacts(incident, summary, look).map(([label, text]) => html`<div><dt>${label}</dt><dd>${text}</dd></div>`)}</dl>
${evidence.length === 0 ? undefined : proof(incident, evidence)}
${toDo(remedy)}
${success === '' ? undefined : html`<p class="mended"><strong>Mended when</strong> ${success}.</p>`}
</article>`;
}

/** What to change and where. */
export function toDo(remedy: readonly Remedy[]): Markup | undefined {
  if (remedy.length === 0) return undefined;
  return html`<h4>To do</h4><ul class="remedy">${remedy.map(
    ({ where, change, example }) =>
      html`<li><strong>${where}</strong>: ${change}${example === undefined ? undefined : html`<pre>${example}</pre>`}</li>`,
  )}</ul>`;
}

function proof({ mechanism, requests }: Incident, evidence: readonly IncidentEvidence[]): Markup {
  const items = evidence.map((one) => piece(one, requests));
  const more = items.slice(evidenceShown);
  return html`<h4>${mechanism === undefined ? 'Seen' : 'Because'}</h4><ul class="evidence">${items.slice(0, evidenceShown)}</ul>
${more.length === 0 ? undefined : html`<details><summary>${counted(more.length, 'more fact')}</summary><ul class="evidence">${more}</ul></details>`}`;
}

function piece({ text, requests, row }: IncidentEvidence, all: number): Markup {
  const times = requests === all ? 'in all of them' : `in ${number(requests)} of them`;
  return html`<li>${text} <span class="faint">(${times})</span>${row === undefined ? undefined : html`<br><code>${placed(row)}</code>`}</li>`;
}

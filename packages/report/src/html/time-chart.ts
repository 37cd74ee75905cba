import { causeNames, type Incident, trafficBucketMs } from '@why502/model';
import { counted, number, period, share } from '../terminal/wording.ts';
import { causeClass } from './cause-look.ts';
import { html, type Markup } from './markup.ts';
import { type Column, causesOf, type Drawn, failuresOf } from './time-series.ts';

/** Height of the drawing in its own units; it is stretched to its place. */
const high = 100;

/** Labels below the drawing. */
const mostLabels = 5;

/** Failures over time, one colour per cause, and below, when each incident was. */
export function timeChart(drawn: Drawn, incidents: readonly Incident[], zoneMin: number | undefined): Markup {
  const { columns, width, outside } = drawn;
  const most = Math.max(...columns.map(failuresOf));
  const shown = causesOf(columns);
  return html`<figure class="chart">
<figcaption>Failed requests per ${widthName(width)}, at most ${number(most)}</figcaption>
<ul class="legend">${shown.map((cause) => html`<li><span class="dot ${causeClass(cause)}"></span>${causeNames[cause]}</li>`)}</ul>
<svg class="bars" viewBox="0 0 ${columns.length} ${high}" preserveAspectRatio="none" role="img" aria-label="Failed requests over time">
<title>Failed requests over time</title>
${columns.map((column, i) => bar(column, i, most, width, zoneMin))}</svg>
${incidents.map((incident, i) => strip(incident, i, drawn))}
<div class="times">${labels(columns, width, zoneMin).map((text) => html`<span>${text}</span>`)}</div>
${outside === 0 ? undefined : html`<p class="faint">${counted(outside, 'failure')} before or after this time.</p>`}</figure>`;
}

function bar(column: Column, at: number, most: number, width: number, zoneMin: number | undefined): Markup {
  const causes = causesOf([column]);
  const failed = failuresOf(column);
  // Requests that went well are counted by ten seconds.
  const requests = width < trafficBucketMs ? 0 : Math.max(0, ...column.requests.values());
  const of = requests === 0 ? '' : ` of ${counted(requests, 'request')} (${share(failed, requests)})`;
  const told = causes.map((cause) => `\n${number(column.failures.get(cause)!)} × ${causeNames[cause]}`);
  let top = high;
  const parts = causes.map((cause) => {
    const tall = (high * column.failures.get(cause)!) / most;
    top -= tall;
    return html`<rect class="${causeClass(cause)}" x="${at + 0.08}" y="${rounded(top)}" width="0.84" height="${rounded(tall)}"/>`;
  });
  const title = `${span(column.start, width, zoneMin)}\n${number(failed)} failed${of}${told.join('')}`;
  return html`<g class="column"><title>${title}</title><rect class="hover" x="${at}" y="0" width="1" height="${high}"/>${parts}</g>
`;
}

/** A line from the first failure of an incident to its last, which leads to its description. */
function strip({ started, ended, title, cause }: Incident, at: number, { columns, width }: Drawn): Markup {
  const origin = columns[0]!.start;
  const place = (time: number) => Math.min(columns.length, Math.max(0, (time - origin) / width));
  const from = place(started);
  const long = Math.max(place(ended) - from, columns.length / 200);
  return html`<a class="strip" href="#incident-${at + 1}"><svg viewBox="0 0 ${columns.length} 1" preserveAspectRatio="none" role="img" aria-label="${title}"><title>${title}</title><rect class="${causeClass(cause)}" x="${rounded(Math.min(from, columns.length - long))}" y="0" width="${rounded(long)}" height="1"/></svg><span>${at + 1}</span></a>
`;
}

/** From the first column to the end of the last one, as evenly as columns allow. */
export function labels(columns: readonly Column[], width: number, zoneMin = 0): readonly string[] {
  const origin = columns[0]!.start;
  const whole = columns.length * width;
  const count = Math.min(mostLabels, columns.length + 1);
  return Array.from({ length: count }, (_, i) => {
    const at = new Date(origin + (whole * i) / (count - 1) + zoneMin * 60_000).toISOString();
    return whole > 2 * 86_400_000 ? at.slice(0, 10) : at.slice(11, width < 60_000 ? 19 : 16);
  });
}

export function span(start: number, width: number, zoneMin: number | undefined): string {
  return period(start as Incident['started'], (start + width) as Incident['started'], zoneMin);
}

function widthName(width: number): string {
  const seconds = width / 1_000;
  const [amount, unit] =
    seconds < 60
      ? [seconds, 's']
      : seconds < 3_600
        ? [seconds / 60, 'min']
        : seconds < 86_400
          ? [seconds / 3_600, 'h']
          : [seconds / 86_400, 'd'];
  return amount === 1 ? { s: 'second', min: 'minute', h: 'hour', d: 'day' }[unit]! : `${amount} ${unit}`;
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

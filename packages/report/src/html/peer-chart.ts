import { counted, number, share } from '../terminal/wording.ts';
import { html, type Markup } from './markup.ts';
import { labels, span } from './time-chart.ts';
import type { Column, Drawn, PeerCount } from './time-series.ts';

/** Peers that have a row, those with most failures first, then healthy ones to compare with. */
const mostRows = 12;

/** Steps of the colour: up to this share of a peer's requests failed. */
const steps = [0, 0.02, 0.1, 0.3, 0.7, 1] as const;

/** Which peers failed when: a row per peer, a cell per stretch of time. Undefined where fewer than two peers are known. */
export function peerChart(drawn: Drawn, zoneMin: number | undefined): Markup | undefined {
  const { columns, width } = drawn;
  const peers = ranked(columns);
  if (peers.length < 2) return undefined;
  const shown = peers.slice(0, mostRows);
  const left = peers.slice(mostRows);
  return html`<figure class="peers">
<figcaption>Share of each peer's requests that failed</figcaption>
<table>${shown.map(([peer, total]) => row(peer, total, drawn, zoneMin))}
<tr><th></th><td><div class="times">${labels(columns, width, zoneMin).map((text) => html`<span>${text}</span>`)}</div></td><td></td></tr></table>
<ul class="legend">${steps.map((most, i) => html`<li><span class="dot heat-${i}"></span>${i === 0 ? 'none' : `up to ${most * 100} %`}</li>`)}</ul>
${left.length === 0 ? undefined : html`<p class="faint">${counted(left.length, 'more peer')}, ${number(left.reduce((sum, [, { failures }]) => sum + failures, 0))} failures.</p>`}</figure>`;
}

function row(peer: string, total: PeerCount, { columns, width }: Drawn, zoneMin: number | undefined): Markup {
  const cells = columns.flatMap(({ peers, start }, i) => {
    const count = peers.get(peer);
    if (count === undefined) return [];
    return html`<rect class="heat-${heat(count)}" x="${i}" y="0" width="1" height="1"><title>${`${peer}\n${span(start, width, zoneMin)}\n${told(count)}`}</title></rect>`;
  });
  return html`<tr><th scope="row">${peer}</th><td><svg class="cells" viewBox="0 0 ${columns.length} 1" preserveAspectRatio="none" role="img" aria-label="${`${peer}: ${told(total)}`}">${cells}</svg></td><td class="number">${number(total.failures)}</td></tr>
`;
}

function told({ requests, failures }: PeerCount): string {
  if (requests < failures) return `${number(failures)} failed`;
  return `${number(failures)} of ${counted(requests, 'request')} failed (${share(failures, requests)})`;
}

function heat({ requests, failures }: PeerCount): number {
  if (failures === 0) return 0;
  const failing = failures / Math.max(requests, failures);
  return steps.findIndex((most, i) => i > 0 && failing <= most);
}

function ranked(columns: readonly Column[]): readonly (readonly [string, PeerCount])[] {
  const peers = new Map<string, PeerCount>();
  for (const column of columns) {
    for (const [peer, { requests, failures }] of column.peers) {
      const count = peers.get(peer) ?? { requests: 0, failures: 0 };
      count.requests += requests;
      count.failures += failures;
      peers.set(peer, count);
    }
  }
  return [...peers].sort(
    ([a, one], [b, other]) =>
      other.failures - one.failures || other.requests - one.requests || (a < b ? -1 : 1),
  );
}

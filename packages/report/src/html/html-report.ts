import { createHash } from 'node:crypto';
import { trafficBucketMs } from '@why502/model';
import type { Report, ReportOptions } from '../terminal/report.ts';
import { Tally } from '../terminal/tally.ts';
import { incidentCard } from './incident-card.ts';
import { html } from './markup.ts';
import { peerChart } from './peer-chart.ts';
import { causeTable, doubts, figures, headline, made, singles } from './sections.ts';
import { style } from './style.ts';
import { timeChart } from './time-chart.ts';
import { TimeSeries } from './time-series.ts';

/**
 * A report as one page that needs nothing else: it opens from a disk or a mail and loads nothing. It has no script, and its
 * policy forbids any (Content Security Policy, `default-src 'none'`), so that nothing out of a log can ever run in it. Wants
 * traffic beside verdicts and incidents, for its charts; without, it shows failures alone.
 */
export function createHtmlReport(options: Pick<ReportOptions, 'titles'>): Report {
  const tally = new Tally(options.titles);
  const failing = new TimeSeries(1_000);
  const shares = new TimeSeries(trafficBucketMs);
  return {
    add: (result) => {
      tally.add(result);
      failing.add(result);
      shares.add(result);
    },
    text: (summary) => {
      const { incidents } = tally;
      const title = headline(tally, summary);
      const drawn = failing.drawn();
      const peers = shares.drawn();
      const more = summary.incidents > incidents.length ? `, the largest ${incidents.length}` : '';
      return String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${`default-src 'none'; style-src 'sha256-${styleHash()}'`}">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${figures(tally, summary)}
${drawn === undefined ? undefined : timeChart(drawn, incidents, summary.zoneMin)}
${causeTable(tally)}
${incidents.length === 0 ? undefined : html`<section><h2>Incidents${more}</h2>${incidents.map((incident, i) => incidentCard(incident, i + 1, summary))}</section>`}
${peers === undefined ? undefined : peerSection(peers, summary.zoneMin)}
${singles(tally)}
${doubts(tally)}
${made(summary)}
</main>
</body>
</html>`);
    },
  };
}

function peerSection(...args: Parameters<typeof peerChart>) {
  const chart = peerChart(...args);
  return chart === undefined ? undefined : html`<section><h2>Peers</h2>${chart}</section>`;
}

function styleHash(): string {
  return createHash('sha256').update(String(style)).digest('base64');
}

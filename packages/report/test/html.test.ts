import { Problem, type Result, type Summary } from '@why502/model';
import { describe, expect, it } from 'vitest';
import { createHtmlReport, createReport } from '../src/index.ts';
import { night, outage, reset, results } from './outage.ts';
import { payloads } from './payloads.ts';
import { withTexts } from './with-texts.ts';

const titles = new Map([
  ['keepalive_mismatch', 'The upstream closes idle connections just as the proxy reuses them'],
]);

/** What would be a script, a style, an address or a way out of where it stands. */
const markup = [
  '<script>alert(1)</script>',
  '</title><script>alert(1)</script>',
  '</style><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  "' onmouseover='alert(1)",
  '" style="background:url(https://evil.test)',
  'javascript:alert(1)',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  '&lt;script&gt;',
  '&#60;script&#62;',
  '<base href="https://evil.test/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.test">',
  '<link rel=stylesheet href=https://evil.test/x.css>',
  '<iframe srcdoc="<script>alert(1)</script>">',
  '`${alert(1)}`',
  '{{constructor.constructor("alert(1)")()}}',
];

function reportOf(told: readonly Result[], summary: Summary = night()): string {
  const report = createHtmlReport({ titles });
  for (const result of told) report.add(result);
  return report.text(summary);
}

/** Elements and attributes, without what stands in them. */
function skeleton(page: string): string {
  return (page.match(/<[^>]*>/g) ?? []).join('').replace(/"[^"]*"/g, '""');
}

describe('the report as a page', () => {
  it('says what the report for a terminal says', () => {
    const told = results();
    const page = reportOf(told);
    const report = createReport({ color: false, width: 100, titles });
    for (const result of told) report.add(result);
    const [failed] = /[\d,]+ of [\d,]+ requests failed/.exec(report.text(night())) ?? ['nothing'];
    for (const said of [failed, '97 % sure', 'logs/error.log:7', '<strong>Mended when</strong>'])
      expect(page).toContain(said);
  });

  it('has no script, and loads nothing', () => {
    const page = reportOf(results());
    expect(page).not.toMatch(/<script|<link|<img|\bsrc=|url\(|@import/);
    expect([...page.matchAll(/href="([^"]*)"/g)].map(([, to]) => to)).toEqual(['#incident-1']);
    expect(page).toContain('default-src &#39;none&#39;');
  });

  it('of a night without failures says so, and draws nothing', () => {
    const page = reportOf([], night({ failures: 0, masked: 0, byStatus: {}, incidents: 0 }));
    expect(page).toContain('<h1>No request failed</h1>');
    expect(page).not.toContain('<svg');
  });
});

describe('text of a log in a page', () => {
  const mainClient = { network: '203.0.113.0/24' as never, requests: 700 };
  const told: readonly Result[] = [
    ...results().slice(-3),
    { kind: 'verdict', verdict: reset({ id: 'x' }) },
    { kind: 'incident', incident: outage({ mainClient }) },
  ];

  function poisoned(text: string): string {
    const problems = [new Problem('W502_FORMAT_UNKNOWN', { where: text })];
    return reportOf(withTexts(told, text), { ...withTexts(night(), text), problems });
  }

  const harmless = skeleton(poisoned('harmless'));

  it.each([...markup, ...payloads].map((text) => ({ text, name: JSON.stringify(text) })))(
    '$name stays text',
    ({ text }) => {
      const page = poisoned(text);
      expect(skeleton(page)).toEqual(harmless);
      expect(page.replaceAll('\n', '')).toMatch(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u);
    },
  );

  it('is cut where it is long', () => {
    expect(poisoned('x'.repeat(100_000)).length).toBeLessThan(80_000);
  });
});

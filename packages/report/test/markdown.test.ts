import { Problem } from '@why502/model';
import { describe, expect, it } from 'vitest';
import { createMarkdownReport } from '../src/index.ts';
import { night, outage, reset, results } from './outage.ts';
import { payloads } from './payloads.ts';
import { withTexts } from './with-texts.ts';

const titles = new Map([
  ['keepalive_mismatch', 'The upstream closes idle connections just as the proxy reuses them'],
]);

/** Texts that GitHub, GitLab, Slack or Jira would act on. */
const markup = [
  '@here',
  '@octocat',
  'x @channel y',
  '<!channel>',
  '<!subteam^S1|all>',
  '<@U024BE7LH>',
  '<https://evil.test|click>',
  '&lt;!channel&gt;',
  '&#64;here',
  '[~admin]',
  '[click|https://evil.test]',
  '[click](https://evil.test)',
  '[click](javascript:alert(1))',
  '![x](https://evil.test/x.png)',
  '!https://evil.test/x.png!',
  'https://evil.test/x',
  '//evil.test/x',
  '<img src=x onerror=alert(1)>',
  '<script>alert(1)</script>',
  '<!-- hidden -->',
  '<details open ontoggle=alert(1)>',
  '`code`',
  'a`b``c```d',
  '```',
  '~~~',
  '\\`',
  '{noformat}',
  '{code}x{code}',
  '{toc}',
  '{{macro}}',
  '| a | b |',
  'a | b',
  '#1',
  'org/repo#1',
  '\n# heading',
  'a\n\n- [x] done',
  '\r\n> quote',
  '[ref]: https://evil.test',
];

/** Everything that could begin something, outside and inside of code spans. */
const active = /[`<>@&#|[\]{}!]/g;

function reportOf(told: readonly unknown[], summary = night(), verbose = false): string {
  const report = createMarkdownReport({ titles, verbose });
  for (const result of told) report.add(result as ReturnType<typeof results>[number]);
  return report.text(summary);
}

/** What acts in each line. */
function skeleton(text: string): readonly string[] {
  return text.split('\n').map((line) => (line.match(active) ?? []).join(''));
}

describe('the report in Markdown', () => {
  const problems = [new Problem('W502_DAMAGED_ARCHIVE', { where: 'logs/access.log.2.gz' })];

  it('reads like this', async () => {
    await expect(`${reportOf(results(), night({ problems }))}\n`).toMatchFileSnapshot('night.report.md');
  });

  it('of a night without failures says so', () => {
    const quiet = night({ failures: 0, masked: 0, byStatus: {}, incidents: 0 });
    expect(reportOf([], quiet)).toContain('# No request failed\n');
  });

  it('says how many incidents it leaves out', () => {
    const many = Array.from({ length: 12 }, (_, i) => outage({ id: `i${i}`, requests: i + 1 }));
    const told = many.map((incident) => ({ kind: 'incident', incident }));
    expect(reportOf(told, night({ incidents: 12 }))).toContain('- 9 more incidents');
    expect(reportOf(told, night({ incidents: 12 }), true)).toContain('- 2 more incidents');
  });
});

describe('text of a log in Markdown', () => {
  const incident = outage({ mainClient: { network: '203.0.113.0/24' as never, requests: 700 } });
  const told = [
    ...results().slice(-3),
    { kind: 'verdict', verdict: reset({ id: 'x' }) },
    { kind: 'incident', incident },
  ];

  function poisoned(text: string): string {
    const problem = new Problem('W502_FORMAT_UNKNOWN', { where: text });
    return reportOf(withTexts(told, text), { ...withTexts(night(), text), problems: [problem] });
  }

  const harmless = skeleton(poisoned('harmless'));

  it.each([...markup, ...payloads].map((text) => ({ text, name: JSON.stringify(text) })))(
    '$name stays text',
    ({ text }) => {
      const report = poisoned(text);
      expect(skeleton(report)).toEqual(harmless);
      expect(report.replaceAll('\n', '')).toMatch(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u);
    },
  );

  it('is cut where it is long', () => {
    expect(poisoned('x'.repeat(100_000)).length).toBeLessThan(20_000);
  });
});

import { Problem, type Result } from '@why502/model';
import { expect, test } from 'vitest';
import { createReport, problemText, type ReportOptions } from '../src/index.ts';
import { cells } from '../src/terminal/wrap.ts';
import { night, outage, reset, results } from './outage.ts';
import { payloads } from './payloads.ts';

/** The only escapes that a coloured report may hold. */
const rendition = /\u001b\[\d{1,2}m/g;

/** What no report may hold, save line breaks of its own. */
const acted = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;

const titles = new Map([
  ['keepalive_mismatch', 'The upstream closes idle connections just as the proxy reuses them'],
]);

function reportOf(told = results(), summary = night(), options: Partial<ReportOptions> = {}): string {
  const report = createReport({ color: false, width: 100, titles, ...options });
  for (const result of told) report.add(result);
  return report.text(summary);
}

test('a night with an outage, a reset and an open question reads like this', async () => {
  const problems = [new Problem('W502_DAMAGED_ARCHIVE', { where: 'logs/access.log.2.gz' })];
  await expect(reportOf(results(), night({ problems }))).toMatchFileSnapshot('night.report.txt');
});

test('a night without failures reads like this', async () => {
  const summary = night({ failures: 0, masked: 0, byCause: {}, byMechanism: {}, byStatus: {}, incidents: 0 });
  await expect(reportOf([], summary)).toMatchFileSnapshot('quiet.report.txt');
});

test('failures that no access log counted are told without a share', () => {
  const [first = ''] = reportOf(results(), night({ requests: 0 })).split('\n');
  expect(first).toBe('The error log tells of 1,125 failed requests, 2026-11-23 06:58:59 to 06:59:09 UTC.');
});

test('a run that read nothing says so instead of calling it quiet', () => {
  const nothing = night({
    requests: 0,
    failures: 0,
    masked: 0,
    lines: 0,
    files: [],
    incidents: 0,
    errorLines: 0,
  });
  const text = reportOf([], { ...nothing, problems: [new Problem('W502_NO_LOGS', { where: 'logs' })] });
  expect(text).toContain('No request was read');
  expect(text).toContain('Not everything could be read');
  expect(text).toContain('logs: the folder holds no log that is recognised [W502_NO_LOGS]');
});

test('a single failure gets its evidence and its remedy though it makes no incident', () => {
  const summary = night({ failures: 1, masked: 0, byStatus: { '502': 1 }, incidents: 0 });
  const text = reportOf([{ kind: 'verdict', verdict: reset() }], summary);
  expect(text).toContain('The reason: The upstream closes idle connections');
  expect(text).toContain('keepalive_timeout 4s;');
  expect(text).not.toContain('Incidents');
});

test('a verdict counts once: not while provisional, not when an outer hop took it over, not when it is no error', () => {
  const said = [{}, { final: false }, { mergedInto: 'outer' }, { outcome: 'not_an_error' }] as const;
  const text = reportOf(
    said.map((change) => ({ kind: 'verdict', verdict: reset(change) })),
    night({ failures: 1, masked: 0, byStatus: { '502': 1 }, incidents: 0 }),
  );
  expect(text).toMatch(/^- {2}.*keepalive_mismatch/m);
  expect(text).not.toContain('Causes');
});

test('an incident says whether it is over, in the time of the log', () => {
  const told = [{ kind: 'incident', incident: outage() } as const];
  const { ended } = outage();
  expect(reportOf(told, night({ zoneMin: 330 }))).toContain(
    '2026-11-23 12:28:59 to 12:29:10 +05:30 (11 s); over, the log goes on for 59 min 49 s',
  );
  expect(reportOf(told, night({ to: ended }))).toContain('up to the end of the log: it may go on');
});

test('the common case fits on a screen', () => {
  const one = results().filter(
    (result) =>
      result.kind === 'incident' || (result.kind === 'verdict' && result.verdict.id.startsWith('v')),
  );
  expect(reportOf(one, night({ masked: 0 })).split('\n').length).toBeLessThanOrEqual(30);
});

test('a later revision of an incident replaces the earlier one', () => {
  const grown = outage({ revision: 1, requests: 2_000 });
  const text = reportOf([
    { kind: 'incident', incident: outage() },
    { kind: 'incident', incident: grown },
  ]);
  expect(text).not.toContain('1,126 of');
  expect(text).toContain('2,000 of 9,050 requests');
});

test('of many incidents the three largest are described, and the ten largest when asked for all', () => {
  const many = Array.from({ length: 500 }, (_, i) => outage({ id: `i${i}`, requests: i }));
  const text = (verbose: boolean) =>
    reportOf(
      many.map((incident) => ({ kind: 'incident', incident })),
      night({ incidents: 500 }),
      { verbose },
    );
  expect(text(false)).toContain('Incidents: the largest 3 of 500');
  expect(text(false).match(/mended when/g)).toHaveLength(3);
  expect(text(false)).toContain('--verbose');
  expect(text(true)).toContain('Incidents: the largest 10 of 500');
  expect(text(true).match(/mended when/g)).toHaveLength(10);
  expect(text(true)).toContain('490 of 9,050 requests');
  expect(text(true)).not.toContain('489 of 9,050 requests');
});

test('of many files those with something amiss are named first', () => {
  const [whole, broken] = night().files;
  const files = [...Array.from({ length: 50 }, (_, i) => ({ ...whole!, file: `access.${i}` })), broken!];
  const text = reportOf([], night({ files }));
  expect(text).toMatch(/^Read .*\n +logs\/error.log:/m);
  expect(text).toContain('and 46 more files');
  expect(reportOf([], night({ files }), { verbose: true })).toContain('and 39 more files');
});

test.each([0, 40, 63, 80, 160, 500])('no line but a command to copy is wider than asked for: %i', (width) => {
  const hosts = results().map((result) =>
    result.kind === 'verdict'
      ? { ...result, verdict: { ...result.verdict, host: '例え.テスト'.repeat(30) } }
      : result,
  );
  const commands = ['systemctl status', 'server.keepAliveTimeout', 'logs/access.log:', 'logs/error.log:'];
  const lines = reportOf(hosts, night(), { width })
    .split('\n')
    .filter((line) => !commands.some((command) => line.includes(command)));
  expect(Math.max(...lines.map(cells))).toBeLessThanOrEqual(Math.min(160, Math.max(40, width)));
});

test('colour is an addition: without its escapes the report is the same', () => {
  const colored = reportOf(results(), night(), { color: true });
  expect(colored).not.toBe(reportOf());
  expect(colored.replace(rendition, '')).toBe(reportOf());
});

test.each([true, false])(
  'nothing that a terminal acts on comes through in any field (colour: %s)',
  (color) => {
    expect(payloads.length).toBeGreaterThan(200);
    for (const payload of payloads) {
      const summary = poisoned(night({ byStatus: { [payload]: 1 } }), payload);
      const problem = new Problem('W502_FORMAT_UNKNOWN', {
        where: payload,
        excerpt: payload,
        expected: payload,
        choices: [payload],
      });
      const told = [
        ...results().slice(-3),
        { kind: 'verdict', verdict: reset({ outcome: 'masked' }) } as const,
      ];
      const text = [
        reportOf(poisoned(told, payload), { ...summary, problems: [problem] }, { color, titles: new Map() }),
        problemText(problem, { color }),
      ].join('\n');
      expect(text.replace(color ? rendition : '', ''), JSON.stringify(payload)).not.toMatch(acted);
      expect(text).not.toMatch(/^Forged/m);
    }
  },
);

/** The same value with every text but the closed words of the model replaced. */
function poisoned<T>(value: T, payload: string): T {
  const closed = [
    'kind',
    'outcome',
    'generator',
    'hop',
    'decision',
    'certainty',
    'reason',
    'field',
    'source',
  ];
  const replace = (key: string, item: unknown): unknown =>
    typeof item === 'string' && !closed.includes(key) ? payload : item;
  return JSON.parse(JSON.stringify(value, replace));
}

test('the page that says how to log more is that of the hop whose log it is', () => {
  const wouldSettle = [{ field: 'trail', text: 'choose the field trace_id' }] as const;
  const ofBalancer: Result = { kind: 'verdict', verdict: { ...reset(), hop: 'alb', wouldSettle } };
  const ofProxy: Result = {
    kind: 'verdict',
    verdict: { ...reset(), id: '0'.repeat(16), wouldSettle: [{ field: 'trail', text: 'add $request_id' }] },
  };
  expect(reportOf([ofBalancer])).toContain('How to log it: docs/logging/alb.md\n');
  expect(reportOf([ofBalancer, ofProxy])).toContain('docs/logging/alb.md, docs/logging/nginx.md\n');
});

import type { Verdict } from '@why502/model';
import { describe, expect, it } from 'vitest';
import { accessLine, codes, errorLine, outcomeOf, seconds, source } from './lines.ts';

const hour = 3_600;
/** The same request as `accessLine`, in a log that tells no zone. */
function jsonLine(second: number, status: number, path = '/cart', connection = second + 1): string {
  const at = Date.UTC(2026, 2, 12, 10, 0, 0) / 1_000 + second;
  return JSON.stringify({
    msec: `${at}.500`,
    remote_addr: '198.51.100.9',
    request: `GET ${path} HTTP/1.1`,
    status: String(status),
    request_time: '0.010',
    upstream_addr: '10.0.0.7:3000',
    upstream_status: String(status),
    connection: String(connection),
  });
}

const failsAt = (second: number) => second % 20 < 5;
const statusAt = (second: number) => (failsAt(second) ? 502 : 200);
const json = (from: number, to: number) => seconds(from, to, (second) => jsonLine(second, statusAt(second)));
const errors = (
  from: number,
  to: number,
  zoneMinAt: (second: number) => number,
  pathAt = (_: number) => '/cart',
) =>
  seconds(from, to, (second) =>
    failsAt(second) ? errorLine({ second, zoneMin: zoneMinAt(second), path: pathAt(second) }) : '',
  ).replace(/\n+/g, '\n');

/** Verdicts whose error line is that of another request: lines of both logs are told by their paths. */
function wrongJoins(verdicts: readonly Verdict[], errorLog: string): number {
  const lines = errorLog.split('\n');
  return verdicts.filter(({ rows: [request, ...others], path }) =>
    others.some((row) => {
      const line = lines[row.line - 1] ?? '';
      return row.source === 'nginx_error' && request?.source === 'nginx' && !line.includes(`GET ${path} `);
    }),
  ).length;
}

describe('the zone of an error log', () => {
  it('is found where no access log states one', async () => {
    for (const zoneMin of [330, -210, 0, 765]) {
      const outcome = await outcomeOf([
        source('access.json', json(0, 600)),
        source(
          'error.log',
          errors(0, 600, () => zoneMin),
        ),
      ]);
      expect(outcome.summary).toMatchObject({ errorLines: 150, errorLinesJoined: 150, problems: [] });
    }
  });

  it('is found from lines of the middle of the access log, and without connections', async () => {
    const access = json(0, 4 * hour).replaceAll(/,"connection":"\d+"/g, '');
    const outcome = await outcomeOf([
      source('access.json', access),
      source(
        'error.log',
        errors(3 * hour, 3 * hour + 600, () => -480),
      ),
    ]);
    expect(outcome.summary).toMatchObject({ errorLines: 150, errorLinesJoined: 150, problems: [] });
  });

  it('is found for each of two logs', async () => {
    const outcome = await outcomeOf([
      source('a/access.json', json(0, 600)),
      source(
        'a/error.log',
        errors(0, 600, () => 540),
      ),
      source(
        'b/access.json',
        seconds(0, 600, (second) => jsonLine(second, statusAt(second), `/b/${second}`, 10_000 + second)),
      ),
      source(
        'b/error.log',
        errors(
          0,
          600,
          () => -180,
          (second) => `/b/${second}`,
        ).replaceAll(/\*(\d+) /g, (_, number) => `*${9_999 + Number(number)} `),
      ),
    ]);
    expect(outcome.summary).toMatchObject({ errorLines: 300, errorLinesJoined: 300, problems: [] });
  });

  it('is unknown where the lines are about other requests, and then proves nothing', async () => {
    const elsewhere = errors(
      0,
      600,
      () => 60,
      () => '/other',
    );
    const outcome = await outcomeOf([
      source('access.json', json(0, 600)),
      source('error.log', elsewhere.replaceAll('198.51.100.9', '192.0.2.77')),
    ]);
    expect(codes(outcome)).toEqual(['W502_ZONE_UNKNOWN at error.log']);
    expect(outcome.summary).toMatchObject({ errorLines: 0, failures: 150 });
  });

  it('is told by the envelope of the line', async () => {
    const wrapped = (log: string) =>
      log
        .trimEnd()
        .split('\n')
        .map((line) => {
          const at = new Date(
            Date.UTC(2026, 2, 12, 10, 0, 0) + (Number(/\*(\d+) /.exec(line)?.[1]) - 1) * 1_000,
          );
          return `${JSON.stringify({ log: `${line}\n`, stream: 'stderr', time: at.toISOString() })}\n`;
        })
        .join('');
    const outcome = await outcomeOf([
      source('access.json', json(0, 600)),
      source('error.log', wrapped(errors(0, 600, () => 345))),
    ]);
    expect(outcome.summary).toMatchObject({ errorLines: 150, errorLinesJoined: 150, problems: [] });
  });

  it('is that of the requests in the same stream', async () => {
    const stream = seconds(0, 600, (second) =>
      [
        ...(failsAt(second) ? [errorLine({ second, zoneMin: 120 })] : []),
        accessLine({ second, status: statusAt(second), zoneMin: 120 }),
      ].join('\n'),
    );
    const outcome = await outcomeOf([source('container.log', stream)]);
    expect(outcome.summary).toMatchObject({
      requests: 600,
      errorLines: 150,
      errorLinesJoined: 150,
      byMechanism: { process_down: 150 },
      problems: [],
    });
  });
});

describe('when daylight saving time', () => {
  const change = 2 * hour;
  const path = (second: number) => `/item/${second % hour}`;
  const ends = (second: number) => (second < change ? 120 : 60);
  const begins = (second: number) => (second < change ? 60 : 120);
  for (const [name, zoneAt] of [
    ['ends', ends],
    ['begins', begins],
  ] as const) {
    it(`${name}, lines join the requests of their own hour, by the zone that requests state`, async () => {
      const log = errors(0, 4 * hour, zoneAt, path);
      const { summary, results } = await outcomeOf([
        source(
          'access.log',
          seconds(0, 4 * hour, (second) =>
            accessLine({ second, status: statusAt(second), path: path(second), zoneMin: zoneAt(second) }),
          ),
        ),
        source('error.log', log),
      ]);
      expect(summary.problems).toEqual([]);
      expect(summary.errorLinesJoined).toBeGreaterThanOrEqual(0.99 * summary.errorLines);
      expect(wrongJoins(verdictsOf(results), log)).toBe(0);
    });
  }

  it('ends, lines join the requests of their own hour where none states a zone', async () => {
    const log = errors(0, 4 * hour, ends, path);
    const { summary, results } = await outcomeOf([
      source(
        'access.json',
        seconds(0, 4 * hour, (second) => jsonLine(second, statusAt(second), path(second))),
      ),
      source('error.log', log),
    ]);
    expect(summary.problems).toEqual([]);
    expect(summary.errorLinesJoined).toBeGreaterThanOrEqual(0.99 * summary.errorLines);
    expect(wrongJoins(verdictsOf(results), log)).toBe(0);
  });
});

function verdictsOf(results: Awaited<ReturnType<typeof outcomeOf>>['results']): Verdict[] {
  return results.flatMap((result) => (result.kind === 'verdict' ? [result.verdict] : []));
}

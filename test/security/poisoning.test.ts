import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { traffic } from '../bench/traffic.mjs';
import { corpusFolder, type Scenario, scenarios } from '../corpus.ts';
import { type Analysis, analysisOf } from './analysis.ts';
import { claims, forgedLine, injected, merged, type Seen, seen } from './forging.ts';

/** The full size takes half a minute. */
const healthyLines = process.env.WHY502_FULL_SIZE === undefined ? 200_000 : 1_000_000;
const forgeries = 10_000;

function healthy(): readonly string[] {
  const lines: string[] = [];
  for (const { access } of traffic({ lines: healthyLines, hours: 6, failing: 0 })) {
    for (const line of access.split('\n')) if (line !== '') lines.push(line);
  }
  return lines;
}

/** What error logs are full of without a fault of anybody. */
function ordinary({ wall }: Seen): string {
  return `${wall} [error] 77#77: *5 open() "/srv/favicon.ico" failed (2: No such file or directory), client: 198.51.100.4, server: shop.example.com, request: "GET /favicon.ico HTTP/1.1", host: "shop.example.com"`;
}

describe(`${forgeries} forged error lines among ${healthyLines} healthy requests`, () => {
  const access = healthy();
  const step = Math.floor(access.length / forgeries);
  const victims = Array.from({ length: forgeries }, (_, i) => seen(access[i * step]!)!);
  const clean = analysisOf({ 'access.log': access.join('\n') });

  it('are there with requests that they could be about', async () => {
    expect(victims.every((victim) => victim !== undefined)).toBe(true);
    expect((await clean).summary.requests).toBe(healthyLines);
    expect((await clean).verdicts).toEqual([]);
  });

  it.each([
    [
      'about requests that never were',
      (i: number) => [
        forgedLine(
          { ...victims[i]!, client: '192.0.2.66', request: `GET /no/${i} HTTP/1.1` },
          claims[i % claims.length]!,
          i,
        ),
      ],
    ],
    ['about requests that were answered', (i: number) => [forgedLine(victims[i]!, claims[i % 6]!, i)]],
    [
      'as nginx writes them',
      (i: number) =>
        injected(
          victims[i]!.wall,
          [forgedLine(victims[i]!, claims[i % claims.length]!, i)],
          77,
          1_000_000 + i,
        ),
    ],
  ])('change nothing when they are %s', async (_, linesOf) => {
    const error = victims
      .flatMap((victim, i) => [ordinary(victim), ordinary(victim), ...linesOf(i)])
      .join('\n');
    const { summary, verdicts, incidents } = await analysisOf({
      'access.log': access.join('\n'),
      'error.log': error,
    });
    expect(summary.lines).toBeGreaterThanOrEqual(healthyLines + 3 * forgeries);
    expect(verdicts).toEqual([]);
    expect(incidents).toEqual([]);
    expect(summary.errorLinesJoined).toBe(0);
  });
});

/** Number of a connection that nobody had. */
const firstForged = 1_000_000;

/** Forgeries about every failed request of a recording, each claiming something else than its own error line. */
function poisoned(access: readonly string[], error: readonly string[], how: 'injected' | 'bare') {
  const failed = access.flatMap((line) => {
    const request = seen(line);
    return request !== undefined && request.status >= 499 ? [request] : [];
  });
  const batches = failed.map((request, i) => {
    const forged = [0, 3].map((other) =>
      forgedLine(request, claims[(i + other) % claims.length]!, firstForged + i),
    );
    const lines = how === 'bare' ? forged : injected(request.wall, forged, 77, firstForged + i);
    return { wall: request.wall, lines };
  });
  return merged(
    error,
    batches.sort((a, b) => (a.wall < b.wall ? -1 : a.wall > b.wall ? 1 : 0)),
  );
}

/**
 * Lines that copy all that the access log tells about a request, by other ways than those of nginx, give themselves away
 * by their connection only, which `combined` does not hold.
 */
describe.each([
  ['extended', 'injected'],
  ['combined', 'injected'],
  ['extended', 'bare'],
] as const)('during an incident, %s and lines that are %s', (format, how) => {
  const withErrors = scenarios().filter(({ error }) => text(error) !== '');

  it.each(withErrors)('$name keeps its causes and most of its confidence', async (scenario: Scenario) => {
    const access = text(scenario[format]);
    const error = text(scenario.error).trimEnd();
    const before = await analysisOf({ 'access.log': access, 'error.log': error });
    const forged = poisoned(access.split('\n'), error.split('\n'), how);
    const after = await analysisOf({ 'access.log': access, 'error.log': forged });
    const named = ({ verdicts }: Analysis) => verdicts.map(({ id, mechanism }) => `${id} ${mechanism}`);
    expect(named(after)).toEqual(named(before));
    for (const [i, verdict] of before.verdicts.entries())
      expect(after.verdicts[i]!.confidence).toBeGreaterThanOrEqual(verdict.confidence - 0.05);
  });
});

function text(path: string): string {
  const bytes = readFileSync(join(corpusFolder, path));
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
}

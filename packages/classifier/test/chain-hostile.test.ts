import type { RequestRecord, Verdict } from '@why502/model';
import { describe, expect, it } from 'vitest';
import { atHop, calm, fine, ray, relayed, root, sources, through, told } from './hops.ts';

/** A number below 1 that looks like chance and is the same in every run. */
function chance(n: number): number {
  return ((Math.imul(n + 1, 2_654_435_761) >>> 0) % 9_973) / 9_973;
}

function joined(verdicts: readonly Verdict[], as: string): readonly Verdict[] {
  return verdicts.filter((verdict) => sources(verdict) === as);
}

describe('clocks that differ', () => {
  /** Failures every 2 s for ten minutes at a server 90 s ahead, whose clock is put back by 30 s after five. */
  function skewed(): readonly RequestRecord[] {
    return Array.from({ length: 1_200 }, (_, n) => {
      const at = n * 500;
      return through(n, at, n % 4 === 0 ? relayed : fine, 100, at < 300_000 ? 90_000 : 60_000);
    })
      .flat()
      .filter(({ row }) => row.source !== 'cloudflare');
  }

  it('are learned, and a step with them: of the others, at least 98 % are found at both hops', () => {
    const { verdicts, classifier } = told(skewed());
    const both = joined(verdicts, 'alb nginx');
    const missed = verdicts.filter(({ rows }) => rows.length === 1);
    const begun = Math.min(...verdicts.map(({ time }) => time));
    const outside = missed.filter(({ time, rows: [row] }) => {
      const at = time - begun - (row!.source === 'nginx' ? 75_000 : 0);
      return Math.abs(at - 300_000) > 45_000;
    });
    expect(outside.length).toBeLessThanOrEqual(0.02 * 300);
    expect(both.length).toBeGreaterThanOrEqual(0.9 * 300);
    expect(classifier.hopJoins.find(({ inner }) => inner === 'nginx')?.skew).toMatchObject({
      ahead: expect.closeTo(90_000, -3),
    });
  });
});

describe('rows that look alike', () => {
  it('are left alone: of twenty at once, only the one that failed at the load balancer failed, and there', () => {
    const alike = (n: number, failed: boolean) => [
      atHop({
        source: 'alb',
        from: 30_000 + n,
        to: 30_100 + n,
        status: failed ? 502 : 200,
        ...(failed ? {} : { got: 200 }),
      }),
      atHop({ source: 'nginx', from: 30_010 + n, to: 30_090 + n, status: 200, got: 200 }),
    ];
    const rows = Array.from({ length: 20 }, (_, n) => alike(n, n === 7));
    const { verdicts } = told([...calm(60), ...rows.flat()], { hops: ['alb', 'nginx'] });
    expect(verdicts.map(sources)).toEqual(['alb']);
    expect(verdicts[0]!.hop).toBe('alb');
    expect(verdicts[0]!.evidence.map(({ fact }) => fact)).not.toContain('inner_hop');
  });

  it('by the thousand are done with in bounded time', () => {
    const rows = Array.from({ length: 4_000 }, (_, n) => [
      atHop({ source: 'alb', from: 30_000 + n, to: 30_100 + n, status: 502, got: 502 }),
      atHop({ source: 'nginx', from: 30_010 + n, to: 30_090 + n, status: 502 }),
    ]);
    const started = performance.now();
    const { verdicts } = told(rows.flat());
    expect(verdicts.length).toBeGreaterThanOrEqual(4_000);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('ids that say nothing', () => {
  it('join no requests: a client sends the same one each time', () => {
    const fixed = [root('fixed')];
    const rows = Array.from({ length: 300 }, (_, n) => {
      const target = `/item/${n}`;
      const failed = n % 10 === 0;
      return [
        // What the load balancer failed at never came to the server.
        atHop({
          source: 'alb',
          from: n * 400,
          to: n * 400 + 100,
          status: failed ? 502 : 200,
          ids: fixed,
          target,
          ...(failed ? {} : { got: 200 }),
        }),
        ...(failed
          ? []
          : [
              atHop({
                source: 'nginx',
                from: n * 400 + 10,
                to: n * 400 + 90,
                status: 200,
                got: 200,
                ids: fixed,
                target,
              }),
            ]),
      ];
    });
    const { verdicts } = told(rows.flat());
    expect(verdicts).toHaveLength(30);
    for (const verdict of verdicts) expect(sources(verdict)).toBe('alb');
  });

  it('join no requests that are a minute apart', () => {
    const rows = [
      atHop({ source: 'alb', from: 30_000, to: 30_100, status: 502, ids: [root('again')], target: '/b' }),
      atHop({ source: 'nginx', from: 100_000, to: 100_100, status: 502, ids: [root('again')], target: '/b' }),
    ];
    const { verdicts } = told([...calm(120), ...rows], { hops: ['alb', 'nginx'] });
    expect(verdicts.map(sources)).toEqual(['alb', 'nginx']);
  });

  it('join no requests that another id tells apart', () => {
    const rows = [
      atHop({
        source: 'cloudflare',
        from: 30_000,
        to: 30_100,
        status: 502,
        ids: [ray('a')],
        target: '/only',
      }),
      atHop({ source: 'nginx', from: 30_010, to: 30_090, status: 502, ids: [ray('b')], target: '/only' }),
    ];
    const { verdicts } = told([...calm(60), ...rows]);
    expect(verdicts.map(sources).sort()).toEqual(['cloudflare', 'nginx']);
  });

  it('stand once for a line that an edge delivered twice', () => {
    const [edge, ...rest] = through(1, 30_000, relayed);
    const { verdicts } = told([...calm(60), edge!, edge!, ...rest]);
    expect(joined(verdicts, 'cloudflare alb nginx')).toHaveLength(1);
  });
});

describe('a log that is not complete', () => {
  /** Of the requests of the edge, 30 % are missing at the load balancer; no server is logged. */
  function lossy(): readonly RequestRecord[] {
    return Array.from({ length: 3_000 }, (_, n) => {
      const [edge, balancer] = through(n, n * 100, fine);
      const failed = atHop({
        source: 'cloudflare',
        from: n * 100,
        to: n * 100 + 120,
        status: 502,
        ids: [ray(n)],
      });
      const logged = { ...balancer!, trail: { ...balancer!.trail, ids: [ray(n), root(n)] } };
      if (n % 100 === 50) return [failed];
      return chance(n) < 0.3 ? [edge!] : [edge!, logged];
    }).flat();
  }

  it('is known for how complete it is, and what is missing from it tells so much', () => {
    const { verdicts, classifier } = told(lossy());
    const [pair] = classifier.hopJoins;
    expect(pair).toMatchObject({ outer: 'cloudflare', inner: 'alb' });
    expect(pair!.coverage).toBeGreaterThan(0.67);
    expect(pair!.coverage).toBeLessThan(0.73);
    const absences = verdicts.flatMap(({ evidence }) => evidence.filter(({ fact }) => fact === 'inner_hop'));
    expect(absences.length).toBeGreaterThan(20);
    for (const { text } of absences)
      expect(text).toMatch(/holds (6[0-9]|7[0-9]|80) % of the requests around it/);
  });
});

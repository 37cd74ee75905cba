import { httpStatus, type RequestRecord } from '@why502/model';
import { describe, expect, it } from 'vitest';
import { atHop, calm, ray, relayed, root, sources, through, told } from './hops.ts';

describe('a request that several hops logged', () => {
  it('is one verdict: that of the hop which made the status, by the rows of all, outermost first', () => {
    const { verdicts } = told([...calm(60), ...through(1, 30_000, relayed)]);
    expect(verdicts).toHaveLength(1);
    const [verdict] = verdicts;
    expect(sources(verdict!)).toBe('cloudflare alb nginx');
    expect(verdict).toMatchObject({
      hop: 'nginx',
      generator: 'proxy',
      mechanism: 'unanswered',
      peer: '192.0.2.99:3000',
    });
    expect(verdict!.status).toBe(502);
  });

  it('is found without any id by what was asked for, by whom and when', () => {
    const rows = (n: number, at: number, status: number, got?: number) => {
      const common = { target: `/item/${n}`, agent: `browser ${n % 7}` };
      return [
        atHop({
          source: 'cloudflare',
          from: at,
          to: at + 120,
          status,
          got: status,
          egress: '203.0.113.9',
          ...common,
        }),
        atHop({
          source: 'nginx',
          from: at + 10,
          to: at + 110,
          status,
          client: '203.0.113.9',
          ...(got === undefined ? {} : { got }),
          ...common,
        }),
      ];
    };
    const traffic = Array.from({ length: 200 }, (_, n) => rows(n, n * 300, 200, 200)).flat();
    const { verdicts } = told([...traffic, ...rows(501, 30_050, 502)]);
    expect(verdicts.map(sources)).toEqual(['cloudflare nginx']);
    expect(verdicts[0]).toMatchObject({ hop: 'nginx', mechanism: 'unanswered' });
  });

  it('belongs to the trace of the outermost hop that knows a span, else of one that knows none', () => {
    const known = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) };
    const spanless = { traceId: 'c'.repeat(32), spanId: undefined };
    const traceOf = (...traces: readonly RequestRecord['trail']['trace'][]) => {
      const rows = through(1, 30_000, relayed).map((row, at) => ({
        ...row,
        trail: { ...row.trail, trace: traces[at] },
      }));
      return told([...calm(60), ...rows]).verdicts[0]!.trace;
    };
    expect(traceOf(undefined, spanless, known)).toEqual(known);
    expect(traceOf(undefined, spanless, undefined)).toEqual(spanless);
    expect(traceOf(undefined, known, { ...known, spanId: 'd'.repeat(16) })).toEqual(known);
    expect(traceOf(undefined, undefined, undefined)).toBeUndefined();
  });

  it('failed at the hop whose timer ran out, though the one behind it was left by its client', () => {
    const rows = [
      atHop({ source: 'alb', from: 30_000, to: 50_000, status: 504, ids: [root(1)] }),
      atHop({ source: 'nginx', from: 30_010, to: 50_010, status: 499, ids: [root(1)] }),
    ];
    const { verdicts } = told([...calm(60), ...rows], { hops: ['alb', 'nginx'] });
    expect(verdicts).toHaveLength(1);
    expect(verdicts[0]).toMatchObject({ hop: 'alb', mechanism: 'timer' });
    expect(verdicts[0]!.evidence.map(({ fact }) => fact)).toContain('inner_hop');
  });

  it('was left by its visitor where the outermost hop says so, and is no failure of any other', () => {
    const rows = [
      atHop({ source: 'cloudflare', from: 30_000, to: 33_000, status: 499, ids: [ray(1)] }),
      atHop({ source: 'nginx', from: 30_010, to: 33_010, status: 499, ids: [ray(1)] }),
    ];
    const { verdicts } = told([...calm(60), ...rows]);
    expect(verdicts.map(sources)).toEqual(['cloudflare nginx']);
    expect(verdicts[0]).toMatchObject({ hop: 'cloudflare', generator: 'client', mechanism: 'gone' });
  });

  it('is masked where the hop outside answered all the same', () => {
    const { verdicts } = told([
      ...calm(60),
      ...through(1, 30_000, { edge: 200, balancer: 502, server: 502 }),
    ]);
    expect(verdicts.map(sources)).toEqual(['cloudflare alb nginx']);
    expect(verdicts[0]).toMatchObject({ outcome: 'masked', status: 200, hop: 'nginx' });
  });

  it('is found past a hop whose row is missing, which then made what neither of the others did', () => {
    const [edge, , server] = through(1, 30_000, { edge: 504, balancer: 504, server: 499 }, 20_000);
    const { verdicts } = told([...calm(60), edge!, server!]);
    expect(verdicts.map(sources)).toEqual(['cloudflare nginx']);
    expect(verdicts[0]).toMatchObject({ hop: 'alb', mechanism: 'timer' });
  });

  it('is that of the visitor for whom a program at the edge asked', () => {
    const visitor = atHop({
      source: 'cloudflare',
      from: 30_000,
      to: 30_200,
      status: 502,
      got: 502,
      ids: [ray(1)],
    });
    const program = atHop({
      source: 'cloudflare',
      from: 30_020,
      to: 30_180,
      status: 502,
      got: 502,
      ids: [ray(2), { kind: 'parent_ray', value: '1' }],
      asker: 'subrequest',
    });
    const server = atHop({ source: 'nginx', from: 30_040, to: 30_160, status: 502, ids: [ray(2)] });
    const { verdicts } = told([...calm(60), visitor, program, server]);
    expect(verdicts.map(sources)).toEqual(['cloudflare cloudflare nginx']);
    expect(verdicts[0]).toMatchObject({ hop: 'nginx', mechanism: 'unanswered' });
  });

  it('tells what the failures of its other hops became part of, where that is asked for', () => {
    const { verdicts } = told([...calm(60), ...through(1, 30_000, relayed)], { absorbed: true });
    const kept = verdicts.filter(({ mergedInto }) => mergedInto === undefined);
    expect(kept).toHaveLength(1);
    expect(verdicts.filter(({ mergedInto }) => mergedInto === kept[0]!.id)).toHaveLength(2);
  });

  it('tells the same in whatever order the rows of the hops come', () => {
    const rows = [
      ...calm(60),
      ...through(1, 30_000, relayed),
      ...through(2, 31_000, { edge: 504, balancer: 504, server: 499 }),
    ];
    expect(told([...rows].reverse()).verdicts).toEqual(told(rows).verdicts);
  });

  it('was made by the application where a server with a short log gives what no server makes', () => {
    const rows = [
      atHop({ source: 'alb', from: 30_000, to: 30_100, status: 500, got: 500, ids: [root(1)] }),
      atHop({ source: 'nginx', from: 30_010, to: 30_090, status: 500, ids: [root(1)] }),
    ];
    const short = { ...rows[1]!, attempts: [], logged: new Set(['host', 'method', 'trail'] as const) };
    const { verdicts } = told([...calm(60), rows[0]!, short], { hops: ['alb', 'nginx'] });
    expect(verdicts).toHaveLength(1);
    expect(verdicts[0]).toMatchObject({ hop: 'app', generator: 'upstream' });
    const gateway = { ...short, status: httpStatus(502) };
    const { verdicts: own } = told([...calm(60), gateway], { hops: ['alb', 'nginx'] });
    expect(own[0]).toMatchObject({ hop: 'nginx', generator: 'proxy' });
  });
});

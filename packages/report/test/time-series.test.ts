import { instant, type Result, trafficBucketMs } from '@why502/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failuresOf, TimeSeries } from '../src/html/time-series.ts';
import { reset } from './outage.ts';

const began = Date.UTC(2026, 10, 23, 7);

function failure(time: number, peer = 'a'): Result {
  return { kind: 'verdict', verdict: reset({ time: instant(time), peer }) };
}

function seriesOf(results: readonly Result[], width = 1_000): TimeSeries {
  const series = new TimeSeries(width);
  for (const result of results) series.add(result);
  return series;
}

describe('failures over time', () => {
  it('are all in the columns or outside of them, whatever their times', () => {
    const times = fc.array(fc.integer({ min: 0, max: 2 * began }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(times, (told) => {
        const drawn = seriesOf(told.map((time) => failure(time))).drawn()!;
        const inside = drawn.columns.reduce((sum, column) => sum + failuresOf(column), 0);
        expect(inside + drawn.outside).toBe(told.length);
        expect(drawn.columns.length).toBeLessThanOrEqual(140);
        expect(new Set(drawn.columns.map(({ start }) => start % drawn.width))).toEqual(new Set([0]));
      }),
    );
  });

  it('are not flattened by a clock that is wrong', () => {
    const night = Array.from({ length: 600 }, (_, i) => failure(began + i * 100));
    const drawn = seriesOf([...night, failure(0)]).drawn()!;
    expect(drawn).toMatchObject({ width: 1_000, outside: 1 });
  });

  it('of a year and ten thousand peers stay few columns and peers', () => {
    const year = Array.from({ length: 20_000 }, (_, i) => failure(began + i * 1_600_000, `p${i}`));
    const drawn = seriesOf(year, trafficBucketMs).drawn()!;
    const peers = new Set(drawn.columns.flatMap((column) => [...column.peers.keys()]));
    expect(drawn.columns.length).toBeLessThanOrEqual(140);
    expect(peers.size).toBeLessThanOrEqual(201);
    expect(peers).toContain('other peers');
  });

  it('are nothing to draw where nothing failed', () => {
    expect(
      seriesOf([{ kind: 'verdict', verdict: reset({ outcome: 'not_an_error' }) }]).drawn(),
    ).toBeUndefined();
  });
});

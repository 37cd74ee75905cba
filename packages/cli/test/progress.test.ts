import { describe, expect, it } from 'vitest';
import { progressLine } from '../src/progress.ts';

const half = { read: 412_000_000, total: 733_000_000, unpacked: 412_000_000, failures: 8_003 };

describe('the line of progress', () => {
  it('tells how much of all, how fast, how long still, and what was found', () => {
    expect(progressLine(half, 2_000)).toBe('412 of 733 MB (56 %), 206 MB/s, 2 s left, 8,003 failures so far');
  });

  it('guesses no rate in the first second', () => {
    expect(progressLine({ ...half, failures: 1 }, 500)).toBe('412 of 733 MB (56 %), 1 failure so far');
  });

  it('gives the rate of the text that packed bytes hold', () => {
    expect(progressLine({ ...half, unpacked: 4_120_000_000 }, 10_000)).toContain(' 412 MB/s, 8 s left,');
  });

  it('promises no end where nobody knows how much there is', () => {
    expect(progressLine({ ...half, total: undefined }, 2_000)).toBe(
      '412 MB, 206 MB/s, 8,003 failures so far',
    );
  });

  it('spells long waits in hours and minutes', () => {
    expect(progressLine({ ...half, read: 100_000_000 }, 1_000_000)).toContain('1 h 45 min left');
    expect(progressLine({ ...half, read: 366_500_000 }, 200_000)).toContain('3 min 20 s left');
  });
});

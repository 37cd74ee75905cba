import { describe, expect, it } from 'vitest';
import { namesOf } from '../src/explain/line-names.ts';

describe('lines of a paste are named', () => {
  it.each([
    [[7], 'Line 7'],
    [[3, 1], 'Lines 1 and 3'],
    [[4, 2, 3, 9], 'Lines 2-4 and 9'],
    [[1, 3, 5, 7, 9, 11, 13, 15, 17, 19], 'Lines 1, 3, 5, 7, 9, 11, 13 and 3 more stretches'],
  ])('%j as %s', (lines, name) => {
    expect(namesOf(lines.map((line) => ({ first: line, last: line })))).toBe(name);
  });
});

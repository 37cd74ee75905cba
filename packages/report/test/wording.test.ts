import { instant, probability } from '@why502/model';
import { expect, test } from 'vitest';
import { lasting, period, share, sureness } from '../src/terminal/wording.ts';
import { cells, wrapped } from '../src/terminal/wrap.ts';

const at = (iso: string) => instant(Date.parse(iso));

test('a share is never rounded to none or to all', () => {
  expect([share(1, 90_000), share(89_999, 90_000), share(3, 3), share(1, 3), share(0, 3)]).toEqual([
    '< 0.1 %',
    '99.9 %',
    '100 %',
    '33.3 %',
    '0 %',
  ]);
});

test('a sureness is rounded down, but not for what binary fractions lack', () => {
  expect([sureness(probability(0.996)), sureness(probability(0.29)), sureness(probability(1))]).toEqual([
    '99 %',
    '29 %',
    '100 %',
  ]);
});

test('a period says the date once, unless it crosses midnight, and the time once when it is a moment', () => {
  const start = at('2026-11-23T23:58:59.204Z');
  expect(period(start, at('2026-11-23T23:59:10.000Z'))).toBe('2026-11-23 23:58:59 to 23:59:10 UTC');
  expect(period(start, at('2026-11-24T00:00:00.000Z'))).toBe(
    '2026-11-23 23:58:59 to 2026-11-24 00:00:00 UTC',
  );
  expect(period(start, start)).toBe('2026-11-23 23:58:59 UTC');
});

test('a span is told in its two largest units', () => {
  const start = at('2026-11-23T00:00:00.000Z');
  const after = (seconds: number): string => lasting(start, instant(start + seconds * 1_000));
  expect([0.4, 11, 200, 7_500, 3_600, 86_400 * 3 + 14_400, 86_401].map(after)).toEqual([
    'less than 1 s',
    '11 s',
    '3 min 20 s',
    '2 h 5 min',
    '1 h',
    '3 d 4 h',
    '1 d',
  ]);
});

test('letters of east Asia and pictures take two cells, marks none', () => {
  expect([cells('abc'), cells('例え'), cells('🙂'), cells('e\u0301'), cells('ü')]).toEqual([3, 4, 2, 1, 1]);
});

test('a word longer than a line is cut, and no letter is lost', () => {
  const lines = wrapped([{ text: 'to 例例例例例 end', style: 'plain' }], 4);
  expect(lines.map((line) => line.map(({ text }) => text).join(' '))).toEqual([
    'to',
    '例例',
    '例例',
    '例',
    'end',
  ]);
});

import { expect, it } from 'vitest';
import { httpStatus, instant, probability, statusGetsVerdict } from '../src/index.ts';

it('a moment must be finite', () => {
  expect(() => instant(Number.NaN)).toThrow(RangeError);
});

it.each([99.5, -1, 1_000])('%d is no HTTP status', (code) => {
  expect(() => httpStatus(code)).toThrow(RangeError);
});

it('a probability lies between 0 and 1', () => {
  expect(() => probability(1.01)).toThrow(RangeError);
  expect(probability(1)).toBe(1);
});

it.each([0, 460, 463, 464, 499, 500, 503, 530, 599])('%d gets a verdict', (status) => {
  expect(statusGetsVerdict(status)).toBe(true);
});

it.each([200, 304, 404, 444, 600])('%d gets none', (status) => {
  expect(statusGetsVerdict(status)).toBe(false);
});

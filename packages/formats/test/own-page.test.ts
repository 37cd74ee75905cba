import { expect, test } from 'vitest';
import { isOwnPage } from '../src/nginx/own-page.ts';

test.each([
  [502, 150, true],
  [502, 157, true],
  [502, 166, true],
  // As recorded from nginx 1.22.1 for a Chrome.
  [502, 559, true],
  [503, 599, true],
  [504, 569, true],
  [502, 552, true],
  [502, 44, false],
  [503, 157, false],
  [502, 0, undefined],
  [502, undefined, undefined],
  [404, 150, undefined],
])('a %d with %d bytes', (status, bytes, own) => {
  expect(isOwnPage(status, bytes)).toBe(own);
});

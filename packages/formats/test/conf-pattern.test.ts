import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linearPattern } from '../src/nginx/conf/pattern.ts';

const sources = [
  '^/t/(?<tenant>[a-z0-9-]+)/',
  '\\.php$',
  '\\.(jpe?g|png|gif)$',
  '^/(a|b|)c{2,3}$',
  '^/x{0}y{1,}z?',
  '[^/.]+\\.',
  '(?:ab)*c|d',
  'a.*b.*c',
  '^$',
  '\\d\\D\\w\\W\\s\\S',
  '[]a-c\\d-]b',
  '(a+)+b',
  'a{,2}b',
];

test.each(sources)('%s finds what the built-in engine finds', (source) => {
  const mine = linearPattern(source, false)!;
  const theirs = new RegExp(source.replace('[]', '[\\]'), 's');
  const letters = fc.constantFrom(...'abcdxyz/.-_ 19,{}]'.split(''), '.php', '.jpg', '/t/');
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 12 }), (parts) => {
      const text = parts.join('');
      expect(mine(text)).toBe(theirs.test(text));
    }),
    { numRuns: 300 },
  );
});

test('letters of both cases are the same where asked', () => {
  expect(linearPattern('^/A[b-c]\\.', true)?.('/aC.')).toBe(true);
  expect(linearPattern('(?i)^/a', false)?.('/A')).toBe(true);
  expect(linearPattern('^/a', false)?.('/A')).toBe(false);
});

test.each([
  '(?=a)b',
  '(?!a)',
  '(a)\\1',
  'a++',
  '(?>a)',
  '\\bx',
  '[[:alpha:]]',
  'a{1000}{1000}',
  '(',
  ')',
  '[a',
  '*',
  'a{9999}b{9999}',
])('%s is not evaluated', (source) => {
  expect(linearPattern(source, false)).toBeUndefined();
});

test('an expression that takes others for ever takes this one no time', () => {
  const before = performance.now();
  expect(linearPattern('^(a+)+(a|aa)+$', false)?.(`${'a'.repeat(4_000)}!`)).toBe(false);
  expect(performance.now() - before).toBeLessThan(1_000);
});

import { Problem, problems } from '@why502/model';
import { expect, test } from 'vitest';
import { problemText } from '../src/index.ts';

test('a problem says what, where, why, how to mend it and where to read more', () => {
  const problem = new Problem('W502_FORMAT_NOT_IN_CONF', {
    where: '/etc/nginx/nginx.conf',
    excerpt: '\u001b[2Jlog_format main',
    expected: 'a log_format of the name why502',
    choices: ['main', 'json'],
  });
  expect(problemText(problem, { color: false })).toBe(
    [
      'why502: the configuration has no such log_format  [W502_FORMAT_NOT_IN_CONF]',
      '  where  /etc/nginx/nginx.conf',
      '         \\u{1b}[2Jlog_format main',
      '  why    the name is not defined in the file or in what it includes',
      '         expected a log_format of the name why502',
      '  mend   name one of those that are defined',
      '         one of: main, json',
      '  more   docs/errors.md#w502_format_not_in_conf',
    ].join('\n'),
  );
});

test('without details only the lines that say something are there', () => {
  for (const code of Object.keys(problems) as (keyof typeof problems)[]) {
    expect(problemText(new Problem(code), { color: false }).split('\n'), code).toHaveLength(4);
  }
});

test.each([1_000_000, 121])('an excerpt of %i letters is cut, and says so', (letters) => {
  const text = problemText(new Problem('W502_BINARY', { excerpt: '🙂'.repeat(letters) }), { color: false });
  expect(text).toContain(`${'🙂'.repeat(120)}…`);
  expect(text).not.toContain('🙂'.repeat(121));
});

import { Problem } from '@why502/model';
import { describe, expect, test } from 'vitest';
import { explain, mechanismNamed } from '../src/index.ts';

const context =
  'client: 192.0.2.1, server: shop, request: "GET /a?token=abc HTTP/1.1", upstream: "http://192.0.2.8:9000/a", host: "shop.example"';
const at = (second: number) => `2026/11/23 06:58:${second} [error] 12#12: *43 `;
const closed = `upstream prematurely closed connection while reading response header from upstream, ${context}`;
const tooBig = `upstream sent too big header while reading response header from upstream, ${context}`;
const access = (status: number) =>
  `192.0.2.1 - - [23/Nov/2026:06:58:10 +0000] "GET /a?token=abc HTTP/1.1" ${status} 157 "-" "curl/8.5.0"`;

function problemOf(run: () => unknown): Problem {
  try {
    run();
  } catch (error) {
    if (error instanceof Problem) return error;
  }
  throw new Error('no problem');
}

describe('what is explained', () => {
  test('one error line is one failure, of which no access log is known', () => {
    const { failures } = explain({ text: at(10) + tooBig });
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({
      lines: [{ first: 1, last: 1 }],
      dated: true,
      verdict: { mechanism: 'header_too_big', status: undefined, method: undefined, requestId: undefined },
    });
  });

  test('several error lines are a failure each, in order of time', () => {
    const { failures } = explain({ text: [at(30) + closed, at(10) + tooBig, at(20) + tooBig].join('\n') });
    expect(failures.map(({ lines }) => lines[0]?.first)).toEqual([2, 3, 1]);
  });

  test('an access line and the error line of its request are one failure', () => {
    const { failures, others } = explain({ text: `${at(10)}${tooBig}\n${access(502)}` });
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({
      lines: [
        { first: 1, last: 1 },
        { first: 2, last: 2 },
      ],
      verdict: { mechanism: 'header_too_big', status: 502 },
    });
    expect(others).toEqual([]);
  });

  test('an access line alone has its verdict', () => {
    const [only] = explain({ text: access(502) }).failures;
    expect(only?.verdict.status).toBe(502);
    expect(only?.errors).toEqual([]);
  });

  test('a status alone is a request of which nothing else is known', () => {
    const [only] = explain({ text: '502' }).failures;
    expect(only).toMatchObject({ statusOnly: true, verdict: { status: 502, decision: 'unexplained' } });
    expect(only?.verdict.wouldSettle).not.toEqual([]);
  });

  test('a line that goes with a failure is none, unless there is no failure', () => {
    const noise = '2026/11/23 06:58:09 [error] 12#12: unexpected DNS response for a.test';
    const both = explain({ text: `${noise}\n${at(10)}${tooBig}` });
    expect(both.failures).toHaveLength(1);
    expect(both.others).toMatchObject([{ kind: 'accompanies', first: 1 }]);
    expect(explain({ text: noise }).failures).toHaveLength(1);
  });

  test('a request that was answered is set aside as such', () => {
    const { others } = explain({ text: `${access(200)}\n${at(10)}${tooBig}` });
    expect(others).toMatchObject([{ kind: 'did_not_fail', first: 1 }]);
  });

  test('a line of another program is evidence', () => {
    const crash = 'kernel: php-fpm[37]: segfault at 2c ip 0000 sp 0000 error 4';
    const { failures, others } = explain({ text: `${crash}\n${at(10)}${closed}` });
    expect(failures[0]?.verdict.evidence.map(({ fact }) => fact)).toContain('witness');
    expect(others).toMatchObject([{ kind: 'sighting', first: 1 }]);
  });

  test('a line of another program alone is explained by what it tells', () => {
    const { failures, others } = explain({ text: 'invalid request block size: 5292 (max 4096)...skip' });
    expect(failures).toMatchObject([
      { sighting: 'request_header_refused', verdict: { mechanism: 'header_too_big', status: undefined } },
    ]);
    expect(others).toEqual([]);
  });

  test('a status and a line of another program are one failure', () => {
    const { failures } = explain({
      text: '504 Gateway Timeout\nWARNING: [pool www] server reached pm.max_children setting (5)',
    });
    expect(failures).toMatchObject([{ statusOnly: true, verdict: { mechanism: 'worker_exhaustion' } }]);
  });

  test('nothing of a query or a credential comes out', () => {
    const text = `${at(10)}${tooBig}\nmy token is token=abc\n${access(502)}`;
    const { failures } = explain({ text });
    expect(JSON.stringify(failures.map(({ verdict }) => verdict))).not.toContain('abc');
  });
});

describe('what is not understood', () => {
  test('is said, with what would be', () => {
    const { code, details } = problemOf(() => explain({ text: 'the site is slow' }));
    expect(code).toBe('W502_NOT_UNDERSTOOD');
    expect(details).toMatchObject({ where: 'line 1', excerpt: 'the site is slow' });
  });

  test('an empty text', () => {
    expect(problemOf(() => explain({ text: ' \n' })).details.where).toBe('the text is empty');
  });

  test('a request that was answered', () => {
    expect(problemOf(() => explain({ text: access(200) })).details.expected).toContain('was answered');
  });
});

describe('names of mechanisms', () => {
  test.each([
    'keepalive_mismatch',
    'Keepalive Mismatch',
    'keepalive-mismatch ',
    'The process behind the peer is down',
  ])('%s is one', (text) => {
    expect(mechanismNamed(text)).toBeDefined();
  });

  test.each(['502', 'connect() failed', 'the site is slow', 'Bad Gateway', ''])('%s is none', (text) => {
    expect(mechanismNamed(text)).toBeUndefined();
  });

  test('a slip of the finger is answered by what was meant', () => {
    const { details } = problemOf(() => mechanismNamed('keepalive_missmatch'));
    expect(details.choices).toEqual(['keepalive_mismatch']);
  });
});

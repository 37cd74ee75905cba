import { describe, expect, test } from 'vitest';
import { explain, explanationMarkdown, mechanisms } from '../src/index.ts';

function line(text: string): string {
  return `2026/11/23 06:58:59 [error] 12#12: *1 upstream sent invalid header: "${text}..." while reading response header from upstream, client: 192.0.2.1, server: shop, request: "GET /a/${text} HTTP/1.1", upstream: "http://app:9000/a", host: "shop${text}"`;
}

function markdown(...lines: readonly string[]): string {
  return explanationMarkdown(explain({ text: lines.join('\n') }), mechanisms);
}

describe('the explanation for a ticket', () => {
  test('has a title, what was read, what is likely, what to do and where to look', () => {
    const page = markdown(line('x'));
    expect(page).toMatch(/^## .+ \(line 1\)\n\n```text\nupstream sent invalid header/);
    for (const part of [
      '**Most likely** `malformed_response`',
      '**To do**\n\n- [ ] ',
      '**Look next**\n\n- ',
    ]) {
      expect(page).toContain(part);
    }
  });

  test('tells a failure that repeats another', () => {
    const noLive = line('x').replace(
      /upstream sent.*upstream,/,
      'no live upstreams while connecting to upstream,',
    );
    expect(markdown(line('x'), noLive)).toContain('This repeats an earlier failure');
  });

  test.each([
    '`code`',
    '```\n',
    '<img src=x onerror=alert(1)>',
    '@here',
    '<!channel>',
    '[a](http://evil.test)',
    '![a](http://evil.test/b)',
    '|a|b|',
    '#42',
    '</details>',
    '{panel}',
    '\u001b[31m',
  ])('takes %j for text', (text) => {
    const page = markdown(line(text));
    const ours = markdown(line('x'));
    for (const active of [/<[a-z!/]/gi, /@here/g, /\]\(/g, /!\[/g, /\{panel/g, /#42/g, /\u001b/g, /```/g]) {
      expect(page.match(active)?.length ?? 0, String(active)).toBe(ours.match(active)?.length ?? 0);
    }
  });
});

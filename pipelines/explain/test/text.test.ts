import { describe, expect, test } from 'vitest';
import { explain, explanationText, mechanisms } from '../src/index.ts';

const context = 'client: 192.0.2.1, server: shop, request: "POST /a?token=abc HTTP/1.1"';
const line = (second: number, message: string, peer = '192.0.2.8:9000') =>
  `2026/11/23 06:58:${second} [error] 12#12: *${second} ${message}, ${context}, upstream: "http://${peer}/a", host: "shop.example"`;
const refused = 'connect() failed (111: Connection refused) while connecting to upstream';
const closed = 'upstream prematurely closed connection while reading response header from upstream';
const noLive = 'no live upstreams while connecting to upstream';

function text(paste: string, width = 100): string {
  return explanationText(explain({ text: paste }), { color: false, width, mechanisms });
}

describe('the explanation', () => {
  test('says what was read, what it means, what is likely, what to do and where to look', () => {
    const page = text(line(10, refused));
    for (const label of [
      'nginx says',
      'asked',
      'went to',
      'when',
      'that means',
      'most likely',
      'or else',
      'to do',
      'look next',
      'would settle',
    ]) {
      expect(page, label).toContain(`\n   ${label.padEnd(12)} `);
    }
    expect(page).toContain('POST shop.example/a?token=***');
    expect(page).toContain('[process_down, upstream_fault]');
  });

  test('tells lines about which the same is to be said together', () => {
    expect(text([line(10, refused), line(30, refused)].join('\n')).match(/^Lines? .*$/gm)).toEqual([
      'Lines 1-2',
    ]);
  });

  test('keeps the order of the paste', () => {
    const page = text([line(30, closed), line(10, refused)].join('\n'));
    expect(page.match(/^Line \d$/gm)).toEqual(['Line 1', 'Line 2']);
  });

  test('says of a line that repeats another whose reason it has, and no more', () => {
    const page = text([line(10, closed), line(12, noLive, 'app')].join('\n'));
    expect(page).toContain('This repeats the failure of line 1');
    expect(page.slice(page.indexOf('Line 2'))).not.toContain('most likely');
  });

  test('says how two of them are told apart', () => {
    expect(text(line(10, refused))).toMatch(/or else[\s\S]*that is it, if/);
  });

  test('says what was assumed', () => {
    expect(text('recv() failed (104: Connection reset by peer)')).toContain(
      'taken to be while reading response header from upstream: the line does not say',
    );
  });

  test('says so where it cannot name a reason', () => {
    expect(text('502')).toContain('This does not say enough to name a reason.');
  });

  test('says which lines were set aside, and that there were more', () => {
    const page = text([line(10, refused), ...Array.from({ length: 9 }, (_, i) => `hello ${i}`)].join('\n'));
    expect(page).toContain('2: no line about a failure: hello 0');
    expect(page).toContain('and 3 more lines that are none of a log');
  });

  test.each([40, 80, 120])('fits into %i columns, save for commands', (width) => {
    const long = text(line(10, closed), width)
      .split('\n')
      .filter((one) => one.length > width && !/^ {18}/.test(one));
    expect(long).toEqual([]);
  });
});

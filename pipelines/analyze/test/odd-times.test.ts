import type { Result } from '@why502/model';
import { describe, expect, it } from 'vitest';
import { accessLine, errorLine, outcomeOf, seconds, source } from './lines.ts';

const failsAt = (second: number) => second % 20 < 5;
const access = (second: number) => accessLine({ second, status: failsAt(second) ? 502 : 200 });
const error = (second: number) => (failsAt(second) ? errorLine({ second }) : '');
const accessLog = seconds(0, 600, access);
const errorLog = seconds(0, 600, error).replace(/\n+/g, '\n');

/** What is said, without the places of lines. */
function said(results: readonly Result[]): string[] {
  return results
    .flatMap((result) => (result.kind === 'verdict' ? [result.verdict] : []))
    .map(({ time, mechanism, confidence, evidence }) =>
      JSON.stringify([time, mechanism, confidence, evidence.map(({ fact, weight }) => [fact, weight])]),
    )
    .sort();
}

describe('a line stamped with a wrong year', () => {
  const stamped = (log: string, stamp: (line: string) => string) =>
    log
      .split('\n')
      .flatMap((line, index) =>
        index % 100 === 50 ? [stamp(line.replace('" 502 ', '" 200 ')), line] : [line],
      )
      .join('\n');

  for (const year of ['2099', '1970']) {
    it(`such as ${year} changes no verdict, in the access log or the error log`, async () => {
      const plain = await outcomeOf([source('a', accessLog), source('e', errorLog)]);
      const odd = await outcomeOf([
        source(
          'a',
          stamped(accessLog, (line) => line.replace('/2026:', `/${year}:`).replace('us="502"', 'us="200"')),
        ),
        source(
          'e',
          stamped(errorLog, (line) => line.replace('2026/', `${year}/`)),
        ),
      ]);
      expect(said(odd.results)).toEqual(said(plain.results));
      expect(odd.summary).toMatchObject({ errorLinesJoined: 150, problems: [] });
    });
  }
});

describe('access logs with write buffers', () => {
  /** Lines of two workers in the order in which their buffers reach the file: when full, or after 30 s. */
  function buffered(bytes: number, flushAfter: number): string {
    const blocks: { at: number; text: string }[] = [];
    for (const worker of [0, 1]) {
      let text = '';
      let since = 0;
      for (let second = worker; second < 600; second += 2) {
        if (text !== '' && second - since >= flushAfter) {
          blocks.push({ at: since + flushAfter, text });
          text = '';
        }
        if (text === '') since = second;
        text += `${access(second)}\n`;
        if (text.length > bytes) {
          blocks.push({ at: second, text });
          text = '';
        }
      }
      blocks.push({ at: 600, text });
    }
    return blocks
      .sort((a, b) => a.at - b.at)
      .map((block) => block.text)
      .join('');
  }

  for (const bytes of [2_000, 64 * 1024]) {
    it(`of ${bytes} bytes and flush=30s give the verdicts of logs without`, async () => {
      const log = buffered(bytes, 30);
      expect(log).not.toBe(accessLog);
      const plain = await outcomeOf([source('a', accessLog), source('e', errorLog)]);
      const late = await outcomeOf([source('a', log), source('e', errorLog)]);
      expect(said(late.results)).toEqual(said(plain.results));
      expect(late.summary).toMatchObject({ errorLinesJoined: 150, problems: [] });
    });
  }
});

describe('one connection of HTTP/2', () => {
  it('gives the lines of three failed requests to those three of fifty', async () => {
    const failed = [11, 29, 43];
    const path = (stream: number) => `/part/${stream}`;
    const requests = Array.from({ length: 50 }, (_, stream) => {
      const line = accessLine({ second: 5, status: failed.includes(stream) ? 502 : 200, path: path(stream) });
      return `${line.replace('HTTP/1.1', 'HTTP/2.0')} conn=7\n`;
    });
    const lines = failed.map((stream) =>
      errorLine({ second: 5, path: path(stream) })
        .replace('*6 ', '*7 ')
        .replace('HTTP/1.1', 'HTTP/2.0'),
    );
    const { summary, results } = await outcomeOf([
      source('a', requests.join('')),
      source('e', `${lines.reverse().join('\n')}\n`),
    ]);
    expect(summary).toMatchObject({ failures: 3, errorLinesJoined: 3 });
    const joined = results.flatMap((result) =>
      result.kind === 'verdict' ? [[result.verdict.path, result.verdict.rows[1]?.line]] : [],
    );
    expect(joined.sort()).toEqual([
      ['/part/11', 3],
      ['/part/29', 2],
      ['/part/43', 1],
    ]);
  });
});

describe('error lines that were cut', () => {
  it('join by their connection, wherever they end', async () => {
    const whole = errorLine({ second: 5 });
    const earliest = whole.indexOf(', client: ');
    const cuts = Array.from({ length: 20 }, (_, index) =>
      Math.floor(earliest + ((whole.length - earliest) * index) / 20),
    );
    const requests = cuts.map(
      (_, index) => `${accessLine({ second: 5, status: 502 })} conn=${index + 100}\n`,
    );
    const lines = cuts.map((end, index) => `${whole.replace('*6 ', `*${index + 100} `).slice(0, end + 2)}\n`);
    const { summary } = await outcomeOf([source('a', requests.join('')), source('e', lines.join(''))]);
    expect(summary).toMatchObject({ failures: 20, errorLines: 20, errorLinesJoined: 20 });
  });
});

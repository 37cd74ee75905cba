import { Problem } from '@why502/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unpack } from '../src/index.ts';

/** The text that comes out, and the code of the problem that ended it. */
async function unpacked(
  text: string | Buffer,
  size = 65_536,
): Promise<{ lines: string[]; problem?: string }> {
  const bytes = Buffer.from(text);
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const parts: Buffer[] = [];
  const lines = () => Buffer.concat(parts).toString().split('\n').slice(0, -1);
  try {
    for await (const chunk of unpack(chunks(), 'x')) parts.push(Buffer.from(chunk));
  } catch (error) {
    if (error instanceof Problem) return { lines: lines(), problem: error.code };
    throw error;
  }
  return { lines: lines() };
}

const first = '{"EdgeResponseStatus":200,"RayID":"a","Cookies":{"x":"1"},"Tags":["p","q"]}';
const second = '{"EdgeEndTimestamp":1764115126999999999,"EdgeResponseStatus":502,"Size":-1.5e3,"Gone":null}';

describe('of a JSON document the records become lines', () => {
  test.each([
    ['an array in one line', `[${first},${second}]`],
    ['an array with a record a line', `[\n${first},\n${second}\n]\n`],
    ['an array behind a mark of UTF-8', `\ufeff[${first},${second}]`],
    ['objects that are printed over several lines', `${pretty(first)}\n${pretty(second)}\n`],
    ['an array that is printed over several lines', `[\n  ${pretty(first)},\n  ${pretty(second)}\n]`],
    ['objects one after the other', `${first}${second}`],
    ['objects with blanks between', `${first}  ${second}\n`],
    ['objects with commas between', `${first},${second}`],
    ['several arrays, as of files that were joined', `[${first}]\n[${second}]\n`],
    ['an answer of an API', `{"success":true,"errors":[],"result":[${first},${second}]}`],
    [
      'an answer that nests them',
      `{"data":{"viewer":{"zones":[{"requests":[${first},${second}]}]}}}\n`.replace('{', '{\n'),
    ],
  ])('%s', async (_, text) => {
    for (const size of [1, 7, 65_536]) {
      const { lines, problem } = await unpacked(text, size);
      expect([lines, problem]).toEqual([[first, second], undefined]);
    }
  });

  test.each([
    ['lines', `${first}\n${second}\n`],
    ['a line that was cut, and another', `{"a":1,\n${first}\n`],
    ['a string with a line break', `{"a":"b\n${first}\n`],
    ['text in brackets', '[10/Nov/2026:10:00:01 +0000] GET / 502\n'],
    ['text', '203.0.113.7 - - [10/Nov/2026:10:00:01 +0000] "GET / HTTP/1.1" 502 1\n'],
    ['an object and text', `${first} and more\n`],
    ['blank lines', '\n\n \n'],
  ])('but %s stay as they are', async (_, text) => {
    for (const size of [1, 65_536])
      expect((await unpacked(text, size)).lines.join('\n')).toBe(text.replace(/\n$/, ''));
  });

  test('whatever stands in them', async () => {
    const value = fc.jsonValue({ maxDepth: 3, noUnicodeString: false });
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { minLength: 1, maxLength: 5 }),
        fc.nat({ max: 30 }),
        async (values, size) => {
          const records = values.map((inner, index) => ({ status: index, inner: withoutStatus(inner) }));
          const { lines, problem } = await unpacked(JSON.stringify(records, undefined, 1), size + 1);
          expect(problem).toBeUndefined();
          expect(lines.map((line) => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(records)));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('of a damaged document', () => {
  test.each([
    ['what was read before it was cut off', `[${first},${second.slice(0, 40)}`],
    ['what was read before other text', `[${first},oops ${second}]`],
    ['what was read before a bracket is missing', `[${first}`],
  ])('%s counts', async (_, text) => {
    expect(await unpacked(text)).toEqual({ lines: [first], problem: 'W502_DAMAGED_JSON' });
  });

  test('nothing is kept that nests without end', async () => {
    expect(await unpacked('['.repeat(3_000_000))).toEqual({ lines: [], problem: 'W502_DAMAGED_JSON' });
  });
});

test('a record of 64 MB is cut to its beginning, and the next one is read', async () => {
  const long = `{"EdgeResponseStatus":502,"Cookies":{"x":"${'y'.repeat(64_000_000)}"},"z":[1,{"a":{}}]}`;
  const { lines, problem } = await unpacked(`[${first},${long},${second}]`);
  expect(problem).toBeUndefined();
  expect([lines.length, lines[0], lines[2]]).toEqual([3, first, second]);
  expect(lines[1]!.length).toBeLessThan(10_000);
  expect(() => JSON.parse(lines[1]!)).toThrow();
}, 60_000);

function pretty(text: string): string {
  // Numbers that no double holds must stay as they are.
  return text.replaceAll(/([{,])"/g, '$1\n  "').replaceAll('"}', '"\n}');
}

/** A value in which nothing is a record by itself. */
function withoutStatus(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll(/status/gi, 'x'));
}

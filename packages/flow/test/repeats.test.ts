import { type Columns, columns, instant, ofRepeat } from '@why502/model';
import { describe, expect, it } from 'vitest';
import { Repeats } from '../src/index.ts';

const minute = 60_000;

/** Rows of the lines, each with its time, as they stand one after the other in the bytes. */
function rowsOf(lines: readonly string[], at: readonly number[]): { rows: Columns; bytes: Buffer } {
  const rows = columns(lines.length);
  const bytes = Buffer.from(lines.join('\n'));
  let from = 0;
  lines.forEach((line, row) => {
    rows.at[row] = at[row]!;
    rows.from[row] = from;
    rows.to[row] = from + Buffer.byteLength(line);
    from = rows.to[row]! + 1;
  });
  rows.count = lines.length;
  return { rows, bytes };
}

function marked(repeats: Repeats, lines: readonly string[], at: readonly number[]): readonly boolean[] {
  const { rows, bytes } = rowsOf(lines, at);
  const count = repeats.mark(rows, 0, rows.count, bytes);
  const flags = [...rows.flags].map((bits) => (bits & ofRepeat) !== 0);
  expect(flags.filter(Boolean)).toHaveLength(count);
  return flags;
}

describe('lines that were there before', () => {
  it('are those whose bytes are the same, in whatever call and buffer they come', () => {
    const repeats = new Repeats();
    const texts = ['', 'a', 'b', 'ab', 'ba', '\0', 'a\0', 'abcdefgh', 'abcdefgH', 'Abcdefgh', 'abcdefghé'];
    const first = [...texts, 'ab', 'abcdefgh', 'abcdefghi'];
    const isAgain = [...texts.map(() => false), true, true, false];
    expect(
      marked(
        repeats,
        first,
        first.map(() => minute),
      ),
    ).toEqual(isAgain);
    const second = ['c', ...texts.toReversed()];
    expect(
      marked(
        repeats,
        second,
        second.map(() => minute),
      ),
    ).toEqual([false, ...texts.map(() => true)]);
  });

  it('are known by their id and their columns where they have one', () => {
    const repeats = new Repeats();
    const { rows, bytes } = rowsOf(['a', 'b', 'c', 'd', 'ee'], [1, 1, 2, 1, 1]);
    rows.identity.fill(7);
    rows.host[1] = 1;
    rows.status[3] = 502;
    expect(repeats.mark(rows, 0, 5, bytes)).toBe(0);
    rows.flags.fill(0);
    expect(repeats.mark(rows, 0, 5, bytes)).toBe(5);
    rows.flags.fill(0);
    rows.identity.fill(8);
    expect(repeats.mark(rows, 0, 5, bytes)).toBe(0);
  });

  it('are told apart in tens of thousands that differ by a byte', () => {
    const lines = Array.from({ length: 50_000 }, (_, index) => `{"RayID":"${index}"}`);
    const repeats = new Repeats();
    expect(
      marked(
        repeats,
        lines,
        lines.map((_, index) => index),
      ).includes(true),
    ).toBe(false);
    expect(
      marked(
        repeats,
        lines,
        lines.map((_, index) => index),
      ).includes(false),
    ).toBe(false);
  });

  it('are remembered for a quarter of an hour of log time', () => {
    const repeats = new Repeats();
    marked(repeats, ['line'], [20 * minute]);
    repeats.forgetBefore(instant(34 * minute));
    expect(marked(repeats, ['line'], [20 * minute])).toEqual([true]);
    repeats.forgetBefore(instant(36 * minute));
    expect(marked(repeats, ['line'], [20 * minute])).toEqual([false]);
  });

  it('are forgotten, the oldest first, where there are too many to remember', () => {
    const repeats = new Repeats(1_000);
    for (let part = 0; part < 15; part++) {
      const lines = Array.from({ length: 90 }, (_, index) => `${part} ${index}`);
      marked(
        repeats,
        lines,
        lines.map(() => part * minute),
      );
    }
    expect(marked(repeats, ['14 1', '0 1'], [14 * minute, 0])).toEqual([true, false]);
  });
});

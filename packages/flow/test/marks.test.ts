import { describe, expect, it } from 'vitest';
import { Marks } from '../src/live/marks.ts';

const begin = { offset: 0, line: 0 };
const behind = (line: number) => ({ offset: line * 100, line });
const at = (seconds: number) => seconds * 1_000;

/** The place to go back to for `time` after lines of these times, each handed on by itself and agreed with by the next. */
function placeAfter(times: readonly number[], time: number) {
  const marks = new Marks(begin);
  times.forEach((seen, index) => {
    marks.add(behind(index + 1), { sure: times[index - 1] ?? Number.NEGATIVE_INFINITY, seen });
  });
  return marks.before(time);
}

describe('the place to go back to', () => {
  it('is the start of the log while nothing is known of the time of its first line', () => {
    expect(placeAfter([at(60)], at(30))).toEqual(begin);
    expect(placeAfter([at(60), at(62)], at(30))).toEqual(begin);
  });

  it('lies behind lines that are older', () => {
    expect(placeAfter([at(60), at(70), at(80), at(90)], at(75))).toEqual(behind(2));
    expect(placeAfter([at(60), at(70), at(80), at(90)], at(70))).toEqual(behind(1));
  });

  it('is not moved by a line whose stamp the next one denies', () => {
    const marks = new Marks(begin);
    marks.add(behind(1), { sure: at(50), seen: at(60) });
    marks.add(behind(2), { sure: at(60), seen: at(9_000) });
    marks.add(behind(3), { sure: at(60), seen: at(70) });
    marks.add(behind(4), { sure: at(70), seen: at(80) });
    marks.add(behind(5), { sure: at(80), seen: at(90) });
    expect(marks.before(at(75))).toEqual(behind(3));
  });

  it('waits for lines that prove a leap', () => {
    const marks = new Marks(begin);
    marks.add(behind(1), { sure: at(60), seen: at(60) });
    marks.add(behind(2), { sure: at(60), seen: at(9_000) });
    marks.add(behind(3), { sure: at(60), seen: at(9_001) });
    expect(marks.before(at(8_000))).toEqual(behind(1));
    marks.add(behind(4), { sure: at(9_001), seen: at(9_002) });
    expect(marks.before(at(9_001))).toEqual(behind(2));
  });
});

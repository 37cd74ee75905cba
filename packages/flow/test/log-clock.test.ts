import { instant, millis } from '@why502/model';
import { expect, test } from 'vitest';
import { LogClock } from '../src/log-clock.ts';

const second = 1_000;
const year = 365 * 86_400_000;
const disorder = millis(60 * second);

function clockAfter(times: readonly number[], start?: number): LogClock {
  const clock = new LogClock(disorder, start === undefined ? undefined : instant(start));
  for (const time of times) clock.see(time);
  return clock;
}

test('the watermark follows the lines, behind by the disorder', () => {
  expect(clockAfter([0, 10 * second, 20 * second]).watermark).toBe(10 * second - disorder);
});

test('lines stamped with a wrong future move nothing and make no other line late', () => {
  const times = [
    0,
    0,
    73 * year,
    73 * year,
    73 * year,
    5 * second,
    6 * second,
    73 * year,
    7 * second,
    8 * second,
  ];
  const clock = clockAfter(times);
  expect(clock.watermark).toBe(7 * second - disorder);
  expect(clock.late).toBe(0);
});

test('a pause of hours is believed once several lines agree', () => {
  const after = Array.from({ length: 9 }, (_, index) => 5 * 3_600 * second + index * second);
  expect(clockAfter([0, second, ...after.slice(0, 8)]).watermark).toBe(second - disorder);
  expect(clockAfter([0, second, ...after]).watermark).toBe(after[7]! - disorder);
});

test('lines stamped long ago move nothing back', () => {
  const clock = clockAfter([
    56 * year,
    56 * year + second,
    0,
    56 * year + 2 * second,
    56 * year + 3 * second,
  ]);
  expect(clock.watermark).toBe(56 * year + 2 * second - disorder);
  expect(clock.late).toBe(1);
});

test('all times so far can turn out to be off', () => {
  const clock = clockAfter([0, second, 2 * second], 0);
  clock.move(-3_600 * second);
  expect(clock.watermark).toBe(-3_600 * second + second - disorder);
});

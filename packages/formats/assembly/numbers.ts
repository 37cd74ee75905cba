import { dash, point, zero } from './bytes';

/** Two digits; below 0 for anything else. */
export function number2(from: usize): i32 {
  const tens = i32(load<u8>(from)) - zero;
  const ones = i32(load<u8>(from, 1)) - zero;
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
}

/** Four digits; below 0 for anything else. */
export function number4(from: usize): i32 {
  const high = number2(from);
  const low = number2(from + 2);
  return high < 0 || low < 0 ? -1 : high * 100 + low;
}

/** Three digits; below 0 for anything else. */
export function number3(from: usize): i32 {
  const hundreds = i32(load<u8>(from)) - zero;
  const rest = number2(from + 1);
  return hundreds < 0 || hundreds > 9 || rest < 0 ? -1 : hundreds * 100 + rest;
}

/** `0.123` in [from, to) as ms; -1 for `-`, and less for anything else. */
export function millisIn(from: usize, to: usize): i32 {
  const length = to - from;
  if (length === 1 && load<u8>(from) === dash) return -1;
  if (length < 5 || length > 9 || load<u8>(from + length - 4) !== point) return -2;
  let ms = 0;
  for (let i: usize = 0; i < length - 4; i++) {
    const digit = i32(load<u8>(from + i)) - zero;
    if (digit < 0 || digit > 9) return -2;
    ms = ms * 10 + digit;
  }
  const rest = number3(from + length - 3);
  return rest < 0 ? -2 : ms * 1000 + rest;
}
